import { operatorPeers, type OperatorReach } from "../../base/operators";
import { operatorBase, outward, toPods, toPrometheus, type Policies, type Ranges } from "./policies";
import { priorities } from "../../base/priority";
import { disruptionBudget, resources, zoneSpread, type Sizes } from "./sizes";

/** The controller, which holds the cluster's rollouts and their pods' sets in memory. */
export const argoRolloutsSizes = {
  controller: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
} as const satisfies Sizes;

/** Load balancers other than AWS's, which the controller doesn't use. */
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
 * Values of the chart `argo-rollouts` 2.41. Its own defaults meet the `restricted` Pod Security level, keep the
 * definitions when the release goes, and elect a leader among several, so they aren't repeated. Weights reach the load
 * balancer as an annotation of its Ingress: that needs no right in AWS, since nothing verifies the target groups.
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

/** Argo Rollouts: nobody calls it; it asks Prometheus, and versions that wait for the switch. */
export const argoRolloutsPolicies = (ranges: Ranges, { verified }: OperatorReach): Policies => ({
  ...operatorBase(ranges),
  "allow-prometheus": outward(operatorPeers.argoRollouts.name, toPrometheus),
  ...(verified.length === 0
    ? {}
    : {
        "allow-verification": outward(operatorPeers.argoRollouts.name, ...verified.map(toPods)),
      }),
});
