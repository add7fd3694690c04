import { priorities } from "../priority";
import { operator } from "./external-secrets-access";
import { disruptionBudget, resources, zoneSpread, type Sizes } from "./operators/sizes";

/** The operator's parts. The two that watch the cluster's objects hold them in memory. */
export const externalSecretsSizes = {
  operator: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 256 } },
  webhook: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
  certController: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Sizes;

/** The `name` label of each part's pods. */
export const parts = {
  operator: "external-secrets",
  webhook: "external-secrets-webhook",
  certController: "external-secrets-cert-controller",
} as const;

/** Port of the webhook, which the API server calls. */
export const webhookPort = 10250;

/**
 * Values of the chart `external-secrets` 2.9. Its own defaults meet the `restricted` Pod Security level (numeric
 * user, no capabilities, read-only root, RuntimeDefault), so they aren't repeated. It carries its CRDs as templates,
 * and so upgrades them with the operator.
 */
export function externalSecretsValues(replicas: number): Record<string, unknown> {
  const several = replicas > 1;
  const podDisruptionBudget = disruptionBudget(replicas);
  const priorityClassName = priorities.platform.name;
  const probe = { enabled: true };
  return {
    installCRDs: true,
    replicaCount: replicas,
    leaderElect: several,
    resources: resources(externalSecretsSizes.operator),
    podDisruptionBudget,
    priorityClassName,
    livenessProbe: probe,
    readinessProbe: probe,
    serviceAccount: { create: true, name: operator.serviceAccount },
    // Only what Plinth uses is on: secrets are read from the one store, and never pushed or handed out cluster-wide.
    processSecretStore: false,
    processClusterExternalSecret: false,
    processClusterGenerator: false,
    processPushSecret: false,
    processClusterPushSecret: false,
    global: {
      topologySpreadConstraints: [zoneSpread()],
    },
    webhook: {
      replicaCount: replicas,
      port: webhookPort,
      resources: resources(externalSecretsSizes.webhook),
      podDisruptionBudget,
      priorityClassName,
    },
    certController: {
      replicaCount: replicas,
      resources: resources(externalSecretsSizes.certController),
      podDisruptionBudget,
      priorityClassName,
    },
  };
}
