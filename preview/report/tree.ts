import { groupBy } from "./group";
import type { PlannedResource } from "./json";
import type { Style } from "./style";

/**
 * The resources as a tree: each component a line, with what it holds itself counted by type; with `all`,
 * each resource a line.
 */
export function tree(resources: readonly PlannedResource[], { dim, bold }: Style, all: boolean): string[] {
  const children = groupBy(resources, ({ parent }) => parent);
  const shown = (resource: PlannedResource) => all || !resource.custom || children.has(resource.urn);
  const line = (resource: PlannedResource) => {
    const held = (children.get(resource.urn) ?? []).filter((child) => !shown(child));
    const summary = held.length > 0 ? `  ${typeCounts(held)}` : "";
    return `${bold(resource.name)}  ${dim(resource.type)}${summary}`;
  };
  const below = (urn: string, indent: string): string[] => {
    const branches = (children.get(urn) ?? []).filter(shown);
    return branches.flatMap((child, index) => {
      const isLast = index === branches.length - 1;
      const deeper = below(child.urn, `${indent}${isLast ? "   " : "│  "}`);
      return [`${dim(`${indent}${isLast ? "└─" : "├─"}`)} ${line(child)}`, ...deeper];
    });
  };
  return (children.get(null) ?? []).flatMap((root) => [line(root), ...below(root.urn, "")]);
}

/** `3 Subnet, 1 Vpc`: how many of each type, by the last part of the type's name. */
function typeCounts(resources: readonly PlannedResource[]): string {
  const types = groupBy(resources, ({ type }) => type.split(":").at(-1) ?? type);
  return [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { length }]) => (length === 1 ? type : `${length} ${type}`))
    .join(", ");
}
