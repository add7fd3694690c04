import type { z } from "zod";
import type { Fault } from "./errors";

/** zod's issues as faults: one a wrong value, with what was found there. */
export function explain(root: string, input: unknown, issues: readonly z.core.$ZodIssue[]): Fault[] {
  return issues.flatMap((issue) => {
    const path = [root, ...issue.path].join(".");
    if (issue.code === "unrecognized_keys")
      return issue.keys.map((key) => ({
        path: `${path}.${key}`,
        found: show(at(input, [...issue.path, key])),
        expected: "remove it, or mend its spelling: no such key exists here",
      }));
    const found = at(input, issue.path);
    if (found === undefined) return [{ path, found: "nothing", expected: `add ${wanted(issue.message)}` }];
    return [{ path, found: show(found), expected: `allowed is ${wanted(issue.message)}` }];
  });
}

/** Messages of the schema name what is allowed; zod's own say "Invalid input: expected …". */
const wanted = (message: string) =>
  message
    .replace(/^Invalid input: expected /, "")
    .replace(/, received \w+$/, "")
    .replace(/^object$/, "an object with the keys that it has in the other stacks");

function at(input: unknown, path: readonly PropertyKey[]): unknown {
  return path.reduce<unknown>(
    (value, key) =>
      typeof value === "object" && value !== null ? (value as Record<PropertyKey, unknown>)[key] : undefined,
    input,
  );
}

const longest = 60;

/** A value as the file has it, shortened. Numbers and dates show what YAML made of them. */
export function show(value: unknown): string {
  const kind =
    value === null
      ? "nothing"
      : Array.isArray(value)
        ? "the list"
        : typeof value === "object"
          ? "the object"
          : "";
  const written = value === null ? "" : JSON.stringify(value);
  const short = written.length > longest ? `${written.slice(0, longest)}…` : written;
  return [kind || (typeof value === "string" ? "" : `the ${typeof value}`), short].filter(Boolean).join(" ");
}
