import { named, tcp, podIdentityAgent, httpsToInternet } from "../../network/pod-traffic";
import {
  fromApiServer,
  operatorBase,
  outward,
  toNats,
  toPrometheus,
  type Policies,
  type Ranges,
} from "./policies";
import type * as aws from "@pulumi/aws";
import { operatorPeers, type OperatorReach } from "../../base/operators";
import { priorities } from "../../base/priority";
import { resources, zoneSpread, type Sizes } from "./sizes";
import { operatorCharts } from "./table";
import { natsPorts } from "../../base/ports";
import type { HardenedValues } from "../../../standards/charts";

/** KEDA's parts. The operator and the metrics server hold the cluster's ScaledObjects in memory. */
export const kedaSizes = {
  operator: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
  metricServer: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 256 } },
  webhooks: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
} as const satisfies Sizes;

/** The operator's service account, whose role may read queues' attributes. */
const kedaServiceAccount = "keda-operator";

/** The `name` label of each part's pods. */
const kedaParts = {
  operator: operatorPeers.keda.name,
  metricServer: "keda-operator-metrics-apiserver",
  webhooks: "keda-admission-webhooks",
} as const;

/** Ports: the API server calls the first two, the metrics server calls the operator on the third. */
const kedaPorts = { metrics: 6443, webhooks: 9443, operator: 9666 } as const;

/**
 * Values of the chart `keda` 2.20. Its defaults meet the `restricted` Pod Security level (numeric user, no
 * capabilities, read-only root, RuntimeDefault) and enable leader election, so they aren't repeated. KEDA creates the
 * certificates of its parts.
 */
export function kedaValues(replicas: number) {
  const spread = (part: keyof typeof kedaParts) => [zoneSpread({ app: kedaParts[part] })];
  const budget = replicas > 1 ? { minAvailable: 1 } : {};
  return {
    // The CRDs are templates of the chart, so Helm upgrades them; `keep` leaves ScaledObjects when the release is
    // deleted.
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
    // In addition to Deployments and StatefulSets. RBAC needs the plural, despite the key's name.
    rbac: { scaledRefKinds: [{ apiGroup: "argoproj.io", kind: "rollouts" }] },
    // KEDA reads queues with its own role and needs no workload's Secret.
    permissions: { operator: { restrict: { secret: true } }, metricServer: { restrict: { secret: true } } },
    enableServiceLinks: false,
    // Metrics of only the operator, on its container's port `http`.
    prometheus: { operator: { enabled: true, port: 8080 } },
  } satisfies HardenedValues<"keda">;
}

/** Namespace and service account of KEDA's operator, shared by its role and its chart. */
export const keda = {
  namespace: operatorCharts.keda.namespace,
  serviceAccount: kedaServiceAccount,
} as const;

/** KEDA's IAM permissions: attributes of the queues by whose length workloads scale, but not their messages. */
export const mayMeasureQueues = (queueArns: readonly string[]): aws.iam.PolicyStatement[] => [
  { Sid: "MeasureQueues", Effect: "Allow", Action: "sqs:GetQueueAttributes", Resource: [...queueArns] },
];

/**
 * Selector of the Service `keda-operator`. Egress to pods also allows their Service's address only if the selectors
 * match: AWS' agent filters before the Service's address is translated to a pod's. The chart's Service selects only by
 * `app`; its pods have both labels. Source: amazon-network-policy-controller-k8s, `pkg/resolvers/endpoints.go`; chart
 * keda 2.20, `templates/manager/service.yaml`.
 */
const kedaOperatorService = { matchLabels: { app: kedaParts.operator } };

/**
 * KEDA: the API server calls its metrics server and webhooks, the metrics server calls the operator, and the operator
 * calls NATS, queues and Prometheus.
 */
export const kedaPolicies = (ranges: Ranges, { natsNamespaces }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  "allow-metrics": fromApiServer(named(kedaParts.metricServer), kedaPorts.metrics, ranges),
  "allow-webhooks": fromApiServer(named(kedaParts.webhooks), kedaPorts.webhooks, ranges),
  "allow-to-operator": {
    podSelector: named(kedaParts.metricServer),
    policyTypes: ["Egress"],
    egress: [{ to: [{ podSelector: kedaOperatorService }], ports: tcp(kedaPorts.operator) }],
  },
  "allow-from-metrics": {
    podSelector: named(kedaParts.operator),
    policyTypes: ["Ingress"],
    ingress: [{ from: [{ podSelector: named(kedaParts.metricServer) }], ports: tcp(kedaPorts.operator) }],
  },
  // Queues over NAT; an interface endpoint is in the private subnets, which are already allowed.
  "allow-sources": outward(
    kedaParts.operator,
    httpsToInternet(ranges),
    podIdentityAgent,
    toPrometheus,
    ...toNats(natsNamespaces, natsPorts.monitor),
  ),
});
