import { madeSecrets } from "../../support/made-secrets";
import { metadataOf } from "./manifest";
import { kindOf, text } from "./objects";
import { at, isObject, reveal, UNKNOWN, type Values } from "./wire";

/** A dependency of an object. */
export interface Need {
  kind: string;
  name: string;
}

/** Objects in every new namespace. */
const own: readonly Need[] = [
  { kind: "v1/ServiceAccount", name: "default" },
  { kind: "v1/ConfigMap", name: "kube-root-ca.crt" },
];

const required = (value: unknown) => !isObject(value) || value["optional"] !== true;

/** The names at a path, except for optional objects. */
function named(kind: string, pod: unknown, path: string, key: string): Need[] {
  return at(pod, path)
    .filter(required)
    .flatMap((item) => at(item, key))
    .map((name) => ({ kind, name: text(name) }));
}

const containers = ["containers", "initContainers"];

/** Objects that a pod waits for, forever if they are missing: its account, its volumes, its variables. */
function podNeeds(pod: unknown): Need[] {
  const each = (path: string, kind: string, key = "name") =>
    containers.flatMap((list) => named(kind, pod, `${list}.${path}`, key));
  return [
    ...at(pod, "serviceAccountName").map((name) => ({ kind: "v1/ServiceAccount", name: text(name) })),
    ...named("v1/PersistentVolumeClaim", pod, "volumes.persistentVolumeClaim", "claimName"),
    ...named("v1/ConfigMap", pod, "volumes.configMap", "name"),
    ...named("v1/ConfigMap", pod, "volumes.projected.sources.configMap", "name"),
    ...named("v1/Secret", pod, "volumes.secret", "secretName"),
    ...named("v1/Secret", pod, "volumes.projected.sources.secret", "name"),
    ...named("v1/Secret", pod, "imagePullSecrets", "name"),
    ...each("envFrom.configMapRef", "v1/ConfigMap"),
    ...each("envFrom.secretRef", "v1/Secret"),
    ...each("env.valueFrom.configMapKeyRef", "v1/ConfigMap"),
    ...each("env.valueFrom.secretKeyRef", "v1/Secret"),
  ];
}

/** Paths of pod specs in the kinds that have them. */
const pods = ["spec.template.spec", "spec.jobTemplate.spec.template.spec"];

/** Dependencies of an object in its namespace or the cluster. */
export function needsOf(values: Values): Need[] {
  const plain = reveal(values) as Values;
  const kind = kindOf(plain);
  const needs =
    kind === "v1/PersistentVolumeClaim"
      ? named("v1/PersistentVolume", plain, "spec", "volumeName")
      : [...(kind === "v1/Pod" ? ["spec"] : []), ...pods].flatMap((path) =>
          at(plain, path).flatMap(podNeeds),
        );
  const known = needs.filter(
    ({ kind: wanted, name }) =>
      name !== "" && name !== UNKNOWN && !own.some((need) => need.kind === wanted && need.name === name),
  );
  return [...new Map(known.map((need) => [`${need.kind} ${need.name}`, need])).values()];
}

/** Objects that a controller creates for an object: External Secrets and cert-manager create Secrets. */
export function makes(values: Values): Need[] {
  const plain = reveal(values) as Values;
  const path = madeSecrets[text(plain["kind"])];
  if (path === undefined) return [];
  const [target] = at(plain, path.join("."));
  return [{ kind: "v1/Secret", name: text(target ?? metadataOf(plain).name) }];
}

/** Kinds whose deletion waits as long as others use them. */
export const held: readonly string[] = ["v1/PersistentVolume", "v1/PersistentVolumeClaim"];
