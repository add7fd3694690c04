import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import type { PlannedResource } from "./json";

/** One requirement, and the resources that meet it. */
export interface TraceRow {
  row: string;
  requirement: string;
  /** `met`, `in part`, `not yet`. */
  state: string;
  /** URNs of a plan. */
  resources: string[];
  /** Files. */
  tests: string[];
}

/** A row of `docs/trace.yaml`: types of resources, optionally with a pattern of names, and tests. */
export interface Mark {
  resources?: string[];
  tests?: string[];
}

/** Rows of `docs/coverage.md`: id, requirement and state of each. */
export function coverageRows(root: string): Omit<TraceRow, "resources" | "tests">[] {
  const file = join(root, "docs", "coverage.md");
  if (!existsSync(file)) return [];
  return readFileSync(file, "utf8")
    .split("\n")
    .flatMap((line) => {
      const [, row = "", requirement = "", state = ""] = line.split(/(?<!\\)\|/).map((cell) => cell.trim());
      return /^[A-Z0-9]+-[A-Z0-9]+$/.test(row) ? [{ row, requirement, state }] : [];
    });
}

export function marks(root: string): Record<string, Mark> {
  const file = join(root, "docs", "trace.yaml");
  return existsSync(file) ? (parse(readFileSync(file, "utf8")) as Record<string, Mark>) : {};
}

/** The requirements with the resources of a plan that meet them. */
export function traceOf(root: string, resources: readonly PlannedResource[]): TraceRow[] {
  const all = marks(root);
  return coverageRows(root).map((row) => {
    const { resources: patterns = [], tests = [] } = all[row.row] ?? {};
    const found = patterns.flatMap((pattern) => resources.filter((resource) => fits(pattern, resource)));
    return { ...row, resources: [...new Set(found.map(({ urn }) => urn))], tests };
  });
}

/** Whether a resource is one of `<type>`, or of `<type> <name>` with `*` for any text. */
export function fits(pattern: string, { type, name }: Pick<PlannedResource, "type" | "name">): boolean {
  const [wanted, names = "*"] = pattern.split(" ");
  if (wanted !== type) return false;
  const parts = names.split("*").map((part) => part.replaceAll(/[.+?^${}()|[\]\\]/g, String.raw`\$&`));
  return new RegExp(`^${parts.join(".*")}$`).test(name);
}
