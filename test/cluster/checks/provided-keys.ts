import { ofKind } from "../manifests";
import type { KubeObject } from "../types";

interface ExternalSecret extends KubeObject {
  spec: {
    target?: { name?: string; template?: { data?: object; mergePolicy?: string } };
    data?: { secretKey: string }[];
    dataFrom?: unknown[];
  };
}

/**
 * The keys of an object that is there: of a ConfigMap its own, of a Secret those that an ExternalSecret fetches.
 * `any` where they can't be known or the kind has none; undefined where there is no such object.
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
  const external = ofKind<ExternalSecret>(objects, "ExternalSecret").find(
    ({ metadata, spec }) => metadata.namespace === namespace && (spec.target?.name ?? metadata.name) === name,
  );
  return external && fetchedKeys(external);
}

function ownKeys(object: KubeObject): ReadonlySet<string> {
  return new Set(["data", "binaryData", "stringData"].flatMap((field) => Object.keys(object[field] ?? {})));
}

/** A template's keys take the place of those that were fetched, unless it is merged with them. */
function fetchedKeys({
  spec: { target, data = [], dataFrom = [] },
}: ExternalSecret): ReadonlySet<string> | "any" {
  const template = target?.template;
  const templated = Object.keys(template?.data ?? {});
  if (templated.length > 0 && template?.mergePolicy !== "Merge") return new Set(templated);
  if (dataFrom.length > 0) return "any";
  return new Set([...templated, ...data.map(({ secretKey }) => secretKey)]);
}
