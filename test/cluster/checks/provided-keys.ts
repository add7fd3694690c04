import { madeSecrets } from "../../support/made-secrets";
import type { KubeObject } from "../types";

interface ExternalSecret extends KubeObject {
  spec: {
    target?: { name?: string; template?: { data?: object; mergePolicy?: string } };
    data?: { secretKey: string }[];
    dataFrom?: unknown[];
  };
}

interface Certificate extends KubeObject {
  spec: { keystores?: object; additionalOutputFormats?: unknown[] };
}

/**
 * Keys of an existing object: a ConfigMap's own, or those of a Secret that an ExternalSecret or cert-manager creates.
 * `any` if they are unknown or the kind has none; undefined if the object doesn't exist.
 */
export function keysOf(
  objects: readonly KubeObject[],
  kind: string,
  name: string,
  namespace?: string,
): ReadonlySet<string> | "any" | undefined {
  const object = objects.find(
    (one) => one.kind === kind && one.metadata.name === name && one.metadata.namespace === namespace,
  );
  if (object) return kind === "ConfigMap" || kind === "Secret" ? ownKeys(object) : "any";
  if (kind !== "Secret") return undefined;
  const maker = objects.find((one) => one.metadata.namespace === namespace && secretOf(one) === name);
  if (maker === undefined) return undefined;
  return maker.kind === "Certificate"
    ? certificateKeys(maker as Certificate)
    : fetchedKeys(maker as ExternalSecret);
}

/** Name of the Secret that a controller creates for an object. */
function secretOf(object: KubeObject): string | undefined {
  const path = madeSecrets[object.kind];
  if (path === undefined) return undefined;
  const named = path.reduce<unknown>(
    (value, key) => (value as Record<string, unknown> | undefined)?.[key],
    object,
  );
  return typeof named === "string" ? named : object.metadata.name;
}

/** Source: cert-manager's documentation, 1.20, "Certificate resource": target secret. */
function certificateKeys({ spec }: Certificate): ReadonlySet<string> | "any" {
  if (spec.keystores !== undefined || spec.additionalOutputFormats !== undefined) return "any";
  return new Set(["tls.crt", "tls.key", "ca.crt"]);
}

function ownKeys(object: KubeObject): ReadonlySet<string> {
  return new Set(["data", "binaryData", "stringData"].flatMap((field) => Object.keys(object[field] ?? {})));
}

/** A template's keys replace the fetched ones, unless it is merged with them. */
function fetchedKeys({
  spec: { target, data = [], dataFrom = [] },
}: ExternalSecret): ReadonlySet<string> | "any" {
  const template = target?.template;
  const templated = Object.keys(template?.data ?? {});
  if (templated.length > 0 && template?.mergePolicy !== "Merge") return new Set(templated);
  if (dataFrom.length > 0) return "any";
  return new Set([...templated, ...data.map(({ secretKey }) => secretKey)]);
}
