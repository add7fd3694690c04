import { fromApiServer, operatorBase, type Policies, type Ranges } from "./policies";
import { disruptionBudget, plainResources, type Sizes } from "./sizes";

/** The EKS add-on, and the namespace that it creates. Source: EKS user guide, community add-ons. */
export const certManager = "cert-manager";

/** cert-manager's parts. The controller and the injector hold the cluster's Secrets and CRDs in memory. */
export const certManagerSizes = {
  controller: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
  webhook: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
  cainjector: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** Port of the webhook, which the API server calls: the add-on's default. */
const certManagerWebhookPort = 10250;

/**
 * `configurationValues` of the add-on. AWS checks them against a schema of each version, and `npm run preflight` does so
 * before the first `up`: `preflight/checks/addon-configuration.ts`. The keys are those of the project's chart, whose
 * defaults meet the `restricted` Pod Security level and enable leader election. The priority class is one of Kubernetes'
 * own: the add-on is created with the cluster, before our classes.
 */
export function certManagerConfiguration(replicas: number) {
  const part = (name: keyof typeof certManagerSizes) => ({
    replicaCount: replicas,
    // Ephemeral storage comes from the namespace's default limits: AWS' schema of the add-on may not include it.
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

/**
 * cert-manager: the policy selects all pods, since the add-on decides their labels; only the webhook listens on this
 * port.
 */
export const certManagerPolicies = (ranges: Ranges): Policies => ({
  ...operatorBase(ranges),
  "allow-webhook": fromApiServer({}, certManagerWebhookPort, ranges),
});
