import { operatorPeers } from "../../operator-peers";
import { priorities } from "../../priority";
import { resources, zoneSpread, type Sizes } from "./sizes";

/** KEDA's parts. The operator and the metrics server hold the cluster's scaled objects in memory. */
export const kedaSizes = {
  operator: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
  metricServer: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 256 } },
  webhooks: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
} as const satisfies Sizes;

/** The operator's service account, whose role may ask queues how long they are. */
export const kedaServiceAccount = "keda-operator";

/** The `name` label of each part's pods. */
export const kedaParts = {
  operator: operatorPeers.keda.name,
  metricServer: "keda-operator-metrics-apiserver",
  webhooks: "keda-admission-webhooks",
} as const;

/** Ports: the API server asks the first two, the metrics server asks the operator on the third. */
export const kedaPorts = { metrics: 6443, webhooks: 9443, operator: 9666 } as const;

/**
 * Values of the chart `keda` 2.20. Its own defaults meet the `restricted` Pod Security level (numeric user, no
 * capabilities, read-only root, RuntimeDefault), and elect a leader, so they aren't repeated. KEDA makes the
 * certificates of its parts by itself.
 */
export function kedaValues(replicas: number) {
  const spread = (part: keyof typeof kedaParts) => [zoneSpread({ app: kedaParts[part] })];
  const budget = replicas > 1 ? { minAvailable: 1 } : {};
  return {
    // Definitions are templates of the chart, and so upgraded; what is scaled by them outlives the release.
    crds: { install: true, additionalAnnotations: { "helm.sh/resource-policy": "keep" } },
    operator: { name: kedaParts.operator, replicaCount: replicas },
    metricsServer: { replicaCount: replicas },
    webhooks: { name: kedaParts.webhooks, port: kedaPorts.webhooks, replicaCount: replicas },
    service: { portHttpsTarget: kedaPorts.metrics },
    serviceAccount: { operator: { name: kedaServiceAccount } },
    resources: {
      operator: resources(kedaSizes.operator),
      metricServer: resources(kedaSizes.metricServer),
      webhooks: resources(kedaSizes.webhooks),
    },
    podDisruptionBudget: { operator: budget, metricServer: budget, webhooks: budget },
    topologySpreadConstraints: {
      operator: spread("operator"),
      metricsServer: spread("metricServer"),
      webhooks: spread("webhooks"),
    },
    priorityClassName: priorities.platform.name,
    image: { pullPolicy: "IfNotPresent" },
    // Deployments and StatefulSets go without saying. RBAC wants the plural, whatever the key's name.
    rbac: { scaledRefKinds: [{ apiGroup: "argoproj.io", kind: "rollouts" }] },
    // It logs in to queues by its own role and to nothing else: no secret of any workload is its business.
    permissions: { operator: { restrict: { secret: true } }, metricServer: { restrict: { secret: true } } },
    enableServiceLinks: false,
  };
}
