import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

import { RunError } from "@pulumi/pulumi";

import { isObject, type WireObject } from "../wire";

/** Levels and settings of policies by name, or of all by `all`, in the format of `--policy-pack-config`. */
export type PolicyLevels = Readonly<Record<string, { enforcementLevel?: string; settings: WireObject }>>;

export const LEVELS = ["advisory", "mandatory", "remediate", "disabled"] as const;

/** The stack's policy config file, relative to the project's folder. */
const levelsFile = (stack: string): string => join("policies", "config", `${stack}.json`);

/**
 * Reads the policy config file of a stack: `{"<policy>": "<level>"}`, or an object with `enforcementLevel` and the
 * policy's settings. A missing file is empty.
 *
 * @throws RunError with every fault: invalid JSON, an unknown level.
 */
export function readLevels(root: string, stack: string): PolicyLevels {
  const file = levelsFile(stack);
  if (!existsSync(join(root, file))) return {};
  let content: unknown;
  try {
    content = JSON.parse(readFileSync(join(root, file), "utf8"));
  } catch (error) {
    throw new RunError(`${file} isn't valid JSON: ${(error as Error).message}`);
  }
  if (!isObject(content as WireObject))
    throw new RunError(
      `${file} contains ${JSON.stringify(content)}; allowed is an object with policies' names as keys.`,
    );
  const faults: string[] = [];
  const levels = Object.entries(content as Record<string, unknown>).map(([policy, value]) => {
    const { enforcementLevel, ...settings } = (
      typeof value === "object" && value !== null ? value : { enforcementLevel: value }
    ) as WireObject;
    if (enforcementLevel !== undefined && !(LEVELS as readonly unknown[]).includes(enforcementLevel))
      faults.push(
        `${policy}: found level ${JSON.stringify(enforcementLevel)}; allowed are ${LEVELS.join(", ")}.`,
      );
    return [policy, { ...(typeof enforcementLevel === "string" && { enforcementLevel }), settings }] as const;
  });
  if (faults.length > 0) throw new RunError([`${file}:`, ...faults].join("\n  "));
  return Object.fromEntries(levels);
}

/** A message about names in a policy config file that the pack doesn't have; undefined if all are known. */
export function unknownPolicies(
  levels: PolicyLevels,
  names: readonly string[],
  stack: string,
): string | undefined {
  const unknown = Object.keys(levels).filter((name) => name !== "all" && !names.includes(name));
  if (unknown.length === 0) return undefined;
  return `${levelsFile(stack)}: the pack has no policy ${unknown.join(", ")}; docs/policies.md lists them.`;
}
