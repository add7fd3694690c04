import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { ClusterSettings, MirrorSettings } from "../../config";
import { Component } from "../base/component";
import { scratchClass } from "../../standards/objects";
import type { Context, KeyArns } from "../base/context";
import type { OperatorReach, Operators } from "../base/operators";
import type { Network } from "../network/network";
import type { Cluster } from "./cluster";
import { AdmissionPolicies } from "./admission-policies";
import { Nodes } from "./nodes";
import { ClusterOperators } from "./operators/cluster-operators";
import { ExternalSecrets, externalSecretsPolicies } from "./operators/external-secrets";
import { alertTopics } from "./operators/alertmanager";
import { operatorMonitors, scraped } from "./operators/monitors";
import { PeopleRoles } from "./people-roles";
import { PriorityClasses } from "./priority-classes";

export interface PlatformArgs {
  readonly context: Context;
  readonly settings: ClusterSettings;
  readonly cluster: Cluster;
  readonly network: Network;
  readonly keys: KeyArns;
  readonly zones: readonly string[];
  /** What the systems have that operators must reach. */
  readonly reach: OperatorReach;
  /** Jobs use volumes that are deleted with their pods. */
  readonly scratch: boolean;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/**
 * What stands inside the cluster before any workload: nodes, storage, enforced network policies, priorities,
 * secrets and the other operators.
 *
 * Give it the cluster's Kubernetes provider. Everything in it is a Kubernetes object: a component with that provider
 * comes into being after the cluster, and what belongs to AWS shouldn't wait for that.
 */
export class Platform extends Component {
  /** The External Secrets Operator: stores and ExternalSecrets wait for it. */
  readonly externalSecrets: pulumi.Resource;
  /** Name of the class for volumes: encrypted with the cluster's key, and the default. */
  readonly storageClass: string;
  readonly operators: Operators;
  /** What pods name: every namespace waits for them. */
  readonly priorityClasses: readonly pulumi.Resource[];
  /** What asks about the systems' objects: their namespaces wait for it. */
  readonly admission: readonly pulumi.Resource[];

  constructor(name: string, args: PlatformArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Platform", name, opts);
    const { context, settings, cluster, network, keys, zones } = args;
    const nodes = new Nodes(
      this.child("nodes"),
      { context, settings: settings.nodePool, cluster, network, keys, zones },
      this.inside,
    );
    this.networkPolicies();
    new PeopleRoles(this.child("people"), this.inside);
    const storageClass = this.storage(context, keys);
    this.storageClass = storageClass.name;
    if (args.scratch)
      this.storageClassOf(
        "scratch",
        { metadata: { name: scratchClass }, reclaimPolicy: "Delete" },
        context.tags,
        keys,
      );
    this.priorityClasses = new PriorityClasses(this.child("priorities"), this.inside).classes;
    this.admission = new AdmissionPolicies(
      this.child("admission"),
      { accountId: context.accountId, ...(args.mirrors && { mirrors: args.mirrors }) },
      this.inside,
    ).bindings;
    const ranges = {
      vpcCidr: network.cidr,
      privateCidrs: network.privateCidrs,
      serviceCidr: cluster.serviceCidr,
    };
    this.externalSecrets = new ExternalSecrets(
      this.child("secrets"),
      {
        settings: settings.operators.externalSecrets,
        kubernetesVersion: settings.version,
        priorityClasses: this.priorityClasses,
        policies: { ...externalSecretsPolicies(ranges), ...scraped("externalSecrets", settings.operators) },
        servesMetrics: settings.operators.prometheus !== undefined,
        waitsFor: [nodes.pool, cluster.externalSecrets.association],
      },
      this.inside,
    ).release;
    this.operators = new ClusterOperators(
      this.child("operators"),
      {
        settings,
        ranges,
        reach: args.reach,
        ...(args.mirrors && { mirrors: args.mirrors }),
        priorityClasses: this.priorityClasses,
        storageClass,
        certManager: cluster.certManager,
        associations: { keda: cluster.keda, prometheus: cluster.alertmanager },
        topics: alertTopics(context),
        waitsFor: [nodes.pool],
      },
      this.inside,
    ).operators;
    operatorMonitors(this, "monitors", { ...this.operators, externalSecrets: this.externalSecrets });
    this.registerOutputs();
  }

  /**
   * Switches on what enforces network policies; without it they are accepted and do nothing. EKS may or may not have
   * made the object itself, and to create one that exists is an error: a patch is right in both cases, and forced,
   * since it is not for another owner to switch this off. Source: EKS user guide, network policies with EKS Auto Mode.
   *
   * It stays until the cluster goes: to delete a patch is to take its fields back, and nothing waits for it, so a
   * destruction would begin with it. With the controller off, nobody takes its finalizer off the policies, and they
   * and their namespaces would stay forever. Source: amazon-network-policy-controller-k8s,
   * `internal/controllers/policy_controller.go`.
   */
  private networkPolicies(): void {
    new k8s.core.v1.ConfigMapPatch(
      this.child("network-policies"),
      {
        metadata: {
          name: "amazon-vpc-cni",
          namespace: "kube-system",
          annotations: { "pulumi.com/patchForce": "true" },
        },
        data: { "enable-network-policy-controller": "true" },
      },
      { ...this.inside, retainOnDelete: true },
    );
  }

  /** Auto Mode brings no class of its own. Source: EKS user guide, create a storage class. */
  private storage({ disposable, tags }: Context, keys: KeyArns): { name: string; resource: pulumi.Resource } {
    const name = "encrypted";
    const metadata = { name, annotations: { "storageclass.kubernetes.io/is-default-class": "true" } };
    // Fixed for the class's life: a class that followed `protect` would be replaced before `destroy`.
    const reclaimPolicy = disposable ? "Delete" : "Retain";
    return { name, resource: this.storageClassOf("storage", { metadata, reclaimPolicy }, tags, keys) };
  }

  private storageClassOf(
    key: string,
    given: Pick<k8s.types.input.storage.v1.StorageClass, "metadata" | "reclaimPolicy">,
    tags: Context["tags"],
    keys: KeyArns,
  ): pulumi.Resource {
    return new k8s.storage.v1.StorageClass(
      this.child(key),
      {
        ...given,
        provisioner: "ebs.csi.eks.amazonaws.com",
        parameters: { type: "gp3", encrypted: "true", kmsKeyId: keys.cluster, ...tagParameters(tags) },
        // A volume is made where its pod runs, not in a zone where it then can't.
        volumeBindingMode: "WaitForFirstConsumer",
        allowVolumeExpansion: true,
      },
      this.inside,
    );
  }
}

/** Tags of the volumes, in the EBS driver's own form: one parameter each, by number. */
const tagParameters = (tags: Context["tags"]): Record<string, string> =>
  Object.fromEntries(
    Object.entries(tags).map(([key, value], index) => [`tagSpecification_${index + 1}`, `${key}=${value}`]),
  );
