import * as fs from "node:fs";
import * as path from "node:path";
import * as ts from "typescript";

/** Type of a property. `any` if the SDK's type is unspecific, or allows text or an object. */
export type Shape =
  | { kind: "text" | "number" | "flag" | "any" }
  | { kind: "list"; of: Shape }
  | { kind: "map"; of: Shape }
  | { kind: "object"; name: string };

export interface Property {
  shape: Shape;
  required: boolean;
}

export type Properties = Record<string, Property>;

export interface ResourceSchema {
  inputs: Properties;
  /** Every output; `always`: it always has a value. */
  outputs: Record<string, { shape: Shape; always: boolean }>;
  /** Inputs that are documented to replace the resource. */
  replaceDocumented: string[];
}

/** Schema of some types of one provider's SDK, as plain data. */
export interface PackageSchema {
  resources: Record<string, ResourceSchema>;
  objects: Record<string, Properties>;
}

/**
 * Reads the schema of resource types from an SDK's `.d.ts` files, so that required inputs and outputs always match the
 * installed version.
 *
 * @param root Folder of the package, `node_modules/@pulumi/aws`.
 * @param tokens Type tokens such as `aws:rds/instance:Instance`.
 */
export function readSchema(root: string, tokens: readonly string[]): PackageSchema {
  const schema: PackageSchema = { resources: {}, objects: {} };
  for (const token of tokens) schema.resources[token] = readResource(root, token);
  const open = Object.values(schema.resources).flatMap(({ inputs }) => objectNames(inputs));
  if (open.length === 0) return schema;
  const declared = declarations(path.join(root, "types/input.d.ts"));
  for (let name = open.pop(); name !== undefined; name = open.pop()) {
    const found = declared.get(name);
    if (name in schema.objects || found === undefined) continue;
    const properties = mapMembers(found.members);
    schema.objects[name] = properties;
    open.push(...objectNames(properties));
  }
  return schema;
}

/** `aws:rds/instance:Instance` is in `rds/instance.d.ts`, `kubernetes:apps/v1:Deployment` in `apps/v1/deployment.d.ts`. */
function moduleFile(root: string, token: string): string {
  const [, module = "", name = ""] = token.split(":");
  const lower = name.charAt(0).toLowerCase() + name.slice(1);
  const [group = "", version = ""] = module.split("/");
  const candidates = [
    `${module.replace(/^index\//, "")}.d.ts`,
    `${group.split(".")[0]}/${version}/${lower}.d.ts`,
  ].map((file) => path.join(root, file));
  const found = candidates.find((file) => fs.existsSync(file));
  if (found === undefined)
    throw new Error(`${token}: the SDK has no such type (looked for ${candidates.join(", ")})`);
  return found;
}

function readResource(root: string, token: string): ResourceSchema {
  const file = moduleFile(root, token);
  const name = token.split(":")[2] ?? "";
  const source = parse(file);
  const args = source.statements.find(
    (s): s is ts.InterfaceDeclaration => ts.isInterfaceDeclaration(s) && s.name.text === `${name}Args`,
  );
  const type = source.statements.find(
    (s): s is ts.ClassDeclaration => ts.isClassDeclaration(s) && s.name?.text === name,
  );
  if (args === undefined || type === undefined)
    throw new Error(`${token}: ${file} doesn't declare ${name} and ${name}Args`);
  const outputs: ResourceSchema["outputs"] = {};
  for (const member of type.members)
    if (ts.isPropertyDeclaration(member) && member.type !== undefined && isReadonlyInstance(member))
      outputs[member.name.getText(source)] = {
        shape: shapeOf(member.type),
        always: !isOptional(member.type),
      };
  const replaceDocumented = args.members
    .filter((member) =>
      /forces? (a )?(new resource|replacement|recreation)|forces the creation/i.test(
        documentation(source, member),
      ),
    )
    .map((member) => member.name?.getText(source) ?? "");
  return { inputs: mapMembers(args.members), outputs, replaceDocumented };
}

function mapMembers(members: ts.NodeArray<ts.TypeElement>): Properties {
  const properties: Properties = {};
  for (const member of members) {
    if (!ts.isPropertySignature(member) || member.type === undefined) continue;
    const name =
      ts.isIdentifier(member.name) || ts.isStringLiteral(member.name) ? member.name.text : undefined;
    if (name !== undefined)
      properties[name] = { shape: shapeOf(member.type), required: member.questionToken === undefined };
  }
  return properties;
}

function shapeOf(node: ts.TypeNode): Shape {
  if (ts.isParenthesizedTypeNode(node)) return shapeOf(node.type);
  if (ts.isArrayTypeNode(node)) return { kind: "list", of: shapeOf(node.elementType) };
  if (ts.isLiteralTypeNode(node)) return { kind: ts.isStringLiteral(node.literal) ? "text" : "any" };
  if (ts.isUnionTypeNode(node))
    return union(node.types.filter((type) => type.kind !== ts.SyntaxKind.UndefinedKeyword));
  if (ts.isTypeLiteralNode(node)) {
    const index = node.members.find(ts.isIndexSignatureDeclaration);
    return index === undefined ? { kind: "any" } : { kind: "map", of: shapeOf(index.type) };
  }
  if (ts.isTypeReferenceNode(node)) return reference(node);
  if (node.kind === ts.SyntaxKind.StringKeyword) return { kind: "text" };
  if (node.kind === ts.SyntaxKind.NumberKeyword) return { kind: "number" };
  if (node.kind === ts.SyntaxKind.BooleanKeyword) return { kind: "flag" };
  return { kind: "any" };
}

function reference(node: ts.TypeReferenceNode): Shape {
  const name = entityName(node.typeName);
  const argument = node.typeArguments?.[0];
  if ((name === "pulumi.Input" || name === "pulumi.Output") && argument !== undefined)
    return shapeOf(argument);
  if (name.startsWith("inputs.")) return { kind: "object", name: name.slice("inputs.".length) };
  if (name.startsWith("enums.") || name === "ARN") return { kind: "text" };
  return { kind: "any" };
}

function union(types: readonly ts.TypeNode[]): Shape {
  const shapes = types.map(shapeOf);
  const kinds = new Set(shapes.map(({ kind }) => kind));
  const only = shapes[0];
  return kinds.size === 1 && only !== undefined && (shapes.length === 1 || only.kind === "text")
    ? only
    : { kind: "any" };
}

function entityName(name: ts.EntityName): string {
  return ts.isIdentifier(name) ? name.text : `${entityName(name.left)}.${name.right.text}`;
}

function isOptional(node: ts.TypeNode): boolean {
  if (ts.isUnionTypeNode(node))
    return node.types.some((type) => type.kind === ts.SyntaxKind.UndefinedKeyword);
  const argument = ts.isTypeReferenceNode(node) ? node.typeArguments?.[0] : undefined;
  return argument !== undefined && isOptional(argument);
}

function isReadonlyInstance(member: ts.PropertyDeclaration): boolean {
  const kinds = (member.modifiers ?? []).map(({ kind }) => kind);
  return kinds.includes(ts.SyntaxKind.ReadonlyKeyword) && !kinds.includes(ts.SyntaxKind.StaticKeyword);
}

function documentation(source: ts.SourceFile, node: ts.Node): string {
  return source.text.slice(node.getFullStart(), node.getStart(source));
}

function objectNames(properties: Properties): string[] {
  const names = (shape: Shape): string[] => {
    if (shape.kind === "object") return [shape.name];
    return shape.kind === "list" || shape.kind === "map" ? names(shape.of) : [];
  };
  return Object.values(properties).flatMap(({ shape }) => names(shape));
}

/** The interfaces of a file by qualified name: `apps.v1.DeploymentSpec`. */
function declarations(file: string): Map<string, ts.InterfaceDeclaration> {
  const found = new Map<string, ts.InterfaceDeclaration>();
  const visit = (statements: readonly ts.Statement[], prefix: string) => {
    for (const statement of statements) {
      if (ts.isInterfaceDeclaration(statement)) found.set(prefix + statement.name.text, statement);
      else if (
        ts.isModuleDeclaration(statement) &&
        statement.body !== undefined &&
        ts.isModuleBlock(statement.body)
      )
        visit(statement.body.statements, `${prefix}${statement.name.text}.`);
    }
  };
  visit(parse(file).statements, "");
  return found;
}

function parse(file: string): ts.SourceFile {
  return ts.createSourceFile(file, fs.readFileSync(file, "utf8"), ts.ScriptTarget.ES2022, false);
}
