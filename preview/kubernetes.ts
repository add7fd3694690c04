import { createHash } from "node:crypto";

import { isObject, type WireObject } from "./wire";

/** Whether a resource is a single Kubernetes object, not a chart, release or YAML file. */
export function isKubernetesObject(type: string, inputs: WireObject): boolean {
  return (
    type.startsWith("kubernetes:") &&
    typeof inputs.apiVersion === "string" &&
    typeof inputs.kind === "string" &&
    !type.startsWith("kubernetes:helm.sh/")
  );
}

/**
 * The name of an object without one: the resource's name and eight hexadecimal digits, as in the Kubernetes provider.
 * The provider's digits are random; here they are derived from the URN, so that previews are reproducible.
 */
export function autoName(urn: string, resourceName: string): string {
  return `${resourceName}-${createHash("sha256").update(urn).digest("hex").slice(0, 8)}`;
}

/**
 * The object's inputs with `metadata.name` set. In a real preview, too, the generated name is known (the provider's
 * check creates it) and references to it resolve.
 */
export function withName(urn: string, resourceName: string, inputs: WireObject): WireObject {
  const metadata = inputs.metadata ?? {};
  if (!isObject(metadata) || metadata.name !== undefined) return inputs;
  return { ...inputs, metadata: { ...metadata, name: autoName(urn, resourceName) } };
}
