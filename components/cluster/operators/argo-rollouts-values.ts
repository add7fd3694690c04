import { priorities } from "../../priority";
import { disruptionBudget, resources, zoneSpread, type Sizes } from "./sizes";

/** The controller, which holds the cluster's rollouts and their pods' sets in memory. */
export const argoRolloutsSizes = {
  controller: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 512 } },
} as const satisfies Sizes;

/** Load balancers other than AWS's, which the controller has no business with. */
const others = [
  ...["istio", "smi", "ambassador", "awsAppMesh", "traefik", "apisix"],
  ...["contour", "glooPlatform", "gatewayAPI"],
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
