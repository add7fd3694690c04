import type { Fault } from "../reading/errors";
import { fields, type Values } from "../reading/raw";

const related = (one: string, other: string) =>
  one === other || one.startsWith(`${other}.`) || other.startsWith(`${one}.`);

/**
 * The faults that aren't consequences of a value which is already refused: one at the fault's own path, or one that its
 * text names. A key of an object that isn't in the file means that whole object.
 *
 * @param project Prefix of the keys.
 * @param raw The values as they are in the file.
 * @param refused The faults of single values.
 */
export function withoutConsequences(
  project: string,
  raw: Values,
  faults: readonly Fault[],
  refused: readonly Fault[],
): Fault[] {
  const inFile = (key: string): string => {
    const steps = key.slice(project.length + 1).split(".");
    let part: unknown = raw;
    const depth = steps.findIndex((step) => (part = fields(part)[step]) === undefined);
    return depth < 0 ? key : `${project}:${steps.slice(0, depth + 1).join(".")}`;
  };
  return faults.filter(({ path, expected, remedy = "" }) => {
    const named = `${expected} ${remedy}`.match(new RegExp(`\\b${project}:[\\w.-]+\\w`, "g")) ?? [];
    const about = [path, ...named].map(inFile);
    return !refused.some((fault) => about.some((each) => related(each, fault.path)));
  });
}
