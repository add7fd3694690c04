import { isMap, type Document, type YAMLMap } from "yaml";

/** The values of a map that are maps themselves. */
export function maps(node: unknown): YAMLMap[] {
  return isMap(node) ? node.items.map(({ value }) => value).filter(isMap) : [];
}

/** What a stack file says of each system. */
export const systems = (document: Document) => maps(document.getIn(["config", "plinth:systems"]));

/** What a stack file says of each store of each system. */
export const stores = (document: Document) =>
  systems(document).flatMap((system) => maps(system.get("stores")));

/** What a stack file says of each workload of each system. */
export const workloads = (document: Document) =>
  systems(document).flatMap((system) => maps(system.get("workloads")));
