import { partsOf, type Demand } from "../../standards/demands";

/** Variable for the pod of a container. */
export const podVariable = "variables.pod";

/**
 * A demand as a CEL expression that is true if the demand is met.
 *
 * @param holder CEL expression of the object, pod or container that the path starts at
 */
function met({ path, test, where, orPod }: Demand, holder: string): string {
  const own = at(holder, path, test.cel, orPod ? `${podVariable}${optionalPath(path)}` : undefined);
  return where === undefined ? own : `(!${at(holder, where.path, where.test.cel)} || ${own})`;
}

/** All demands of a rule. */
export const allMet = (demands: readonly Demand[], holder: string): string =>
  demands.map((demand) => met(demand, holder)).join(" && ");

/** Demands as text, for messages. */
export const inWords = (demands: readonly Demand[]): string =>
  [...new Set(demands.map(({ path, test }) => `${path.replaceAll("\\", "")} must be ${test.words}`))].join(
    "; ",
  );

/** The test at the end of a path. Every item of a list on the path must pass it. */
function at(holder: string, path: string, cel: Demand["test"]["cel"], otherwise?: string, depth = 0): string {
  if (cel === undefined) throw new Error(`${path}: this test has no CEL expression`);
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
/** Optional field selection, key by key: empty if any key is missing. */
const selected = (keys: readonly string[]) =>
  keys.map((key) => (/^[A-Za-z_]\w*$/.test(key) ? `.?${key}` : `[?${JSON.stringify(key)}]`)).join("");
