import { isAlias, isMap, isNode, isScalar, LineCounter, parseDocument, visit } from "yaml";
import type { Alias, Document, Pair, ScalarTag } from "yaml";

import { ConfigError, type Fault } from "../../config/reading/errors";
import { keyRemedy } from "../../config/reading/spelling";
import { goJson, plainScalar, type Plain } from "./go-yaml";
import { readingFaults } from "./yaml-reading";
import { syntaxFaults } from "./yaml-syntax";

/** A stack's configuration in the form in which the engine passes it to the program. */
export interface StackConfig {
  /** `namespace:key` → text; objects and lists as JSON. */
  config: Record<string, string>;
  /** Keys whose value is or contains a secret. */
  secretKeys: string[];
}

/** Top-level keys of a stack file: the configuration, and keys that the CLI writes. */
const TOP_LEVEL = ["config", "encryptionsalt", "encryptedkey", "secretsprovider", "environment"];

/** Placeholder for secrets, which can't be decrypted here. */
const SECRET = "[secret]";

/**
 * Reads a stack file. Refuses values on which YAML parsers disagree, since the CLI (Go, yaml.v3) might read them
 * differently: dates, hexadecimal and octal numbers, underscores in numbers, unquoted versions (`1.30` is the number
 * 1.3).
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
  // If the top level is wrong, other faults don't matter.
  if (faults.length === 0) faults.push(...readingFaults(document, lines));
  if (faults.length > 0) throw new ConfigError(file, faults);
  return configOf(file, project, toPlain(file, document, lines));
}

/** Unquoted scalars that aren't text. */
const UNQUOTED: ScalarTag = {
  tag: "unquoted",
  default: true,
  test: /^(?:[-\d].*|~|null|Null|NULL|true|True|TRUE|false|False|FALSE|)$/s,
  resolve: plainScalar,
};

function toPlain(file: string, document: Document, lines: LineCounter): Plain {
  try {
    // Throws for an alias without an anchor or of itself, and for a merge of a value that isn't a map.
    const plain = document.toJS() as Plain;
    JSON.stringify(plain);
    checkTop(file, document, lines);
    return plain;
  } catch (error) {
    if (error instanceof ConfigError) throw error;
    throw new ConfigError(file, [aliasFault(document, lines)]);
  }
}

/** The alias or merge that can't be resolved: one without an anchor before it, else the first of the file. */
function aliasFault(document: Document, lines: LineCounter): Fault {
  const anchors = new Set<string>();
  let first: Alias | undefined;
  let lost: Alias | undefined;
  visit(document, {
    Node: (_, node) => {
      if (!isAlias(node)) return void (node.anchor === undefined || anchors.add(node.anchor));
      first ??= node;
      if (!anchors.has(node.source)) lost ??= node;
      return undefined;
    },
  });
  const alias = lost ?? first;
  return {
    path: "the file",
    line: lines.linePos(alias?.range?.[0] ?? 0).line,
    found: alias === undefined ? "a merge (<<) of a value that isn't a map" : `the alias *${alias.source}`,
    expected: "aliases of anchors (&name) above them, and merges only of maps",
    remedy: "write the value out",
  };
}

/** Checks the top level: a map of known keys, in which `config` is a map with text keys. */
function checkTop(file: string, { contents }: Document, lines: LineCounter): void {
  if (contents === null || (isScalar(contents) && contents.value === null)) return;
  const expected = `a map with ${TOP_LEVEL.join(", ")}`;
  if (!isMap(contents))
    throw new ConfigError(file, [{ path: "the file", found: "a value that isn't a map", expected }]);
  const lineOf = (node: unknown) => lines.linePos(isNode(node) ? (node.range?.[0] ?? 0) : 0).line;
  const faults = contents.items
    .filter(({ key }) => !TOP_LEVEL.includes(String(key)))
    .map(({ key }): Fault => ({
      path: String(key),
      line: lineOf(key),
      found: "a key",
      expected,
      remedy: keyRemedy(String(key), TOP_LEVEL) + ", or move it into config",
    }));
  const config: unknown = contents.get("config", true);
  if (isMap(config))
    faults.push(
      ...config.items.flatMap((pair) =>
        configKeyFault(pair).map((fault) => ({ ...fault, line: lineOf(pair.key) })),
      ),
    );
  else if (config !== undefined && !(isScalar(config) && config.value === null)) {
    faults.push({
      path: "config",
      line: lineOf(config),
      found: "a value that isn't a map",
      expected: "a map of keys and values",
    });
  }
  if (faults.length > 0) throw new ConfigError(file, faults);
}

function configKeyFault({ key }: Pair): Fault[] {
  const name = isScalar(key) ? (key.source ?? "") : String(key);
  const fault = (found: string, expected: string) => [{ path: `config.${name}`, found, expected }];
  if (!isScalar(key) || (typeof key.value !== "symbol" && key.value !== name)) {
    return fault("a key that isn't text", "text; put it in quotes");
  }
  const colons = name.split(":").length - 1;
  const plain = colons < 2 || (colons === 2 && name.split(":")[1] === "config");
  return plain ? [] : fault("more than one colon", "<namespace>:<key>, or only <key>");
}

function configOf(file: string, project: string, plain: Plain): StackConfig {
  const result: StackConfig = { config: {}, secretKeys: [] };
  const faults: Fault[] = [];
  const config = isRecord(plain) && isRecord(plain.config) ? plain.config : {};
  for (const [name, value] of Object.entries(config)) {
    const parts = name.includes(":") ? name.split(":") : [project, name];
    const key = `${parts[0]}:${parts.at(-1)}`;
    if (key in result.config) {
      faults.push({
        path: `config.${name}`,
        found: "the same key twice",
        expected: "each key once",
        remedy: "remove one",
      });
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

/** The value with each `{ secure: … }` replaced, and whether there were any. */
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
