import type { SystemSpec } from "../../../systems/spec";
import type { Component } from "../../base/component";
import { digestOf, externalSecret, type SecretStore } from "../../base/external-secret";
import type { StoreOutputs } from "../../base/store";
import type { Namespace } from "../../workload/namespace";
import type { ReadSecret } from "../../workload/restarts";
import { secretData } from "./data";
import { secretKeys } from "../wiring";
import { systemLabels } from "../../workload/labels";

export interface SyncedSecretArgs {
  readonly spec: SystemSpec;
  readonly namespace: Namespace;
  /** Undefined: the system reads no secret. */
  readonly secretStore: SecretStore | undefined;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
}

/**
 * The Secret that a namespace's workloads read, synced from Secrets Manager: with the document's name and keys, from
 * the entries of the stores that the workloads refer to. Undefined if no workload reads one.
 */
export function syncedSecret(
  parent: Component,
  key: string,
  { spec, namespace, secretStore, stores }: SyncedSecretArgs,
): ReadSecret | undefined {
  const keys = secretKeys(spec, namespace.namespaceName);
  if (keys.length === 0 || secretStore === undefined) return undefined;
  const filledBy = [...new Set(keys.map(({ store }) => store))].flatMap(
    (store) => stores[store]?.secret?.filledBy ?? [],
  );
  const versions = [...new Set(keys.map(({ store }) => store))].map(
    (store) => stores[store]?.secret?.version,
  );
  const source = digestOf(versions);
  const { resource, content } = externalSecret(parent, key, {
    secret: spec.secret,
    namespace: namespace.namespaceName,
    store: secretStore,
    ...secretData(keys, stores),
    labels: systemLabels(spec.name),
    // When this changes, the operator refreshes the Secret at once instead of within the hour.
    annotations: { "checksum/source": source },
    waitsFor: [namespace.resource, ...filledBy],
  });
  return { name: spec.secret, resource, digest: digestOf({ read: content, source }) };
}
