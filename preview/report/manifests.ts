import { stringify } from "yaml";

import { autoName, isKubernetesObject } from "../kubernetes";
import type { Registration } from "../monitor";
import type { Recording } from "../run-program";
import { isObject, type WireObject } from "../wire";
import { groupBy } from "./group";
import { fill, type Placeholder } from "./placeholders";
import { clusterScopedKinds, isClusterScoped } from "./scope";

/** One Kubernetes object as a file. */
export interface Manifest {
  /** `<namespace or "cluster">/<kind>-<name>.yaml`. */
  file: string;
  text: string;
  /** The same, before it became text. */
  object: WireObject;
  /** The resource that it comes from. */
  urn: string;
  placeholders: Placeholder[];
}

/** Every Kubernetes object of the program's first cluster, sorted by file. */
export const manifests = (recording: Recording): Manifest[] => manifestsByCluster(recording)[0] ?? [];

/** The Kubernetes objects that the program registered, by cluster: those of one provider, sorted by its name. */
export function manifestsByCluster({ resources }: Recording): Manifest[][] {
  const objects = [...resources.values()].filter(({ type, inputs }) => isKubernetesObject(type, inputs));
  const clusters = groupBy(objects, ({ provider }) => provider?.split("::").at(-2) ?? "");
  return [...clusters]
    .sort(([one], [other]) => (one < other ? -1 : 1))
    .map(([, all]) => ofCluster(all, resources));
}

function ofCluster(all: readonly Registration[], resources: Recording["resources"]): Manifest[] {
  const whole = new Set(all.filter(({ type }) => !isPatch(type)).map(({ inputs }) => identity(inputs)));
  // Objects that are patched later are in their initial form: a patch can't be applied as a separate file.
  const objects = all.filter(({ type, inputs }) => !isPatch(type) || !whole.has(identity(inputs)));
  const clusterScoped = clusterScopedKinds(objects.map(({ inputs }) => inputs));
  const taken = new Set<string>();
  const found = objects.map((registration) => {
    const provider = resources.get(registration.provider?.replace(/::[^:]*$/, "") ?? "");
    return manifest(registration, defaultNamespace(provider), clusterScoped, taken);
  });
  return found.sort((a, b) => (a.file < b.file ? -1 : 1));
}

/** A resource that changes some fields of an object that is there. */
const isPatch = (type: string): boolean => type.endsWith("Patch");

/** Identity of an object in the cluster. */
function identity({ apiVersion, kind, metadata }: WireObject): string {
  const { namespace = "", name = "" } = isObject(metadata) ? metadata : {};
  return JSON.stringify([apiVersion, kind, namespace, name]);
}

function manifest(
  { urn, name, inputs }: Registration,
  namespace: string,
  clusterScoped: ReadonlySet<string>,
  taken: Set<string>,
): Manifest {
  const { filled, placeholders } = fill(inputs);
  const given = isObject(filled.metadata) ? filled.metadata : {};
  if (given.name === undefined) {
    const placeholder = autoName(urn, name);
    placeholders.push({ path: "metadata.name", placeholder, reason: "unknown" });
    given.name = placeholder;
  }
  const body = Object.fromEntries(Object.entries(filled).filter(([key]) => !HEAD.includes(key)));
  const scoped = isClusterScoped(filled, clusterScoped);
  const { name: ownName, namespace: ownNamespace, ...rest } = given;
  const placed: WireObject = scoped ? {} : { namespace: ownNamespace ?? namespace };
  const metadata: WireObject = { name: ownName ?? "", ...placed, ...rest };
  // Keys in their usual order.
  const object: WireObject = {
    apiVersion: filled.apiVersion ?? "",
    kind: filled.kind ?? "",
    metadata,
    ...body,
  };
  return {
    urn,
    object,
    file: fileOf(scoped ? "cluster" : String(metadata.namespace), filled, String(metadata.name), taken),
    text: stringify(object, { lineWidth: 0 }),
    placeholders,
  };
}

const HEAD = ["apiVersion", "kind", "metadata"];

/** The namespace of an object that names none: the provider's own, or `default`. */
function defaultNamespace(provider: Registration | undefined): string {
  const namespace = provider?.inputs.namespace;
  return typeof namespace === "string" ? namespace : "default";
}

/** A path that no other object has: the API group tells kinds of one name apart. */
function fileOf(folder: string, { apiVersion, kind }: WireObject, name: string, taken: Set<string>): string {
  const group = String(apiVersion).split("/")[0] ?? "";
  const base = `${folder}/${String(kind).toLowerCase()}-${name.replaceAll(/[^\w.-]/g, "_")}`;
  const file = [`${base}.yaml`, `${base}.${group}.yaml`].find((candidate) => !taken.has(candidate));
  const free = file ?? `${base}.${taken.size}.yaml`;
  taken.add(free);
  return free;
}
