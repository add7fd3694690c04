import type { Alias } from "../options";
import type { PlannedResource } from "../report/json";

/** The parts of a URN: `urn:pulumi:<stack>::<project>::<types, joined by $>::<name>`. */
function partsOf(urn: string): { head: string; chain: string; name: string } {
  const [stack = "", project = "", chain = "", ...name] = urn.split("::");
  return { head: `${stack}::${project}`, chain, name: name.join("::") };
}

const STACK = "pulumi:pulumi:Stack";

/** The URN of a resource below a parent, as the engine makes it. */
function urnBelow(head: string, parent: string | undefined, type: string, name: string): string {
  const chain = parent === undefined ? "" : partsOf(parent).chain;
  return `${head}::${chain === "" || chain === STACK ? "" : `${chain}$`}${type}::${name}`;
}

/**
 * Gives the URNs that a resource may have had before by aliases: its own, and those that follow from its parents', as
 * the engine resolves them. The first is its URN now.
 */
export function formerUrns(
  resources: ReadonlyMap<string, PlannedResource>,
): (resource: PlannedResource) => readonly string[] {
  const known = new Map<string, readonly string[]>();
  return function urnsOf(resource): readonly string[] {
    const found = known.get(resource.urn);
    if (found !== undefined) return found;
    const parent = resource.parent === null ? undefined : resources.get(resource.parent);
    const parents = parent === undefined ? [] : urnsOf(parent);
    const all = new Set([resource.urn]);
    const aliases: Alias[] = [{}, ...(resource.options.aliases ?? [])];
    for (const alias of aliases) for (const urn of former(resource, alias, parents)) all.add(urn);
    const urns = [...all];
    known.set(resource.urn, urns);
    return urns;
  };
}

function former(resource: PlannedResource, alias: Alias, parents: readonly string[]): string[] {
  if (typeof alias === "string") return [alias];
  const { head } = partsOf(resource.urn);
  const [stack = "", project = ""] = head.split("::");
  const before = `${alias.stack === undefined ? stack : `urn:pulumi:${alias.stack}`}::${alias.project ?? project}`;
  const type = alias.type ?? resource.type;
  if (alias.noParent === true) return [urnBelow(before, undefined, type, alias.name ?? resource.name)];
  const below = alias.parent === undefined ? parents : [alias.parent];
  if (below.length === 0) return [urnBelow(before, undefined, type, alias.name ?? resource.name)];
  return below.map((parent) =>
    urnBelow(before, parent, type, alias.name ?? inherited(resource.name, parents[0], parent)),
  );
}

/** The name of a child whose parent had another name: the engine replaces the parent's name before it. */
function inherited(name: string, parent: string | undefined, formerParent: string): string {
  const now = parent === undefined ? "" : partsOf(parent).name;
  const was = partsOf(formerParent).name;
  return now !== "" && name.startsWith(now) ? was + name.slice(now.length) : name;
}
