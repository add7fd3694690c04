import { isMap, type Document, type YAMLMap } from "yaml";

/** The values of a map that are maps themselves. */
export function maps(node: unknown): YAMLMap[] {
  return isMap(node) ? node.items.map(({ value }) => value).filter(isMap) : [];
}

/** Each system in a stack file. */
export const systems = (document: Document) => maps(document.getIn(["config", "plinth:systems"]));

/** Each store of each system in a stack file. */
export const stores = (document: Document) =>
  systems(document).flatMap((system) => maps(system.get("stores")));

/** Each workload of each system in a stack file. */
export const workloads = (document: Document) =>
  systems(document).flatMap((system) => maps(system.get("workloads")));
