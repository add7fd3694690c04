import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SystemSpec } from "../../systems/spec";
import type { StoreOutputs } from "../store";
import type { Namespace } from "../workload/namespace";
import type { ReadSecret } from "../workload/restarts";
import { secretData } from "./secret-data";
import type { SecretStore } from "./secret-store";
import { secretKeys } from "./wiring";

/** How often a Secret is brought up to date: a rotation has reached it by then. */
export const refreshInterval = "1h";

export interface SyncedSecretArgs {
  readonly spec: SystemSpec;
  readonly namespace: Namespace;
  /** Undefined: the system reads no secret. */
  readonly secretStore: SecretStore | undefined;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
}

/**
 * The Secret that a name space's workloads read, kept in step with Secrets Manager: under the document's name and
 * keys, from the entries of the stores that the workloads refer to. Nothing where no workload reads one.
 */
export function syncedSecret(
  name: string,
  { spec, namespace, secretStore, stores }: SyncedSecretArgs,
  opts: pulumi.CustomResourceOptions,
): ReadSecret | undefined {
  const keys = secretKeys(spec, namespace.namespaceName);
  if (keys.length === 0 || secretStore === undefined) return undefined;
  const filledBy = [...new Set(keys.map(({ store }) => store))].flatMap(
    (store) => stores[store]?.secret?.filledBy ?? [],
  );
  const read = secretData(spec.secret, keys, stores);
  const versions = [...new Set(keys.map(({ store }) => store))].map(
    (store) => stores[store]?.secret?.version,
  );
  const source = digestOf(versions);
  const resource = new k8s.apiextensions.CustomResource(
    name,
    {
      apiVersion: "external-secrets.io/v1",
      kind: "ExternalSecret",
      metadata: {
        name: spec.secret,
        namespace: namespace.namespaceName,
        labels: { "app.kubernetes.io/part-of": spec.name, "app.kubernetes.io/managed-by": "pulumi" },
        // Pods that read the Secret start when it is there, not before.
        annotations: {
          "pulumi.com/waitFor": "condition=Ready",
          // The operator looks again at once when this changes, and not within the hour.
          "checksum/source": source,
        },
      },
      spec: {
        refreshInterval,
        secretStoreRef: { kind: "ClusterSecretStore", name: secretStore.name },
        ...read,
      },
    },
    { ...opts, dependsOn: [namespace.resource, secretStore.resource, ...filledBy] },
  );
  return { name: spec.secret, resource, digest: digestOf({ read, source }) };
}

const digestOf = (what: object): pulumi.Output<string> =>
  pulumi
    .output(what)
    .apply((known) => createHash("sha256").update(JSON.stringify(known)).digest("hex").slice(0, 16));
