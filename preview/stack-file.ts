import { isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Document, Node, Pair, Scalar, ScalarTag } from "yaml";

import { ConfigError, type Fault } from "../config/errors";
import { goJson, goScalar, LOCAL_TIME, type Plain } from "./go-yaml";

/** A stack's configuration as the engine passes it to the program. */
export interface StackConfig {
  /** `namespace:key` → text; objects and lists as JSON. */
  config: Record<string, string>;
  /** Keys whose value is, or holds, a secret. */
  secretKeys: string[];
}

/** The keys of a stack file: its configuration, and what the CLI writes there itself. */
const TOP_LEVEL = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/** What the program gets in place of a secret, which can't be decrypted here. */
const SECRET = "[secret]";

/**
 * Reads a stack file as the CLI does, to the letter: the CLI (Go, yaml.v3) takes an unquoted `1.30` for
 * the number 1.3, `012` for an octal one, a date for a point in time, and `yes` for text. What this
 * reader can't be sure to read alike, it refuses.
 *
 * @throws ConfigError with every fault of the file.
 */
export function readStackFile(
  text: string,
  { file, project }: { file: string; project: string },
): StackConfig {
  const lines = new LineCounter();
  const document = parseDocument(text, {
    schema: "failsafe",
    merge: true,
    customTags: (tags) => [UNQUOTED, ...tags],
    keepSourceTokens: true,
    lineCounter: lines,
  });
  const faults = syntaxFaults(text, document);
  if (faults.length === 0) faults.push(...readingFaults(document, lines));
  if (faults.length > 0) throw new ConfigError(file, faults);
  return configOf(file, project, toPlain(file, document));
}

/** Unquoted scalars that aren't text. */
const UNQUOTED: ScalarTag = {
  tag: "unquoted",
  default: true,
  test: /^(?:[-+.\d].*|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|)$/s,
  resolve: goScalar,
};

/** Characters that the CLI refuses: all but tab, line ends and what can be printed. */
const CONTROL = /[\0-\x08\x0b\x0c\x0e-\x1f\x7f\x80-\x84\x86-\x9f\ufffe\uffff]/;

function syntaxFaults(text: string, document: Document): Fault[] {
  const faults = document.errors.map(({ message, linePos }) => ({
    path: `line ${linePos?.[0].line ?? 1}`,
    found: "what isn't YAML",
    expected: message.split(/:?\n| at line /, 1)[0] ?? message,
  }));
  const control = CONTROL.exec(text);
  if (control) {
    const path = `line ${text.slice(0, control.index).split("\n").length}`;
    faults.push({ path, found: "a control character", expected: "remove it" });
  }
  if (document.directives?.yaml.explicit) {
    faults.push({ path: "line 1", found: "a %YAML directive", expected: "remove it" });
  }
  return faults;
}

/** What is YAML, but might not be what the CLI reads. */
function readingFaults(document: Document, lines: LineCounter): Fault[] {
  const faults: Fault[] = [];
  const check = (node: Node, fault: Pick<Fault, "found" | "expected"> | undefined) => {
    const { line } = lines.linePos(node.range?.[0] ?? 0);
    if (fault) faults.push({ path: `line ${line}`, ...fault });
  };
  visit(document, {
    Pair: (_, { key }) => void (isNode(key) && check(key, keyFault(key))),
    Scalar: (_, scalar) => check(scalar, tagFault(scalar) ?? scalarFault(scalar)),
    Collection: (_, collection) => check(collection, tagFault(collection)),
  });
  return faults;
}

function tagFault({ tag }: Node & { tag?: string }): Pick<Fault, "found" | "expected"> | undefined {
  if (tag === undefined || tag === "tag:yaml.org,2002:str") return undefined;
  return { found: `the tag ${tag}`, expected: "write the value without it, in quotes if it is text" };
}

function scalarFault({
  value,
  source,
  type,
  srcToken,
}: Scalar): Pick<Fault, "found" | "expected"> | undefined {
  const quoted =
    srcToken?.type === "double-quoted-scalar" && /(?:^|[^\\])(?:\\\\)*\\\//.test(srcToken.source);
  if (quoted) return { found: String.raw`the escape \/`, expected: "write / alone" };
  if (type !== "PLAIN") return undefined;
  const expected = "put it in quotes";
  if (LOCAL_TIME.test(source ?? "")) return { found: `a time with an offset, ${source}`, expected };
  const inexact = typeof value === "number" && (!Number.isFinite(value) || Math.abs(value) >= 2 ** 53);
  return inexact ? { found: `${source}, a number that isn't exact`, expected } : undefined;
}

function keyFault(key: Node): Pick<Fault, "found" | "expected"> | undefined {
  if (!isScalar(key)) return { found: "a key that isn't text", expected: "name the key" };
  const { value, type } = key;
  if (value === null) return { found: "an empty key", expected: "name the key" };
  const merge = value === "<<" && type !== "PLAIN";
  return merge ? { found: 'the key "<<"', expected: "give it another name" } : undefined;
}

function toPlain(file: string, document: Document): Plain {
  try {
    // Throws for an alias to nothing or to itself, and for a merge of what isn't a map.
    const plain = document.toJS() as Plain;
    JSON.stringify(plain);
    checkTop(file, document);
    return plain;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    const found = error instanceof Error ? error.message.split("\n", 1)[0] : String(error);
    throw new ConfigError(file, [
      { path: "the file", found: `"${found}"`, expected: "correct the reference" },
    ]);
  }
}

/** The outline: a map of known keys, and `config` a map whose keys are text. */
function checkTop(file: string, { contents }: Document): void {
  if (contents === null || (isScalar(contents) && contents.value === null)) return;
  const expected = `a map with ${TOP_LEVEL.join(", ")}`;
  if (!isMap(contents)) throw new ConfigError(file, [{ path: "the file", found: "no map", expected }]);
  const faults = contents.items
    .map(({ key }) => String(key))
    .filter((key) => !TOP_LEVEL.includes(key))
    .map((path) => ({
      path,
      found: "an unknown key",
      expected: `${expected}; is it meant to stand in config?`,
    }));
  const config: unknown = contents.get("config", true);
  if (isMap(config)) faults.push(...config.items.flatMap((pair) => configKeyFault(pair)));
  else if (config !== undefined && !(isScalar(config) && config.value === null)) {
    faults.push({ path: "config", found: "no map", expected: "a map of keys and values" });
  }
  if (faults.length > 0) throw new ConfigError(file, faults);
}

function configKeyFault({ key }: Pair): Fault[] {
  const name = isScalar(key) ? (key.source ?? "") : String(key);
  const fault = (found: string, expected: string) => [{ path: `config.${name}`, found, expected }];
  if (!isScalar(key) || (typeof key.value !== "symbol" && key.value !== name)) {
    return fault("a key that isn't text", "put it in quotes");
  }
  const colons = name.split(":").length - 1;
  const plain = colons < 2 || (colons === 2 && name.split(":")[1] === "config");
  return plain ? [] : fault("more than one colon", "<namespace>:<key>, or <key> alone");
}

function configOf(file: string, project: string, plain: Plain): StackConfig {
  const result: StackConfig = { config: {}, secretKeys: [] };
  const faults: Fault[] = [];
  const config = isRecord(plain) && isRecord(plain.config) ? plain.config : {};
  for (const [name, value] of Object.entries(config)) {
    const parts = name.includes(":") ? name.split(":") : [project, name];
    const key = `${parts[0]}:${parts.at(-1)}`;
    if (key in result.config) {
      faults.push({ path: `config.${name}`, found: "the same key twice", expected: "keep one of the two" });
    }
    const [clear, hasSecret] = withoutSecrets(value);
    result.config[key] = textOf(clear);
    if (hasSecret) result.secretKeys.push(key);
  }
  if (faults.length > 0) throw new ConfigError(file, faults);
  return result;
}

function textOf(value: Plain): string {
  if (typeof value === "string") return value;
  return value === null ? "" : goJson(value);
}

/** The value with each `{ secure: … }` replaced, and whether there was one. */
function withoutSecrets(value: Plain): [Plain, boolean] {
  if (Array.isArray(value)) {
    const items = value.map(withoutSecrets);
    return [items.map(([item]) => item), items.some(([, found]) => found)];
  }
  if (!isRecord(value)) return [value, false];
  const entries = Object.entries(value);
  if (entries.length === 1 && typeof value.secure === "string") return [SECRET, true];
  const members = entries.map(([key, inner]) => [key, withoutSecrets(inner)] as const);
  const clear = Object.fromEntries(members.map(([key, [inner]]) => [key, inner]));
  return [clear, members.some(([, [, found]]) => found)];
}

function isRecord(value: Plain | undefined): value is Record<string, Plain> {
  return typeof value === "object" && value !== null && !Array.isArray(value);
}
