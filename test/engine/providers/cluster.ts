import type { Cloud } from "./cloud";
import { metadataOf } from "./manifest";
import { held, makes, needsOf } from "./needs";
import { addons } from "./rules/charts";
import { builtIn, kinds, ownNamespaces, type Kind } from "./rules/kubernetes";
import { definitions, kindOf, kindsOf, text } from "./objects";
import { reveal, type Values } from "./wire";

/** How an object is registered: as an object, as a patch of a possibly foreign one, or as a Helm release. */
export type Manner = "object" | "patch" | "release";

const definitionOf = (scope: string) => `definition (${scope})`;

/** The objects of one cluster, and what its API server refuses. Stored in the cloud, under the cluster's name. */
export class Cluster {
  constructor(
    private readonly cloud: Cloud,
    private readonly name: string,
  ) {}

  /** A kind that the cluster serves: built in, from Auto Mode, or from a created definition. */
  kind(kind: string): Kind | undefined {
    if (this.cloud.has(this.type(definitionOf("Cluster")), kind)) return { scope: "cluster" };
    if (this.cloud.has(this.type(definitionOf("Namespaced")), kind)) return { scope: "namespaced" };
    return kinds[kind] ?? builtIn[kind] ?? this.ofAddon(kind);
  }

  /** A kind that an EKS add-on installs. */
  private ofAddon(kind: string): Kind | undefined {
    for (const [addon, brought] of Object.entries(addons)) {
      const found = kindsOf(brought).find((each) => each.kind === kind);
      if (found !== undefined && this.cloud.has("aws:eks/addon:Addon", `${this.name}:${addon}`))
        return { scope: found.scope === "Cluster" ? "cluster" : "namespaced" };
    }
    return undefined;
  }

  /** Adds an object and returns its id. Throws the error of the API server or of Helm. */
  add(urn: string, manner: Manner, values: Values): string {
    const [type, id] = [
      this.typeFor(manner, values),
      manner === "release" ? this.releaseId(values) : this.objectId(values),
    ];
    if (!this.cloud.add({ urn, type: this.type(type), id, names: [], uses: this.uses(manner, values) }))
      throw new Error(`${type} "${id}" already exists`);
    for (const { kind, scope } of definitions(values))
      this.cloud.add({ urn, type: this.type(definitionOf(scope)), id: kind, names: [], uses: [] });
    for (const made of this.made(values)) this.cloud.add({ urn, ...made, names: [], uses: [] });
    return id;
  }

  /** Updates an object, which may have new dependencies. */
  update(urn: string, manner: Manner, id: string, values: Values): void {
    const uses = this.uses(manner, values);
    const type = this.type(this.typeFor(manner, values));
    this.cloud.remove(type, id);
    this.cloud.add({ urn, type, id, names: [], uses });
  }

  has(manner: Manner, id: string, values: Values): boolean {
    return this.cloud.has(this.type(this.typeFor(manner, values)), id);
  }

  /** Throws if other objects use it, since both deletions would wait for each other. */
  remove(manner: Manner, id: string, values: Values): void {
    const type = this.type(this.typeFor(manner, values));
    const users = held.includes(kindOf(values)) ? this.cloud.users(type, [id]) : [];
    if (users.length > 0)
      throw new Error(`${kindOf(values)} "${id}" can't be deleted: ${users.join(", ")} use it`);
    this.cloud.remove(type, id);
    for (const made of this.made(values)) this.cloud.remove(made.type, made.id);
    for (const { kind, scope } of definitions(values))
      this.cloud.remove(this.type(definitionOf(scope)), kind);
  }

  /** Dependencies of an object; throws if one is missing, for which its pods would wait. */
  private uses(manner: Manner, values: Values): string[] {
    if (manner !== "object") return [];
    return needsOf(values).map(({ kind, name }) => {
      const id = this.idOf(kind, name, values);
      const type = this.typesOf(kind).find((each) => this.cloud.has(each, id));
      if (type === undefined) throw new Error(`${kindOf(values)} needs ${kind} "${id}", which doesn't exist`);
      return `${type} ${id}`;
    });
  }

  private made(values: Values): { type: string; id: string }[] {
    return makes(values).map(({ kind, name }) => ({
      type: this.type(kind),
      id: this.idOf(kind, name, values),
    }));
  }

  /** Id of another object, in the same namespace if it is namespaced. */
  private idOf(kind: string, name: string, values: Values): string {
    const { namespace } = metadataOf(values);
    return this.kind(kind)?.scope === "cluster"
      ? name
      : `${namespace === undefined ? "default" : text(namespace)}/${name}`;
  }

  /** Types under which an object of a kind may be stored: a patch of a missing object creates it. */
  private typesOf(kind: string): string[] {
    return [this.type(kind), this.type(`patch of ${kind}`)];
  }

  private type(kind: string): string {
    return `${this.name} ${kind}`;
  }

  private typeFor(manner: Manner, values: Values): string {
    if (manner === "release") return "release";
    return manner === "patch" ? `patch of ${kindOf(values)}` : kindOf(values);
  }

  private objectId(values: Values): string {
    const kind = kindOf(values);
    const found = this.kind(kind);
    if (found === undefined) throw new Error(`no matches for kind "${kind}": its definition doesn't exist`);
    const { name, namespace } = metadataOf(values);
    return found.scope === "cluster" ? text(name) : `${this.existing(namespace)}/${text(name)}`;
  }

  private releaseId(values: Values): string {
    const { namespace, name, createNamespace } = reveal(values) as Values;
    return `${createNamespace === true ? text(namespace) : this.existing(namespace)}/${text(name)}`;
  }

  /** The namespace, which must exist. */
  private existing(given: unknown): string {
    const namespace = given === undefined ? "default" : text(given);
    const made = this.typesOf("v1/Namespace").some((type) => this.cloud.has(type, namespace));
    if (!ownNamespaces.includes(namespace) && !made) throw new Error(`namespaces "${namespace}" not found`);
    return namespace;
  }
}
