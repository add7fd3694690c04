import { isObject, type Wire } from "../wire";
import { groupBy } from "./group";
import type { PlannedResource } from "./json";

/** A plan by its tree of components. */
export class PlanTree {
  private readonly byUrn: ReadonlyMap<string, PlannedResource>;
  private readonly byParent: ReadonlyMap<string | null, PlannedResource[]>;

  constructor(private readonly resources: readonly PlannedResource[]) {
    this.byUrn = new Map(resources.map((resource) => [resource.urn, resource]));
    this.byParent = groupBy(resources, ({ parent }) => parent);
  }

  ofType(type: string): PlannedResource[] {
    return this.resources.filter((resource) => resource.type === type);
  }

  children({ urn }: PlannedResource): PlannedResource[] {
    return this.byParent.get(urn) ?? [];
  }

  /** Its parent, that one's parent, and so on. */
  parents({ parent }: PlannedResource): PlannedResource[] {
    const found = this.byUrn.get(parent ?? "");
    return found === undefined ? [] : [found, ...this.parents(found)];
  }

  below(resource: PlannedResource): PlannedResource[] {
    return this.children(resource).flatMap((child) => [child, ...this.below(child)]);
  }

  /** A name without its parent's at the beginning. */
  ownName({ name, parent }: PlannedResource): string {
    const prefix = `${this.byUrn.get(parent ?? "")?.name ?? ""}-`;
    return name.startsWith(prefix) ? name.slice(prefix.length) : name;
  }
}

const KUBERNETES = /^kubernetes:.*:(?<kind>\w+)$/;
/** Kind of a Kubernetes object; undefined for anything else. */
export const kindOf = ({ type }: PlannedResource) => KUBERNETES.exec(type)?.groups?.kind;

/** The value at a path of keys and indexes; undefined where there is none. */
export function at(value: Wire | undefined, ...path: (string | number)[]): Wire | undefined {
  return path.reduce<Wire | undefined>((inner, key) => {
    if (Array.isArray(inner)) return inner[Number(key)];
    return isObject(inner) ? inner[key] : undefined;
  }, value);
}

/** A plain value as text; nothing for anything else. */
export const text = (value: Wire | undefined): string =>
  typeof value === "string" || typeof value === "number" || typeof value === "boolean" ? String(value) : "";

/** A list as it is; an empty one for anything else. */
export const list = (value: Wire | undefined): Wire[] => (Array.isArray(value) ? value : []);

/** `3-10`; one number where both ends are the same. */
export function range(low: Wire | undefined, high: Wire | undefined): string {
  const [least, most] = [text(low), text(high)];
  if (least === "" || most === "" || least === most) return least || most;
  return `${least}-${most}`;
}
