import type { PodSpec } from "../types";
import type { Reference } from "./reference";

interface KeyRef {
  name: string;
  key?: string;
  optional?: boolean;
}

interface Source {
  configMapKeyRef?: KeyRef;
  secretKeyRef?: KeyRef;
  configMapRef?: KeyRef;
  secretRef?: KeyRef;
}

interface Files {
  name?: string;
  secretName?: string;
  items?: { key: string }[];
  optional?: boolean;
}

interface Volume {
  configMap?: Files;
  secret?: Files;
  persistentVolumeClaim?: { claimName: string };
  projected?: { sources: Volume[] };
}

interface ContainerFields {
  env?: { valueFrom?: Source }[];
  envFrom?: Source[];
}

/** Objects in its namespace that a pod needs to start. */
export function podReferences(spec: PodSpec): Reference[] {
  const containers = [...(spec.initContainers ?? []), ...spec.containers] as ContainerFields[];
  const sources = containers.flatMap(({ env = [], envFrom = [] }) => [
    ...env.flatMap(({ valueFrom }) => valueFrom ?? []),
    ...envFrom,
  ]);
  const account = spec.serviceAccountName;
  return [
    ...(account === undefined || account === "default" ? [] : [{ kind: "ServiceAccount", name: account }]),
    ...sources.flatMap(ofSource),
    ...((spec.volumes ?? []) as unknown as Volume[]).flatMap(ofVolume),
  ];
}

function ofSource({ configMapKeyRef, secretKeyRef, configMapRef, secretRef }: Source): Reference[] {
  return [
    ...[configMapKeyRef, configMapRef].flatMap((ref) => (ref ? [{ ...ref, kind: "ConfigMap" }] : [])),
    ...[secretKeyRef, secretRef].flatMap((ref) => (ref ? [{ ...ref, kind: "Secret" }] : [])),
  ];
}

function ofVolume({ configMap, secret, persistentVolumeClaim: claim, projected }: Volume): Reference[] {
  return [
    ...(configMap ? ofFiles("ConfigMap", configMap) : []),
    ...(secret ? ofFiles("Secret", secret) : []),
    ...(claim ? [{ kind: "PersistentVolumeClaim", name: claim.claimName }] : []),
    ...(projected?.sources ?? []).flatMap(ofVolume),
  ];
}

/** A Secret's name is `name` in a projected source and `secretName` in a volume. */
function ofFiles(kind: string, { name, secretName, items, optional }: Files): Reference[] {
  const whole = { kind, name: name ?? secretName ?? "", optional };
  return items ? items.map(({ key }) => ({ ...whole, key })) : [whole];
}
