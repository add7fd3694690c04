import type { PlannedResource } from "../report/json";
import { isObject } from "../wire";
import { replacesIf } from "./conditions";
import replacements from "./replacements.json";

type Paths = Readonly<Record<string, readonly string[]>>;
const { types, sometimes }: { types: Paths; sometimes: Paths } = replacements;

/** Changes that replace every Kubernetes object and Helm release: the name, or the namespace. */
const OBJECT = ["metadata.name", "metadata.namespace"];
const RELEASE = ["name", "namespace"];

/**
 * Paths of a resource's inputs whose change replaces it: those of the provider (`replacements.json`) and those of the
 * resource's own option `replaceOnChanges`.
 *
 * @param provider inputs of its provider, some of which decide too
 * @param old inputs before the change, on which some paths depend. Default: the same as now.
 */
export function replacingPaths(
  { type, options, inputs }: PlannedResource,
  provider: PlannedResource["inputs"] = {},
  old: PlannedResource["inputs"] = inputs,
): readonly string[] {
  const conditional = (sometimes[type] ?? []).filter((path) =>
    replacesIf(type, path, [valueAt(old, path), valueAt(inputs, path)], inputs),
  );
  return [...byProvider(type, provider), ...conditional, ...(options.replaceOnChanges ?? [])];
}

function byProvider(type: string, provider: PlannedResource["inputs"]): readonly string[] {
  if (type === "pulumi:providers:kubernetes") return ["clusterIdentifier"];
  if (type === "kubernetes:helm.sh/v3:Release") return RELEASE;
  const listed = types[type] ?? [];
  if (!type.startsWith("kubernetes:")) return listed;
  const mutable = { ConfigMap: "enableConfigMapMutable", Secret: "enableSecretMutable" }[
    type.split(":").at(-1) ?? ""
  ];
  return mutable !== undefined && String(provider[mutable]) === "true" ? OBJECT : [...OBJECT, ...listed];
}

/** Whether a path is one of those, or inside one, or holds one. */
export function replaces(path: string, replacing: readonly string[]): boolean {
  const plain = path.replaceAll(/\[[^\]]*\]/g, "");
  return replacing.some(
    (each) => each === "*" || plain === each || plain.startsWith(`${each}.`) || each.startsWith(`${plain}.`),
  );
}

/** The value at a path of plain keys; undefined where there is none. */
export function valueAt(inputs: PlannedResource["inputs"], path: string): unknown {
  return path
    .split(".")
    .reduce<unknown>(
      (value, key) => (isObject(value as never) ? (value as Record<string, unknown>)[key] : undefined),
      inputs,
    );
}
