import { isNode, isPair, isScalar, isSeq, type LineCounter, visit } from "yaml";
import type { Document, Node, Pair, Scalar } from "yaml";
import type { Fault } from "../../config/reading/errors";
import { ambiguity } from "./go-yaml";

/** Faults of valid YAML that the CLI might read differently. */
export function readingFaults(document: Document, lines: LineCounter): Fault[] {
  const faults: Fault[] = [];
  const check = (node: Node, ancestors: Ancestors, fault: Finding | undefined) => {
    const { line } = lines.linePos(node.range?.[0] ?? 0);
    if (fault) faults.push({ path: pathTo(ancestors, node), line, ...fault });
  };
  visit(document, {
    Pair: (_, pair, path) => void (isNode(pair.key) && check(pair.key, [...path, pair], keyFault(pair.key))),
    Scalar: (_, scalar, path) => check(scalar, path, tagFault(scalar) ?? scalarFault(scalar)),
    Collection: (_, collection, path) => check(collection, path, tagFault(collection)),
  });
  return faults;
}

type Finding = Pick<Fault, "found" | "expected" | "remedy">;
type Ancestors = readonly (Document | Node | Pair)[];

/** Path of a node below `config`, in the format of the schema's faults: keys and indices with dots between. */
function pathTo(ancestors: Ancestors, node: Node): string {
  const steps = ancestors.flatMap((step, index) => {
    const next = ancestors[index + 1] ?? node;
    if (isPair(step)) return [isScalar(step.key) ? String(step.key.source ?? step.key.value) : "?"];
    return isSeq(step) ? [String(step.items.indexOf(next))] : [];
  });
  const [first, ...rest] = steps;
  const below = first === "config" && rest.length > 0 ? rest : steps;
  return below.length === 0 ? "the file" : below.join(".");
}

function tagFault({ tag }: Node & { tag?: string }): Finding | undefined {
  if (tag === undefined || tag === "tag:yaml.org,2002:str") return undefined;
  return {
    found: `the tag ${tag}`,
    expected: "a value without a tag",
    remedy: "remove the tag, and quote the value if it is text",
  };
}

function scalarFault({ value, source, type, srcToken }: Scalar): Finding | undefined {
  const quoted =
    srcToken?.type === "double-quoted-scalar" && /(?:^|[^\\])(?:\\\\)*\\\//.test(srcToken.source);
  if (quoted)
    return {
      found: String.raw`the escape \/`,
      expected: "/ without a backslash",
      remedy: "remove the backslash",
    };
  if (type !== "PLAIN") return undefined;
  const what = ambiguity(source ?? "");
  if (what !== undefined && /^[a-z]/i.test(source ?? ""))
    return {
      found: `${source} without quotes, ${what}`,
      expected: "true or false, or text in quotes",
      remedy: "write true or false, or put it in quotes",
    };
  if (what !== undefined)
    return {
      found: `${source} without quotes, ${what}`,
      expected: "text in quotes, or a plain decimal number",
      remedy: `put it in quotes ("${source}") if it is text, otherwise write the number in full`,
    };
  const inexact = typeof value === "number" && Math.abs(value) >= 2 ** 53;
  if (!inexact) return undefined;
  return {
    found: `${source}, a number that can't be represented exactly`,
    expected: "text in quotes, or a smaller number",
    remedy: "put it in quotes if it is text",
  };
}

function keyFault(key: Node): Finding | undefined {
  if (!isScalar(key))
    return { found: "a key that isn't text", expected: "text", remedy: "use text as the key" };
  const { value, type } = key;
  if (value === null) return { found: "an empty key", expected: "text", remedy: "give the key a name" };
  const merge = value === "<<" && type !== "PLAIN";
  return merge ? { found: 'the key "<<"', expected: "another name", remedy: "rename it" } : undefined;
}
