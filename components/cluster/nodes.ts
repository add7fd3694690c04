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
  /** The nodes are removed at night (`node-schedule.ts`). */
  readonly scheduled: boolean;
}

/** Name of the node class and of the node pool. `default` is EKS's own. */
export const poolName = "workloads";
/** EKS' default: enough for images and scratch volumes. Source: EKS user guide, create a node class. */
const diskSize = "80Gi";
/** Instance categories, and the generation that they must exceed, as in EKS' own pools. */
const instances = { categories: ["c", "m", "r"], newerThan: "4" } as const;
/** Nodes expire after two weeks, so their operating system is never older. Auto Mode allows three weeks. */
const nodeLife = "336h";
/** Maximum time to drain a node. */
const drainTime = "24h0m0s";
/** The same where nodes are removed every night: pods that are still running by then are killed. */
const nightlyDrainTime = "15m";
/**
 * Time without pod changes before a node is consolidated. A service of two pods runs on one while the other moves; with
 * a minute, each step of an autoscaler would cause such a move. 15 minutes is longer than the autoscalers' windows
 * (`config/systems/scaling-pace.ts`).
 */
const settleTime = "15m";
/**
 * Nodes replaced at a time because of age, a new operating system or a changed class: percentages round up, so at least
 * one. Only one node is consolidated at a time: its pods must have started elsewhere before the next one.
 */
const disruptionBudgets = [{ nodes: "10%" }, { nodes: "1", reasons: ["Underutilized"] }];
/** The nodes drain before the pool is deleted, which takes time. */
const deletion = { delete: "30m" } as const;

/**
 * The nodes that pods run on, which EKS Auto Mode adds and removes with the number of pods: in the private subnets,
 * with disks encrypted by the cluster's key, and with the security group that data stores admit.
 */
export class Nodes extends Component {
  /** The node pool. Resources that wait for running pods depend on it. */
  readonly pool: pulumi.Resource;

  constructor(name: string, args: NodesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:Nodes", name, opts);
    this.pool = this.nodePool(args, this.nodeClass(args));
    this.registerOutputs();
  }

  /** The node role is known once the cluster admits it: a node that starts earlier never joins. */
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
          // Each namespace has its own default deny; DefaultDeny would also deny traffic of EKS' pods in kube-system.
          networkPolicy: "DefaultAllow",
          // Logs allowed and denied connections on the node: see docs/network.md.
          networkPolicyEventLogs: "Enabled",
          tags: { ...context.tags },
        },
      },
      { ...this.inside, customTimeouts: deletion },
    );
  }

  /** Deleted before the class, and in the foreground, which is the provider's default: its nodes are deleted first. */
  private nodePool(
    { settings, zones, scheduled }: NodesArgs,
    nodeClass: pulumi.Resource,
  ): k8s.apiextensions.CustomResource {
    return new k8s.apiextensions.CustomResource(
      this.child("pool"),
      {
        apiVersion: "karpenter.sh/v1",
        kind: "NodePool",
        metadata: {
          name: poolName,
          annotations: {
            "pulumi.com/waitFor": "condition=Ready",
            // The schedule's jobs change the limits, and own them from then on.
            ...(scheduled ? { "pulumi.com/patchForce": "true" } : {}),
          },
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
              terminationGracePeriod: scheduled ? nightlyDrainTime : drainTime,
            },
          },
          limits: settings.limits,
          // Set explicitly, since the default changes with the cluster's version.
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

/** Requirements for the pool's instances. Source: EKS user guide, create a node pool for EKS Auto Mode. */
export function requirements(
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

/** Maximum size of nodes: cores, and memory in MiB. */
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
