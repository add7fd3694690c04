import type { Policies, PolicyResource } from "@pulumi/policy";
import { onTypes } from "../lib/control";
import { each, isGiven, shown } from "../lib/wire";
import { allScalers, disruptionBudgets, scalers, workloads, type Workload } from "./replicas";
import type { PodOwner } from "./pods";
import { selects } from "./pods";
import { onEachCluster } from "./each-cluster";

const zone = "topology.kubernetes.io/zone";
const pdbUrl = "https://kubernetes.io/docs/tasks/run-application/configure-pdb/";
const hpaUrl = "https://kubernetes.io/docs/tasks/run-application/horizontal-pod-autoscale/";

/** Kinds of autoscalers, and the names of their bounds. */
const autoscalers: Readonly<Record<string, readonly [min: keyof Bounds, max: keyof Bounds]>> = {
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": ["minReplicas", "maxReplicas"],
  "kubernetes:keda.sh/v1alpha1:ScaledObject": ["minReplicaCount", "maxReplicaCount"],
};

interface Bounds {
  minReplicas?: number;
  maxReplicas?: number;
  minReplicaCount?: number;
  maxReplicaCount?: number;
}

/** Visits every workload that runs more than one pod. */
function eachReplicated(resources: PolicyResource[], visit: (workload: Workload) => void): void {
  each(workloads(resources), (workload) => {
    if (workload.replicas > 1) visit(workload);
  });
}

/** Workloads survive the loss of a node or a zone, and have one owner of their number of pods. */
export const availability: Policies = [
  onTypes<{ spec?: Bounds }>(
    (type) => type in autoscalers,
    {
      name: "k8s-autoscaler-bounds",
      description: "An autoscaler's lower bound is at least 1 and not above its upper bound.",
      severity: "medium",
      remediation:
        "Set spec.minReplicas and spec.maxReplicas (minReplicaCount and maxReplicaCount of a ScaledObject) so that 1 <= min <= max.",
      url: hpaUrl,
    },
    ({ spec = {} }, { report, args }) => {
      const [least, most] = autoscalers[args.type] ?? ["minReplicas", "maxReplicas"];
      // Defaults: 1 for a HorizontalPodAutoscaler, 0 for a ScaledObject.
      const [min, max] = [spec[least] ?? (least === "minReplicas" ? 1 : 0), spec[most] ?? 0];
      if (min < 1 || min > max) report(`${least} is ${min} and ${most} ${max}.`);
    },
  ),
  onEachCluster(
    {
      name: "k8s-autoscaler-alone",
      description: "A workload has one autoscaler.",
      severity: "high",
      remediation:
        "Remove all but one of the HorizontalPodAutoscalers and ScaledObjects with the same target: Kubernetes stops two of them.",
      url: hpaUrl,
    },
    (resources, report) => {
      const first = new Map<string, string>();
      each(allScalers(resources), ([key, { resource }]) => {
        const other = first.get(key);
        if (other === undefined) first.set(key, resource.name);
        else report(`${resource.name} scales ${key}, which ${other} scales already.`, resource.urn);
      });
    },
  ),
  onEachCluster(
    {
      name: "k8s-autoscaler-owns-replicas",
      description: "A workload with an autoscaler doesn't set its number of pods.",
      severity: "high",
      remediation:
        "Leave spec.replicas out of the workload, or ignore its changes: each update would revert the autoscaler.",
      url: hpaUrl,
    },
    (resources, report) => {
      const targets = scalers(resources);
      each(workloads(resources), ({ resource, key }) => {
        const scaler = targets.get(key);
        const { spec } = resource.props as PodOwner;
        // An initial number that is ignored afterwards is allowed.
        const first = resource.opts.ignoreChanges.includes("spec.replicas");
        if (scaler && !first && isGiven(spec, "replicas")) {
          report(`${resource.name} sets spec.replicas, but ${scaler.resource.name} scales it.`, resource.urn);
        }
      });
    },
  ),
  onEachCluster(
    {
      name: "k8s-disruption-budget",
      description: "Every workload of several pods has a disruption budget.",
      severity: "medium",
      remediation: "Add a PodDisruptionBudget whose selector picks the workload's pods.",
      url: pdbUrl,
    },
    (resources, report) => {
      const budgets = disruptionBudgets(resources);
      eachReplicated(resources, ({ resource, namespace, labels, replicas }) => {
        const held = budgets.some(
          (budget) => budget.namespace === namespace && selects(budget.spec.selector, labels),
        );
        if (!held) report(`${resource.name} runs ${replicas} pods but no budget picks them.`, resource.urn);
      });
    },
  ),
  onEachCluster(
    {
      name: "k8s-disruption-budget-allows-drain",
      description: "A disruption budget leaves room to drain a node.",
      severity: "medium",
      remediation: "Set minAvailable below the number of pods, or maxUnavailable to 1.",
      url: pdbUrl,
    },
    (resources, report) => {
      const budgets = disruptionBudgets(resources);
      each(workloads(resources), ({ resource, namespace, labels, replicas }) =>
        each(budgets, ({ resource: budget, namespace: where, spec }) => {
          // A workload that is stopped has no pod to move.
          if (replicas === 0 || where !== namespace || !selects(spec.selector, labels)) return;
          const kept = spec.minAvailable;
          const stuck =
            kept === "100%" ||
            (typeof kept === "number" && kept >= replicas) ||
            /^0%?$/.test(String(spec.maxUnavailable));
          const found = `minAvailable ${shown(kept)}, maxUnavailable ${shown(spec.maxUnavailable)}`;
          if (stuck) report(`${budget.name} (${found}) never lets one of ${replicas} pods go.`, resource.urn);
        }),
      );
    },
  ),
  onEachCluster(
    {
      name: "k8s-zone-spread",
      description: "The pods of a workload are spread over zones.",
      severity: "medium",
      remediation: `Add a topologySpreadConstraint with topologyKey ${zone}, or an anti-affinity on it.`,
      url: "https://kubernetes.io/docs/concepts/scheduling-eviction/topology-spread-constraints/",
    },
    (resources, report) =>
      eachReplicated(resources, ({ resource, spec, replicas }) => {
        const { required, preferred } = {
          required: spec.affinity?.podAntiAffinity?.requiredDuringSchedulingIgnoredDuringExecution,
          preferred: spec.affinity?.podAntiAffinity?.preferredDuringSchedulingIgnoredDuringExecution,
        };
        const keys = [
          ...(spec.topologySpreadConstraints ?? []).map((constraint) => constraint.topologyKey),
          ...(required ?? []).map((term) => term.topologyKey),
          ...(preferred ?? []).map((term) => term.podAffinityTerm?.topologyKey),
        ];
        if (!keys.includes(zone))
          report(`${resource.name} runs ${replicas} pods, not spread by ${zone}.`, resource.urn);
      }),
  ),
];
