import { fromApiServer, operatorBase, type Policies, type Ranges } from "./policies";
import { disruptionBudget, plainResources, type Sizes } from "./sizes";

/** The EKS add-on, and the namespace that it makes for itself. Source: EKS user guide, community add-ons. */
export const certManager = "cert-manager";

/** cert-manager's parts. The controller and the injector hold the cluster's secrets and definitions in memory. */
export const certManagerSizes = {
  controller: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
  webhook: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
  cainjector: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** Port that the API server calls the webhook on: the add-on's own. */
export const certManagerWebhookPort = 10250;

/**
 * `configurationValues` of the add-on. AWS checks them against a schema of each version:
 * `aws eks describe-addon-configuration --addon-name cert-manager --addon-version <version>` shows it. The keys are
 * those of the project's chart, whose defaults meet the `restricted` Pod Security level and elect a leader. The class
 * is Kubernetes' own: the add-on is made with the cluster, before our classes.
 */
export function certManagerConfiguration(replicas: number) {
  const part = (name: keyof typeof certManagerSizes) => ({
    replicaCount: replicas,
    // The node's disk comes from the namespace's default limits: AWS' schema of the add-on may not know it.
    resources: plainResources(certManagerSizes[name]),
    podDisruptionBudget: disruptionBudget(replicas),
  });
  return {
    global: { priorityClassName: "system-cluster-critical" },
    ...part("controller"),
    webhook: part("webhook"),
    cainjector: part("cainjector"),
  };
}

/** cert-manager: how its pods are labelled is the add-on's business, and only the webhook listens on this port. */
export const certManagerPolicies = (ranges: Ranges): Policies => ({
  ...operatorBase(ranges),
  "allow-webhook": fromApiServer({}, certManagerWebhookPort, ranges),
});
