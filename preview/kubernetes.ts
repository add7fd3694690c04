import { createHash } from "node:crypto";

import { isObject, type WireObject } from "./wire";

/** True for a resource that is one Kubernetes object (no chart, release or YAML file). */
export function isKubernetesObject(type: string, inputs: WireObject): boolean {
  return (
    type.startsWith("kubernetes:") &&
    typeof inputs.apiVersion === "string" &&
    typeof inputs.kind === "string" &&
    !type.startsWith("kubernetes:helm.sh/")
  );
}

/**
 * The name of an object that gives none: the resource's name and eight hexadecimal digits, as the
 * Kubernetes provider does. The provider draws them at random; here they come from the URN, so that
 * two previews agree.
 */
export function autoName(urn: string, resourceName: string): string {
  return `${resourceName}-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/**
 * The object's inputs with `metadata.name` set, since a real preview knows the generated name too
 * (the provider's check makes it) and what refers to it must see it.
 */
export function withName(urn: string, resourceName: string, inputs: WireObject): WireObject {
  const metadata = inputs.metadata ?? {};
  if (!isObject(metadata) || metadata.name !== undefined) return inputs;
  return { ...inputs, metadata: { ...metadata, name: autoName(urn, resourceName) } };
}
