import { partsOf, type Demand } from "../../standards/demands";

/** What an expression calls the pod that a container is a part of. */
export const podVariable = "variables.pod";

/**
 * A demand as an expression of CEL that is true where it is met.
 *
 * @param holder expression of the object, pod or container that the path starts at
 */
export function met({ path, test, where, orPod }: Demand, holder: string): string {
  const own = at(holder, path, test.cel, orPod ? `${podVariable}${optionalPath(path)}` : undefined);
  return where === undefined ? own : `(!${at(holder, where.path, where.test.cel)} || ${own})`;
}

/** All demands of a rule. */
export const allMet = (demands: readonly Demand[], holder: string): string =>
  demands.map((demand) => met(demand, holder)).join(" && ");

/** Demands in words, for messages. */
export const inWords = (demands: readonly Demand[]): string =>
  [...new Set(demands.map(({ path, test }) => `${path.replaceAll("\\", "")} must be ${test.words}`))].join(
    "; ",
  );

/** The test at the end of a path; every item of a list under way must pass it. */
function at(holder: string, path: string, cel: Demand["test"]["cel"], otherwise?: string, depth = 0): string {
  if (cel === undefined) throw new Error(`${path}: this test has no form in CEL`);
  const parts = partsOf(path);
  const list = parts.findIndex((part) => part.list);
  if (list < 0) {
    const optional = `${holder}${selected(parts.map(({ key }) => key))}`;
    return cel(otherwise === undefined ? optional : `${optional}.or(${otherwise})`);
  }
  const items = `${holder}${selected(parts.slice(0, list + 1).map(({ key }) => key))}.orValue([])`;
  const item = `item${depth}`;
  const rest = parts.slice(list + 1).map(({ key, list: more }) => `${escaped(key)}${more ? "[]" : ""}`);
  const inner =
    rest.length > 0 ? at(item, rest.join("."), cel, undefined, depth + 1) : cel(`optional.of(${item})`);
  return `${items}.all(${item}, ${inner})`;
}

const escaped = (key: string) => key.replaceAll(".", "\\.");
const optionalPath = (path: string) => selected(partsOf(path).map(({ key }) => key));
/** Optional selection, key by key: nothing where a key under way is missing. */
const selected = (keys: readonly string[]) =>
  keys.map((key) => (/^[A-Za-z_]\w*$/.test(key) ? `.?${key}` : `[?${JSON.stringify(key)}]`)).join("");
