import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { isMap, isScalar, isSeq, LineCounter, parseDocument, type Node } from "yaml";
import type { Fault } from "./errors";

/** The text of stack files, by the stack's name. */
export type StackFiles = Readonly<Record<string, string>>;

const stackFile = /^Pulumi\.([^.]+)\.yaml$/;

/** The stack files of a project's folder: `Pulumi.<stack>.yaml`. */
export const stackFiles = (folder = process.cwd()): StackFiles =>
  existsSync(folder)
    ? Object.fromEntries(
        readdirSync(folder).flatMap((file) => {
          const [, stack] = stackFile.exec(file) ?? [];
          return stack === undefined ? [] : [[stack, readFileSync(join(folder, file), "utf8")]];
        }),
      )
    : {};

/** What stands before the first key below `config`, and the lines of each key. */
export const topLevelParts = (text: string): string[] => text.split(/^(?= {2}[^\s#])/m);

/**
 * Faults with their lines: that of the value, or of the innermost enclosing object in the file. Parses only the top-level
 * keys that have faults, which takes a fraction of the time of the whole file.
 */
export function withLines(text: string | undefined, faults: readonly Fault[]): Fault[] {
  if (text === undefined || faults.length === 0) return [...faults];
  const parts = topLevelParts(text);
  const known = new Map<number, (path: string) => number | undefined>();
  const lineOf = (path: string) => {
    const index = parts.findIndex((part) => {
      const [, key] = /^ {2}([^\s"']+):\s/.exec(part) ?? [];
      return key !== undefined && (path === key || path.startsWith(`${key}.`));
    });
    const isWhole = index === -1;
    const find = known.get(index) ?? linesIn(isWhole ? text : `config:\n${parts[index] ?? ""}`);
    known.set(index, find);
    const line = find(path);
    return isWhole || line === undefined
      ? line
      : line + parts.slice(0, index).join("").split("\n").length - 2;
  };
  return faults.map((fault) => {
    const line = fault.line ?? lineOf(fault.path);
    return line === undefined ? fault : { ...fault, line };
  });
}

/** Finds the line of a path in a text. */
function linesIn(text: string): (path: string) => number | undefined {
  const lines = new LineCounter();
  const { contents } = parseDocument(text, { lineCounter: lines });
  const [top] = isMap(contents) ? contents.items.filter(({ key }) => String(key) === "config") : [];
  return (path) => {
    // A missing top-level key belongs below `config`.
    const offset = offsetOf(top?.value, path) ?? (top?.key as Node | undefined)?.range?.[0];
    return offset === undefined ? undefined : lines.linePos(offset).line;
  };
}

/** Position of a path, or of its longest part in the file. Keys may contain dots, like host names. */
function offsetOf(node: unknown, path: string): number | undefined {
  if (isSeq(node)) {
    const [, index = "", rest = ""] = /^(\d+)\.?(.*)$/.exec(path) ?? [];
    const entry = index === "" ? undefined : (node.items[Number(index)] as Node | undefined);
    return entry === undefined ? undefined : (offsetOf(entry, rest) ?? entry.range?.[0]);
  }
  if (!isMap(node)) return undefined;
  for (const { key, value } of node.items) {
    if (!isScalar(key)) continue;
    const name = String(key.source ?? key.value);
    if (path !== name && !path.startsWith(`${name}.`)) continue;
    return offsetOf(value, path.slice(name.length + 1)) ?? key.range?.[0];
  }
  return undefined;
}
