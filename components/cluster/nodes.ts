import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { amount, type ClusterSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import type { Network } from "../network/network";
import type { Cluster } from "./cluster";

export interface NodesArgs {
  readonly context: Pick<Context, "tags">;
  readonly settings: ClusterSettings["nodePool"];
  readonly cluster: Cluster;
  readonly network: Network;
  readonly keys: KeyArns;
  readonly zones: readonly string[];
}

/** Name of the node class and of the node pool. `default` is EKS's own. */
const poolName = "workloads";
/** EKS's own default: room for images and scratch volumes. Source: EKS user guide, create a node class. */
const diskSize = "80Gi";
/** Instance families, and the generation they are newer than, as in EKS's own pools. */
const instances = { categories: ["c", "m", "r"], newerThan: "4" } as const;
/** A node lives for two weeks, so that its system is never older; Auto Mode allows three. */
const nodeLife = "336h";
/** Most time that a node's pods get to leave it. */
const drainTime = "24h0m0s";
/**
 * Time for which a node must have been too large before its pods are moved together. A service of two pods runs on one
 * while the other moves; with a minute, each step of an autoscaler would be followed by such a move. A quarter of an
 * hour is longer than the autoscalers' own windows (`config/scaling-pace.ts`).
 */
const settleTime = "15m";
/**
 * Nodes replaced at a time, for age, a new system or a change of the class: percentages round up, one of a few. Of
 * those that are merely too large, one: its pods have started elsewhere before the next one is looked at.
 */
const disruptionBudgets = [{ nodes: "10%" }, { nodes: "1", reasons: ["Underutilized"] }];
/** Nodes drain before the pool is gone, and pods leave at their own pace. */
const deletion = { delete: "30m" } as const;

/**
 * The machines that pods run on, made and removed by EKS Auto Mode as pods come and go: in the private subnets, with
 * disks under the cluster's key, and with the badge that data stores know.
 */
export class Nodes extends Component {
  /** The pool: pods that must run for Pulumi to go on wait for it. */
  readonly pool: pulumi.Resource;

  constructor(name: string, args: NodesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Nodes", name, opts);
    this.pool = this.nodePool(args, this.nodeClass(args));
    this.registerOutputs();
  }

  /** The node role is known once the cluster admits it: a node that comes earlier never joins. */
  private nodeClass({ context, cluster, network, keys }: NodesArgs): k8s.apiextensions.CustomResource {
    return new k8s.apiextensions.CustomResource(
      this.child("class"),
      {
        apiVersion: "eks.amazonaws.com/v1",
        kind: "NodeClass",
        metadata: { name: poolName },
        spec: {
          role: cluster.nodeRoleName,
          subnetSelectorTerms: network.nodeSubnetIds.map((id) => ({ id })),
          securityGroupSelectorTerms: [{ id: cluster.securityGroupId }, { id: network.nodeSecurityGroupId }],
          ephemeralStorage: { size: diskSize, kmsKeyID: keys.cluster },
          // Each namespace has its own default deny; DefaultDeny would cut off what EKS runs in kube-system too.
          networkPolicy: "DefaultAllow",
          // What was let through and what was refused, written on the node: see docs/network.md.
          networkPolicyEventLogs: "Enabled",
          tags: { ...context.tags },
        },
      },
      { ...this.inside, customTimeouts: deletion },
    );
  }

  /** Deleted before the class and, as the provider does, in the foreground: its nodes are gone when it is. */
  private nodePool(
    { settings, zones }: NodesArgs,
    nodeClass: pulumi.Resource,
  ): k8s.apiextensions.CustomResource {
    return new k8s.apiextensions.CustomResource(
      this.child("pool"),
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: {
          name: poolName,
          annotations: { "pulumi.com/waitFor": "condition=Ready" },
        },
        spec: {
          template: {
            spec: {
              nodeClassRef: {
                group: "eks.amazonaws.com",
                kind: "NodeClass",
                name: poolName,
              },
              requirements: requirements(settings, zones),
              expireAfter: nodeLife,
              terminationGracePeriod: drainTime,
            },
          },
          limits: settings.limits,
          // Explicit, since the default changes with the cluster's version.
          disruption: {
            consolidationPolicy: "WhenEmptyOrUnderutilized",
            consolidateAfter: settleTime,
            budgets: disruptionBudgets,
          },
        },
      },
      { ...this.inside, customTimeouts: deletion, dependsOn: [nodeClass] },
    );
  }
}

/** What instances a pool may take. Source: EKS user guide, create a node pool for EKS Auto Mode. */
function requirements(
  { architecture, capacity, largestNode }: NodesArgs["settings"],
  zones: readonly string[],
) {
  const oneOf = (key: string, ...values: string[]) => ({ key, operator: "In", values });
  return [
    oneOf("kubernetes.io/arch", architecture),
    oneOf("karpenter.sh/capacity-type", capacity),
    oneOf("topology.kubernetes.io/zone", ...zones),
    oneOf("eks.amazonaws.com/instance-category", ...instances.categories),
    { key: "eks.amazonaws.com/instance-generation", operator: "Gt", values: [instances.newerThan] },
    ...noLargerThan(largestNode),
  ];
}

/** Nodes up to a size: cores, and memory in MiB. */
function noLargerThan({ cpu, memory }: NodesArgs["settings"]["largestNode"]) {
  const below = (key: string, most: number) => ({
    key,
    operator: "Lt",
    values: [String(Math.floor(most) + 1)],
  });
  return [
    below("eks.amazonaws.com/instance-cpu", amount(cpu)),
    below("eks.amazonaws.com/instance-memory", amount(memory) / 2 ** 20),
  ];
}
