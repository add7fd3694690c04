import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { SystemSpec } from "../../systems/spec";
import { Component } from "../component";
import type { StoreOutputs } from "../store";
import { allowDns, defaultDeny, type Addresses } from "../workload/network-policy";
import { quota, type Footprint } from "./quota";
import { secretKeys } from "./wiring";

/** Where the External Secrets Operator reads, and what must be there before it does. */
export interface SecretStore {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

export interface NamespaceArgs {
  readonly spec: SystemSpec;
  readonly namespaceName: string;
  /** Minor version of the cluster: the Pod Security level means what it meant then. */
  readonly kubernetesVersion: string;
  readonly footprints: readonly Footprint[];
  readonly addresses: Addresses;
  readonly secretStore: SecretStore;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
}

/** What a container gets that names no resources itself. */
const containerDefaults = {
  defaultRequest: { cpu: "50m", memory: "64Mi" },
  default: { cpu: "200m", memory: "256Mi" },
};

/** A system's name space: restricted, limited, shut, and with the Secret that its workloads read. */
export class Namespace extends Component {
  /** The name, known once the name space is there. */
  readonly ready: pulumi.Output<string>;
  /** The synced Secret; none where no workload reads one. */
  readonly secret: pulumi.Resource | undefined;

  constructor(name: string, args: NamespaceArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:system:Namespace", name, opts);
    this.ready = this.namespace(args);
    this.limits(args.footprints);
    this.networkPolicies(args.addresses);
    this.secret = this.externalSecret(args);
    this.registerOutputs();
  }

  private namespace({ spec, namespaceName, kubernetesVersion }: NamespaceArgs): pulumi.Output<string> {
    const level = Object.fromEntries(
      ["enforce", "audit", "warn"].flatMap((mode) => [
        [`pod-security.kubernetes.io/${mode}`, "restricted"],
        [`pod-security.kubernetes.io/${mode}-version`, `v${kubernetesVersion}`],
      ]),
    );
    const labels = {
      "app.kubernetes.io/part-of": spec.name,
      "app.kubernetes.io/managed-by": "pulumi",
      name: namespaceName,
      ...level,
    };
    return new k8s.core.v1.Namespace(
      this.child("namespace"),
      { metadata: { name: namespaceName, labels } },
      this.inside,
    ).metadata.name;
  }

  private limits(footprints: readonly Footprint[]): void {
    new k8s.core.v1.ResourceQuota(
      this.child("quota"),
      { metadata: { name: "quota", namespace: this.ready }, spec: { hard: quota(footprints) } },
      this.inside,
    );
    new k8s.core.v1.LimitRange(
      this.child("limits"),
      {
        metadata: { name: "limits", namespace: this.ready },
        spec: { limits: [{ type: "Container", ...containerDefaults }] },
      },
      this.inside,
    );
  }

  private networkPolicies(addresses: Addresses): void {
    const policies = { "default-deny": defaultDeny, "allow-dns": allowDns(addresses) };
    for (const [name, spec] of Object.entries(policies))
      new k8s.networking.v1.NetworkPolicy(
        this.child(name),
        { metadata: { name, namespace: this.ready }, spec },
        this.inside,
      );
  }

  private externalSecret({
    spec,
    namespaceName,
    secretStore,
    stores,
  }: NamespaceArgs): pulumi.Resource | undefined {
    const keys = secretKeys(spec, namespaceName);
    if (keys.length === 0) return undefined;
    const entries = [...new Set(keys.map(({ store }) => store))].map((store) => stores[store]?.secret);
    return new k8s.apiextensions.CustomResource(
      this.child("secret"),
      {
        apiVersion: "external-secrets.io/v1",
        kind: "ExternalSecret",
        metadata: {
          name: spec.secret,
          namespace: this.ready,
          // Pods that read the Secret start when it is there, not before.
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          refreshInterval: "1h",
          secretStoreRef: { kind: "ClusterSecretStore", name: secretStore.name },
          target: { name: spec.secret, creationPolicy: "Owner" },
          data: keys.map(({ key, store, output }) => ({
            secretKey: key,
            remoteRef: { key: stores[store]?.secret?.entry, property: output },
          })),
        },
      },
      {
        ...this.inside,
        dependsOn: [secretStore.resource, ...entries.flatMap((entry) => entry?.filledBy ?? [])],
      },
    );
  }
}
