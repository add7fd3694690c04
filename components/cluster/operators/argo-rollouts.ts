import { operatorPeers, type OperatorReach } from "../../base/operators";
import { operatorBase, outward, toPods, toPrometheus, type Policies, type Ranges } from "./policies";
import { priorities } from "../../base/priority";
import { disruptionBudget, resources, zoneSpread, type Sizes } from "./sizes";

/** The controller, which holds the cluster's Rollouts and their ReplicaSets in memory. */
export const argoRolloutsSizes = {
  controller: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
} as const satisfies Sizes;

/** Traffic providers other than AWS', which the controller doesn't use. */
const others = [
  "istio",
  "smi",
  "ambassador",
  "awsAppMesh",
  "traefik",
  "apisix",
  "contour",
  "glooPlatform",
  "gatewayAPI",
];

/**
 * Values of the chart `argo-rollouts` 2.41. Its defaults meet the `restricted` Pod Security level, keep the CRDs when
 * the release is deleted, and enable leader election, so they aren't repeated. Weights reach the load balancer as an
 * annotation of its Ingress, which needs no IAM permissions, since target group verification is off.
 */
export const argoRolloutsValues = (replicas: number) => ({
  installCRDs: true,
  keepCRDs: true,
  controller: {
    replicas,
    resources: resources(argoRolloutsSizes.controller),
    pdb: disruptionBudget(replicas),
    // The chart adds its own selector.
    topologySpreadConstraints: [zoneSpread()],
    priorityClassName: priorities.platform.name,
  },
  dashboard: { enabled: false },
  providerRBAC: {
    providers: {
      ...Object.fromEntries(others.map((name) => [name, false])),
      awsLoadBalancerController: true,
    },
  },
});

/** Argo Rollouts: no ingress but for metrics; egress to Prometheus and to new versions before the switch. */
export const argoRolloutsPolicies = (ranges: Ranges, { verified }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  "allow-prometheus": outward(operatorPeers.argoRollouts.name, toPrometheus),
  ...(verified.length === 0
    ? {}
    : {
        "allow-verification": outward(operatorPeers.argoRollouts.name, ...verified.map(toPods)),
      }),
});
