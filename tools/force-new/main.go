// Prints which arguments of Terraform resources replace the resource, read from a checkout of
// hashicorp/terraform-provider-aws: ForceNew in the schemas of the plugin SDK, RequiresReplace in those of the plugin
// framework.
//
//	go run . <checkout> aws_db_instance aws_s3_bucket …
//
// The output is JSON: by type the paths of arguments (`access_config.authentication_mode`), each "always" or
// "sometimes". `vpc_options.#` is the number of blocks: adding or removing one replaces, a change inside doesn't.
// "Sometimes" depends on values: RequiresReplaceIf, and CustomizeDiff. A type that the checkout doesn't have, and an
// expression that this program can't follow, end it with exit code 1.
package main

import (
	"encoding/json"
	"fmt"
	"go/ast"
	"os"
	"regexp"
	"slices"
	"strconv"
	"strings"
)

const (
	always    = "always"
	sometimes = "sometimes"
)

// resource is one entry of SDKResources or FrameworkResources.
type resource struct {
	pkg     *pkg
	factory string
	// regional: it has the argument `region`, whose change replaces it.
	regional bool
}

type reader struct {
	*loader
	paths    map[string]string
	problems []string
	// reading: literals that contain the current one. A schema that contains itself adds no other arguments.
	reading map[ast.Expr]bool
}

func (r *reader) problem(pkg *pkg, node ast.Node, what string) {
	r.problems = append(r.problems, fmt.Sprintf("%s: %s", pkg.position(node), what))
}

func (r *reader) add(path, how string) {
	if r.paths[path] != always {
		r.paths[path] = how
	}
}

// arguments reads a map of schemas: `map[string]*schema.Schema{…}`, or what returns one.
func (r *reader) arguments(s scope, expr ast.Expr, prefix string) {
	s, expr = r.resolve(s, expr)
	literal, ok := expr.(*ast.CompositeLit)
	if !ok {
		r.problem(s.pkg, expr, "is no literal of a map")
		return
	}
	if r.reading[literal] {
		return
	}
	r.reading[literal] = true
	defer delete(r.reading, literal)
	for _, element := range literal.Elts {
		pair := element.(*ast.KeyValueExpr)
		name, ok := r.text(s, pair.Key)
		if !ok {
			r.problem(s.pkg, pair.Key, "is a key that can't be read")
			continue
		}
		if name == "timeouts" {
			continue
		}
		r.argument(s, pair.Value, prefix+name)
	}
	// `s["name"] = &schema.Schema{…}` after the literal.
	for _, added := range s.added(literal) {
		if name, ok := r.text(s, added.key); ok {
			r.argument(s, added.value, prefix+name)
		}
	}
}

// cached are functions whose schemas come out of a cache of their own: WAF's statements, which contain each other. None
// has ForceNew.
var cached = []string{"statementSchema"}

func (r *reader) argument(s scope, expr ast.Expr, path string) {
	if call, ok := expr.(*ast.CallExpr); ok {
		if ident, ok := call.Fun.(*ast.Ident); ok && slices.Contains(cached, ident.Name) {
			return
		}
		// Plan modifiers that a function gets.
		if how := replacing(call); how != "" {
			r.add(path, how)
		}
	}
	s, expr = r.resolve(s, expr)
	literal, ok := expr.(*ast.CompositeLit)
	if !ok {
		r.problem(s.pkg, expr, path+" is no literal of a schema")
		return
	}
	fields := fieldsOf(literal)
	inner := path + "."
	if computed(fields) {
		return
	}
	if isTrue(fields["ForceNew"]) {
		// Of a block only the number counts; its arguments have their own ForceNew.
		if !r.isBlock(s, fields) {
			r.add(path, always)
			return
		}
		r.add(inner+"#", always)
	}
	if modifiers, ok := fields["PlanModifiers"]; ok {
		if how := replacing(modifiers); how != "" {
			r.add(path, how)
			if how == always {
				return
			}
		}
	}
	r.nested(s, fields, inner)
}

// isBlock: the elements of an argument of the plugin SDK have arguments of their own.
func (r *reader) isBlock(s scope, fields map[string]ast.Expr) bool {
	elem, ok := fields["Elem"]
	if !ok {
		return false
	}
	_, elem = r.resolve(s, elem)
	literal, ok := elem.(*ast.CompositeLit)
	if !ok {
		return false
	}
	_, isSchema := fieldsOf(literal)["Schema"]
	_, isFunction := fieldsOf(literal)["SchemaFunc"]
	return isSchema || isFunction
}

// nested reads what is inside an argument: Elem of the plugin SDK; Attributes, Blocks and NestedObject of the framework.
func (r *reader) nested(s scope, fields map[string]ast.Expr, prefix string) {
	for _, key := range []string{"Schema", "SchemaFunc", "Attributes", "Blocks"} {
		if value, ok := fields[key]; ok {
			r.arguments(s, value, prefix)
		}
	}
	for _, key := range []string{"Elem", "NestedObject"} {
		value, ok := fields[key]
		if !ok {
			continue
		}
		at, value := r.resolve(s, value)
		literal, ok := value.(*ast.CompositeLit)
		if !ok {
			r.problem(at.pkg, value, prefix+key+" is no literal")
			continue
		}
		// The schema of an element, which is no argument of its own, has neither.
		r.nested(at, fieldsOf(literal), prefix)
	}
}

// computed: only the cloud sets it.
func computed(fields map[string]ast.Expr) bool {
	return isTrue(fields["Computed"]) && !isTrue(fields["Optional"]) && !isTrue(fields["Required"])
}

// replacing finds RequiresReplace among plan modifiers.
func replacing(modifiers ast.Expr) string {
	how := ""
	ast.Inspect(modifiers, func(node ast.Node) bool {
		name := ""
		switch node := node.(type) {
		case *ast.SelectorExpr:
			name = node.Sel.Name
		case *ast.Ident:
			name = node.Name
		}
		switch {
		case strings.EqualFold(name, "RequiresReplace"), name == "RequiresReplaceIfConfigured":
			how = always
		case strings.Contains(strings.ToLower(name), "requiresreplace") && how == "":
			how = sometimes
		}
		return true
	})
	return how
}

// conditions reads CustomizeDiff: `customdiff.ForceNewIfChange("name", …)` and `diff.ForceNew("name")`.
func (r *reader) conditions(s scope, node ast.Node, seen map[string]bool) {
	ast.Inspect(node, func(node ast.Node) bool {
		if ident, ok := node.(*ast.Ident); ok && !seen[ident.Name] {
			if function := s.pkg.function(ident.Name); function != nil && function.Body != nil {
				seen[ident.Name] = true
				r.conditions(scope{s.pkg, function, s.file}, function.Body, seen)
			}
		}
		call, ok := node.(*ast.CallExpr)
		if !ok || len(call.Args) == 0 {
			return true
		}
		if selector, ok := call.Fun.(*ast.SelectorExpr); ok && strings.HasPrefix(selector.Sel.Name, "ForceNew") {
			if name, ok := r.text(s, call.Args[0]); ok {
				r.add(strings.ReplaceAll(name, ".0", ""), sometimes)
			} else {
				// A loop over names, which stand in the same function.
				r.everyName(s)
			}
		}
		return true
	})
}

var argumentName = regexp.MustCompile(`^[a-z][a-z0-9]*(_[a-z0-9]+)+$`)

func (r *reader) everyName(s scope) {
	ast.Inspect(s.function, func(node ast.Node) bool {
		if literal, ok := node.(*ast.BasicLit); ok {
			if name, err := strconv.Unquote(literal.Value); err == nil && argumentName.MatchString(name) {
				r.add(name, sometimes)
			}
		}
		return true
	})
}

func (r *reader) read(each resource) {
	function := each.pkg.function(each.factory)
	if function == nil {
		r.problem(each.pkg, nil, each.factory+" isn't there")
		return
	}
	s := scope{each.pkg, function, each.pkg.fileOf(function)}
	if each.regional {
		r.add("region", always)
	}
	if schemaOf := each.pkg.schemaMethod(function); schemaOf != nil {
		s = scope{each.pkg, schemaOf, each.pkg.fileOf(schemaOf)}
		literal := literalOf(schemaOf.Body, "schema.Schema")
		if literal == nil {
			r.problem(s.pkg, schemaOf, "has no schema")
			return
		}
		r.nested(s, fieldsOf(literal), "")
		return
	}
	literal := literalOf(function.Body, "schema.Resource")
	if literal == nil {
		r.problem(s.pkg, function, "returns no resource")
		return
	}
	fields := fieldsOf(literal)
	r.nested(s, fields, "")
	if customize, ok := fields["CustomizeDiff"]; ok {
		r.conditions(s, customize, map[string]bool{})
	}
}

func main() {
	if len(os.Args) < 3 {
		fmt.Fprintln(os.Stderr, "usage: go run . <checkout of terraform-provider-aws> <type> …")
		os.Exit(2)
	}
	loader := newLoader(os.Args[1])
	resources, err := loader.resources()
	if err != nil {
		fmt.Fprintln(os.Stderr, err)
		os.Exit(2)
	}
	found := map[string]map[string]string{}
	var problems []string
	for _, name := range os.Args[2:] {
		each, ok := resources[name]
		if !ok {
			problems = append(problems, name+": the checkout has no such resource")
			continue
		}
		r := &reader{loader: loader, paths: map[string]string{}, reading: map[ast.Expr]bool{}}
		r.read(each)
		found[name] = r.paths
		for _, problem := range r.problems {
			problems = append(problems, name+": "+problem)
		}
	}
	text, err := json.MarshalIndent(found, "", "  ")
	if err != nil {
		panic(err)
	}
	fmt.Println(string(text))
	slices.Sort(problems)
	for _, problem := range problems {
		fmt.Fprintln(os.Stderr, problem)
	}
	if len(problems) > 0 {
		os.Exit(1)
	}
}
