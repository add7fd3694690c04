import { named, tcp, internet, podIdentityAgent } from "../../network/pod-traffic";
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
import type { Context } from "../../base/context";
import { operatorPeers, type OperatorReach } from "../../base/operators";
import { priorities } from "../../base/priority";
import { resources, zoneSpread, type Sizes } from "./sizes";
import { operatorCharts } from "./table";
import { natsPorts } from "../../base/ports";
import type { HardenedValues } from "../../../standards/charts";

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
    // It reads queues with its own role, and needs no workload's Secret.
    permissions: { operator: { restrict: { secret: true } }, metricServer: { restrict: { secret: true } } },
    enableServiceLinks: false,
    // Metrics of the operator alone, on the port that its container has as `http`.
    prometheus: { operator: { enabled: true, port: 8080 } },
  } satisfies HardenedValues<"keda">;
}

/** Where KEDA's operator runs, and as whom: its role and its chart must agree. */
export const keda = {
  namespace: operatorCharts.keda.namespace,
  serviceAccount: kedaServiceAccount,
} as const;

/** What KEDA may do in AWS: ask this environment's queues how long they are. It never reads a message. */
export const mayMeasureQueues = ({ accountId, region, prefix }: Context): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: "sqs:GetQueueAttributes",
    Resource: `arn:aws:sqs:${region}:${accountId}:${prefix}-*`,
  },
];

/**
 * What the Service `keda-operator` selects by. Egress to pods opens the Service in front of them only where its
 * selector meets the policy's: AWS' agent filters before the Service's address becomes a pod's. The chart's Service
 * knows `app` alone; its pods carry both labels. Source: amazon-network-policy-controller-k8s,
 * `pkg/resolvers/endpoints.go`; chart keda 2.20, `templates/manager/service.yaml`.
 */
const kedaOperatorService = { matchLabels: { app: kedaParts.operator } };

/**
 * KEDA: the API server asks its metrics server and its webhooks, the metrics server the operator; and that asks NATS,
 * queues and Prometheus how much there is to do.
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
  // Queues over NAT; over an interface endpoint they lie in the private subnets, which are open already.
  "allow-sources": outward(
    kedaParts.operator,
    { to: [internet(ranges)], ports: tcp(443) },
    podIdentityAgent,
    toPrometheus,
    ...toNats(natsNamespaces, natsPorts.monitor),
  ),
});
