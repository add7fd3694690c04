import type { Cloud } from "./cloud";
import { metadataOf } from "./manifest";
import { addons } from "./rules/charts";
import { builtIn, kinds, ownNamespaces, type Kind } from "./rules/kubernetes";
import { definitions, kindOf, kindsOf, text } from "./objects";
import { reveal, type Values } from "./wire";

/** How an object is registered: of its own, as a patch of one that may be another's, or as a Helm release. */
export type Manner = "object" | "patch" | "release";

const definitionOf = (scope: string) => `definition (${scope})`;

/** What one cluster holds, and what its API server refuses. All of it stands in the cloud, under the cluster's name. */
export class Cluster {
  constructor(
    private readonly cloud: Cloud,
    private readonly name: string,
  ) {}

  /** A kind that the cluster knows: its own, those of Auto Mode, and those whose definition was made. */
  kind(kind: string): Kind | undefined {
    if (this.cloud.has(this.type(definitionOf("Cluster")), kind)) return { scope: "cluster" };
    if (this.cloud.has(this.type(definitionOf("Namespaced")), kind)) return { scope: "namespaced" };
    return kinds[kind] ?? builtIn[kind] ?? this.ofAddon(kind);
  }

  /** A kind that EKS brings with an add-on. */
  private ofAddon(kind: string): Kind | undefined {
    for (const [addon, brought] of Object.entries(addons)) {
      const found = kindsOf(brought).find((each) => each.kind === kind);
      if (found !== undefined && this.cloud.has("aws:eks/addon:Addon", `${this.name}:${addon}`))
        return { scope: found.scope === "Cluster" ? "cluster" : "namespaced" };
    }
    return undefined;
  }

  /** Adds an object and answers its id. Throws what the API server, or Helm, would say. */
  add(urn: string, manner: Manner, values: Values): string {
    const [type, id] = [
      this.typeFor(manner, values),
      manner === "release" ? this.releaseId(values) : this.objectId(values),
    ];
    if (!this.cloud.add({ urn, type: this.type(type), id, names: [], uses: [] }))
      throw new Error(`${type} "${id}" already exists`);
    for (const { kind, scope } of definitions(values))
      this.cloud.add({ urn, type: this.type(definitionOf(scope)), id: kind, names: [], uses: [] });
    return id;
  }

  has(manner: Manner, id: string, values: Values): boolean {
    return this.cloud.has(this.type(this.typeFor(manner, values)), id);
  }

  remove(manner: Manner, id: string, values: Values): void {
    this.cloud.remove(this.type(this.typeFor(manner, values)), id);
    for (const { kind, scope } of definitions(values))
      this.cloud.remove(this.type(definitionOf(scope)), kind);
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

  /** The namespace, which must be there already. */
  private existing(given: unknown): string {
    const namespace = given === undefined ? "default" : text(given);
    // Who patches a namespace that isn't there makes it.
    const made = ["v1/Namespace", "patch of v1/Namespace"].some((type) =>
      this.cloud.has(this.type(type), namespace),
    );
    if (!ownNamespaces.includes(namespace) && !made) throw new Error(`namespaces "${namespace}" not found`);
    return namespace;
  }
}
