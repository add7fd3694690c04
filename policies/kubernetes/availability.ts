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

/** Policies for autoscalers, disruption budgets and zone spread. */
export const availability: Policies = [
  onTypes<{ spec?: Bounds }>(
    (type) => type in autoscalers,
    {
      name: "k8s-autoscaler-bounds",
      description: "Autoscalers must have a minimum of at least 1 that doesn't exceed the maximum.",
      severity: "medium",
      remediation:
        "Set spec.minReplicas and spec.maxReplicas (for a ScaledObject, spec.minReplicaCount and spec.maxReplicaCount) so that 1 <= min <= max.",
      url: hpaUrl,
    },
    ({ spec = {} }, { report, args }) => {
      const [least, most] = autoscalers[args.type] ?? ["minReplicas", "maxReplicas"];
      // Defaults: 1 for a HorizontalPodAutoscaler, 0 for a ScaledObject.
      const [min, max] = [spec[least] ?? (least === "minReplicas" ? 1 : 0), spec[most] ?? 0];
      if (min < 1 || min > max)
        report(
          `spec.${least} is ${min} and spec.${most} is ${max}; the minimum must be at least 1 and at most the maximum.`,
        );
    },
  ),
  onEachCluster(
    {
      name: "k8s-autoscaler-alone",
      description: "Workloads must not have more than one autoscaler.",
      severity: "high",
      remediation:
        "Keep one of the HorizontalPodAutoscalers and ScaledObjects with the same target. Kubernetes doesn't scale a workload with several (AmbiguousSelector).",
      url: hpaUrl,
    },
    (resources, report) => {
      const first = new Map<string, string>();
      each(allScalers(resources), ([key, { resource }]) => {
        const other = first.get(key);
        if (other === undefined) first.set(key, resource.name);
        else report(`${resource.name} scales ${key}, which ${other} also scales.`, resource.urn);
      });
    },
  ),
  onEachCluster(
    {
      name: "k8s-autoscaler-owns-replicas",
      description: "Workloads with an autoscaler must not set spec.replicas.",
      severity: "high",
      remediation:
        "Remove spec.replicas, or add it to ignoreChanges. Otherwise, each update reverts the autoscaler.",
      url: hpaUrl,
    },
    (resources, report) => {
      const targets = scalers(resources);
      each(workloads(resources), ({ resource, key }) => {
        const scaler = targets.get(key);
        const { spec } = resource.props as PodOwner;
        // An initial value whose changes are ignored is allowed.
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
      description: "Workloads with several pods must have a PodDisruptionBudget.",
      severity: "medium",
      remediation: "Add a PodDisruptionBudget whose selector matches the workload's pods.",
      url: pdbUrl,
    },
    (resources, report) => {
      const budgets = disruptionBudgets(resources);
      eachReplicated(resources, ({ resource, namespace, labels, replicas }) => {
        const held = budgets.some(
          (budget) => budget.namespace === namespace && selects(budget.spec.selector, labels),
        );
        if (!held)
          report(
            `${resource.name} runs ${replicas} pods, but no PodDisruptionBudget selects them.`,
            resource.urn,
          );
      });
    },
  ),
  onEachCluster(
    {
      name: "k8s-disruption-budget-allows-drain",
      description: "PodDisruptionBudgets must allow nodes to be drained.",
      severity: "medium",
      remediation: "Set minAvailable below the number of pods, or maxUnavailable to 1.",
      url: pdbUrl,
    },
    (resources, report) => {
      const budgets = disruptionBudgets(resources);
      each(workloads(resources), ({ resource, namespace, labels, replicas }) =>
        each(budgets, ({ resource: budget, namespace: where, spec }) => {
          // A workload with 0 replicas has no pod to evict.
          if (replicas === 0 || where !== namespace || !selects(spec.selector, labels)) return;
          const kept = spec.minAvailable;
          const stuck =
            kept === "100%" ||
            (typeof kept === "number" && kept >= replicas) ||
            /^0%?$/.test(String(spec.maxUnavailable));
          const found = `minAvailable is ${shown(kept)} and maxUnavailable is ${shown(spec.maxUnavailable)}`;
          if (stuck)
            report(`${budget.name} allows no eviction of the ${replicas} pods: ${found}.`, resource.urn);
        }),
      );
    },
  ),
  onEachCluster(
    {
      name: "k8s-zone-spread",
      description: "Workloads with several pods must spread them across zones.",
      severity: "medium",
      remediation: `Add a topologySpreadConstraint with the topologyKey ${zone}, or a podAntiAffinity with it.`,
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
          report(`${resource.name} runs ${replicas} pods that are not spread by ${zone}.`, resource.urn);
      }),
  ),
];
