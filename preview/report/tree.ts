import { groupBy } from "./group";
import type { PlannedResource } from "./json";
import type { Style } from "./style";

/**
 * The resources as a tree: one line per component, with its own resources counted by type; with `all`, one line per
 * resource. Names are shown without their parents' at the beginning.
 */
export function tree(
  resources: readonly PlannedResource[],
  { dim, bold }: Style,
  { all, width }: { all: boolean; width: number },
): string[] {
  const children = groupBy(resources, ({ parent }) => parent);
  const shown = (resource: PlannedResource) => all || !resource.custom || children.has(resource.urn);
  const line = (resource: PlannedResource, indent: string, above: string) => {
    const held = (children.get(resource.urn) ?? []).filter((child) => !shown(child));
    const name = resource.name.startsWith(`${above}-`)
      ? resource.name.slice(above.length + 1)
      : resource.name;
    const summary = all ? `  ${resource.type}` : held.length > 0 ? `  ${typeCounts(held)}` : "";
    const room = Math.max(0, width - indent.length - name.length);
    return `${dim(indent)}${bold(name)}${dim(all ? summary : shortened(summary, room))}`;
  };
  const below = (parent: PlannedResource, indent: string): string[] => {
    const branches = (children.get(parent.urn) ?? []).filter(shown);
    return branches.flatMap((child, index) => {
      const isLast = index === branches.length - 1;
      const deeper = below(child, `${indent}${isLast ? "   " : "│  "}`);
      return [line(child, `${indent}${isLast ? "└─" : "├─"} `, parent.name), ...deeper];
    });
  };
  return (children.get(null) ?? []).flatMap((root) => [line(root, "", ""), ...below(root, "")]);
}

const shortened = (text: string, room: number): string =>
  text.length <= room ? text : room < 8 ? "" : `${text.slice(0, room - 1)}…`;

/** `3 Subnet, 1 Vpc`: how many of each type, by the last part of the type's name. */
function typeCounts(resources: readonly PlannedResource[]): string {
  const types = groupBy(resources, ({ type }) => type.split(":").at(-1) ?? type);
  return [...types]
    .sort(([a], [b]) => (a < b ? -1 : 1))
    .map(([type, { length }]) => (length === 1 ? type : `${length} ${type}`))
    .join(", ");
}
