package main

import (
	"fmt"
	"go/ast"
	"go/parser"
	"go/token"
	"os"
	"path/filepath"
	"regexp"
	"strconv"
	"strings"
)

const module = "github.com/hashicorp/terraform-provider-aws/"

// loader parses packages of the checkout when they are asked for.
type loader struct {
	root string
	pkgs map[string]*pkg
}

type pkg struct {
	fset  *token.FileSet
	files []*ast.File
}

// scope is where an expression stands: names are looked up in its function, file and package.
type scope struct {
	pkg      *pkg
	function *ast.FuncDecl
	file     *ast.File
}

func newLoader(root string) *loader { return &loader{root, map[string]*pkg{}} }

// load parses a folder of the checkout; nil if there is none.
func (l *loader) load(folder string) *pkg {
	if found, ok := l.pkgs[folder]; ok {
		return found
	}
	l.pkgs[folder] = nil
	names, err := filepath.Glob(filepath.Join(l.root, folder, "*.go"))
	if err != nil || len(names) == 0 {
		return nil
	}
	p := &pkg{fset: token.NewFileSet()}
	for _, name := range names {
		if strings.HasSuffix(name, "_test.go") {
			continue
		}
		file, err := parser.ParseFile(p.fset, name, nil, parser.SkipObjectResolution)
		if err != nil {
			fmt.Fprintln(os.Stderr, err)
			os.Exit(2)
		}
		p.files = append(p.files, file)
	}
	l.pkgs[folder] = p
	return p
}

var typeName = regexp.MustCompile(`TypeName:\s+"(aws_\w+)"`)

// resources finds every resource by its type, in what the service packages register.
func (l *loader) resources() (map[string]resource, error) {
	folders, err := filepath.Glob(filepath.Join(l.root, "internal", "service", "*"))
	if err != nil || len(folders) == 0 {
		return nil, fmt.Errorf("%s is no checkout of terraform-provider-aws: it has no internal/service", l.root)
	}
	found := map[string]resource{}
	for _, folder := range folders {
		relative, _ := filepath.Rel(l.root, folder)
		names, _ := filepath.Glob(filepath.Join(folder, "*ervice*ackage*.go"))
		for _, name := range names {
			text, err := os.ReadFile(name)
			if err != nil || !typeName.Match(text) {
				continue
			}
			file, err := parser.ParseFile(token.NewFileSet(), name, text, 0)
			if err != nil {
				return nil, err
			}
			ast.Inspect(file, func(node ast.Node) bool {
				function, ok := node.(*ast.FuncDecl)
				if !ok {
					return true
				}
				if function.Name.Name == "SDKResources" || function.Name.Name == "FrameworkResources" {
					l.registered(function, relative, found)
				}
				return false
			})
		}
	}
	return found, nil
}

func (l *loader) registered(function *ast.FuncDecl, folder string, found map[string]resource) {
	ast.Inspect(function, func(node ast.Node) bool {
		literal, ok := node.(*ast.CompositeLit)
		if !ok {
			return true
		}
		fields := fieldsOf(literal)
		name, isName := fields["TypeName"].(*ast.BasicLit)
		factory, isFactory := fields["Factory"].(*ast.Ident)
		if isName && isFactory {
			text, _ := strconv.Unquote(name.Value)
			region := false
			if value, ok := fields["Region"]; ok {
				ast.Inspect(value, func(node ast.Node) bool {
					if ident, ok := node.(*ast.Ident); ok && ident.Name == "ResourceRegionDefault" {
						region = true
					}
					return true
				})
			}
			found[text] = resource{l.load(folder), factory.Name, region}
		}
		return true
	})
}

func (p *pkg) position(node ast.Node) string {
	if node == nil {
		return "?"
	}
	at := p.fset.Position(node.Pos())
	return fmt.Sprintf("%s:%d", filepath.Base(at.Filename), at.Line)
}

func (p *pkg) function(name string) *ast.FuncDecl { return p.method("", name) }

func (p *pkg) method(receiver, name string) *ast.FuncDecl {
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			if function, ok := declaration.(*ast.FuncDecl); ok && function.Name.Name == name && receiverOf(function) == receiver {
				return function
			}
		}
	}
	return nil
}

func receiverOf(function *ast.FuncDecl) string {
	if function.Recv == nil {
		return ""
	}
	kind := function.Recv.List[0].Type
	if star, ok := kind.(*ast.StarExpr); ok {
		kind = star.X
	}
	if ident, ok := kind.(*ast.Ident); ok {
		return ident.Name
	}
	return "?"
}

func (p *pkg) fileOf(function *ast.FuncDecl) *ast.File {
	for _, file := range p.files {
		if file.FileStart <= function.Pos() && function.Pos() <= file.FileEnd {
			return file
		}
	}
	return nil
}

// schemaMethod is the method Schema of what a factory of the plugin framework returns.
func (p *pkg) schemaMethod(factory *ast.FuncDecl) *ast.FuncDecl {
	var found *ast.FuncDecl
	ast.Inspect(factory, func(node ast.Node) bool {
		if literal, ok := node.(*ast.CompositeLit); ok && found == nil {
			if ident, ok := literal.Type.(*ast.Ident); ok {
				found = p.inherited(ident.Name, "Schema")
			}
		}
		return found == nil
	})
	return found
}

// inherited is a method of a type, or of one that it embeds.
func (p *pkg) inherited(kind, name string) *ast.FuncDecl {
	if method := p.method(kind, name); method != nil {
		return method
	}
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				structure, ok := structOf(spec, kind)
				if !ok {
					continue
				}
				for _, field := range structure.Fields.List {
					if ident, ok := field.Type.(*ast.Ident); ok && len(field.Names) == 0 {
						if method := p.inherited(ident.Name, name); method != nil {
							return method
						}
					}
				}
			}
		}
	}
	return nil
}

func structOf(spec ast.Spec, name string) (*ast.StructType, bool) {
	kind, ok := spec.(*ast.TypeSpec)
	if !ok || kind.Name.Name != name {
		return nil, false
	}
	structure, ok := kind.Type.(*ast.StructType)
	return structure, ok
}

// value is what a package-level variable or constant is set to.
func (p *pkg) value(name string) (ast.Expr, *ast.File) {
	for _, file := range p.files {
		for _, declaration := range file.Decls {
			general, ok := declaration.(*ast.GenDecl)
			if !ok {
				continue
			}
			for _, spec := range general.Specs {
				if values, ok := spec.(*ast.ValueSpec); ok {
					for index, ident := range values.Names {
						if ident.Name == name && index < len(values.Values) {
							return values.Values[index], file
						}
					}
				}
			}
		}
	}
	return nil, nil
}

// resolve follows an expression to a literal: through &, calls of functions, variables and function literals.
func (l *loader) resolve(s scope, expr ast.Expr) (scope, ast.Expr) {
	for range 20 {
		switch node := expr.(type) {
		case *ast.UnaryExpr:
			expr = node.X
		case *ast.ParenExpr:
			expr = node.X
		case *ast.FuncLit:
			expr = returned(node.Body)
		case *ast.CallExpr:
			if selector, ok := node.Fun.(*ast.SelectorExpr); ok && (selector.Sel.Name == "OnceValue" || selector.Sel.Name == "Clone") {
				expr = node.Args[0]
				continue
			}
			next, to := l.target(s, node.Fun)
			if to == nil {
				return s, node
			}
			s, expr = next, to
		case *ast.Ident:
			next, to := l.named(s, node.Name)
			if to == nil {
				return s, node
			}
			s, expr = next, to
		case *ast.SelectorExpr:
			next, to := l.target(s, node)
			if to == nil {
				return s, node
			}
			s, expr = next, to
		default:
			return s, expr
		}
		if expr == nil {
			return s, &ast.BadExpr{}
		}
	}
	return s, expr
}

// target is what a called function returns.
func (l *loader) target(s scope, called ast.Expr) (scope, ast.Expr) {
	switch called := called.(type) {
	case *ast.Ident:
		return l.named(s, called.Name)
	case *ast.FuncLit:
		return s, returned(called.Body)
	case *ast.IndexExpr:
		return l.target(s, called.X)
	case *ast.SelectorExpr:
		if ident, ok := called.X.(*ast.Ident); ok {
			if other := l.imported(s.file, ident.Name); other != nil {
				return l.named(scope{pkg: other}, called.Sel.Name)
			}
			// A method of the resource itself.
			if s.function != nil && s.function.Recv != nil {
				if method := s.pkg.method(receiverOf(s.function), called.Sel.Name); method != nil {
					return scope{s.pkg, method, s.pkg.fileOf(method)}, returned(method.Body)
				}
			}
		}
	}
	return s, nil
}

func (l *loader) imported(file *ast.File, name string) *pkg {
	if file == nil {
		return nil
	}
	for _, each := range file.Imports {
		path, _ := strconv.Unquote(each.Path.Value)
		known := filepath.Base(path)
		if each.Name != nil {
			known = each.Name.Name
		}
		if known == name && strings.HasPrefix(path, module) {
			return l.load(strings.TrimPrefix(path, module))
		}
	}
	return nil
}

// named is a variable of the function, what a function of the package returns, or a variable of the package.
func (l *loader) named(s scope, name string) (scope, ast.Expr) {
	if s.function != nil {
		if value := assigned(s.function.Body, name); value != nil {
			return s, value
		}
	}
	if function := s.pkg.function(name); function != nil {
		return scope{s.pkg, function, s.pkg.fileOf(function)}, returned(function.Body)
	}
	if value, file := s.pkg.value(name); value != nil {
		return scope{s.pkg, nil, file}, value
	}
	return s, nil
}

func assigned(body *ast.BlockStmt, name string) ast.Expr {
	var found ast.Expr
	ast.Inspect(body, func(node ast.Node) bool {
		if statement, ok := node.(*ast.AssignStmt); ok && statement.Tok == token.DEFINE && found == nil {
			for index, left := range statement.Lhs {
				if ident, ok := left.(*ast.Ident); ok && ident.Name == name && index < len(statement.Rhs) {
					found = statement.Rhs[index]
				}
			}
		}
		return found == nil
	})
	return found
}

func returned(body *ast.BlockStmt) ast.Expr {
	for _, statement := range body.List {
		if back, ok := statement.(*ast.ReturnStmt); ok && len(back.Results) > 0 {
			return back.Results[0]
		}
	}
	return nil
}

type entry struct{ key, value ast.Expr }

// added: entries that the function assigns to the map of a literal.
func (s scope) added(literal *ast.CompositeLit) []entry {
	var found []entry
	if s.function == nil {
		return nil
	}
	ast.Inspect(s.function.Body, func(node ast.Node) bool {
		statement, ok := node.(*ast.AssignStmt)
		if !ok || len(statement.Lhs) != 1 || len(statement.Rhs) != 1 {
			return true
		}
		if index, ok := statement.Lhs[0].(*ast.IndexExpr); ok {
			if ident, ok := index.X.(*ast.Ident); ok && assigned(s.function.Body, ident.Name) == ast.Expr(literal) {
				found = append(found, entry{index.Index, statement.Rhs[0]})
			}
		}
		return true
	})
	return found
}

// literalOf is the first literal of a type in a function.
func literalOf(body *ast.BlockStmt, kind string) *ast.CompositeLit {
	var found *ast.CompositeLit
	ast.Inspect(body, func(node ast.Node) bool {
		if literal, ok := node.(*ast.CompositeLit); ok && found == nil {
			if selector, ok := literal.Type.(*ast.SelectorExpr); ok {
				if ident, ok := selector.X.(*ast.Ident); ok && ident.Name+"."+selector.Sel.Name == kind {
					found = literal
				}
			}
		}
		return found == nil
	})
	return found
}

func fieldsOf(literal *ast.CompositeLit) map[string]ast.Expr {
	fields := map[string]ast.Expr{}
	for _, element := range literal.Elts {
		if pair, ok := element.(*ast.KeyValueExpr); ok {
			if key, ok := pair.Key.(*ast.Ident); ok {
				fields[key.Name] = pair.Value
			}
		}
	}
	return fields
}

func isTrue(expr ast.Expr) bool {
	ident, ok := expr.(*ast.Ident)
	return ok && ident.Name == "true"
}

// text is a string: a literal, or a constant.
func (l *loader) text(s scope, expr ast.Expr) (string, bool) {
	_, expr = l.resolve(s, expr)
	literal, ok := expr.(*ast.BasicLit)
	if !ok {
		return "", false
	}
	text, err := strconv.Unquote(literal.Value)
	return text, err == nil
}
