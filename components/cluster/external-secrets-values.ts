import { operator } from "./external-secrets-access";

/** What one pod of a part asks for and may take: millicores and mebibytes. */
interface Size {
  readonly cpu: { readonly request: number; readonly limit: number };
  readonly memory: { readonly request: number; readonly limit: number };
}

/** The operator's parts. The two that watch the cluster's objects hold them in memory. */
const sizes = {
  operator: { cpu: { request: 50, limit: 500 }, memory: { request: 128, limit: 256 } },
  webhook: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 128 } },
  certController: { cpu: { request: 20, limit: 200 }, memory: { request: 128, limit: 256 } },
} as const satisfies Record<string, Size>;

const resources = ({ cpu, memory }: Size) => ({
  requests: { cpu: `${cpu.request}m`, memory: `${memory.request}Mi` },
  limits: { cpu: `${cpu.limit}m`, memory: `${memory.limit}Mi` },
});

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
  const podDisruptionBudget = { enabled: several, minAvailable: 1 };
  const probe = { enabled: true };
  return {
    installCRDs: true,
    replicaCount: replicas,
    leaderElect: several,
    resources: resources(sizes.operator),
    podDisruptionBudget,
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
      topologySpreadConstraints: [
        {
          maxSkew: 1,
          topologyKey: "topology.kubernetes.io/zone",
          whenUnsatisfiable: "ScheduleAnyway",
          matchLabelKeys: ["pod-template-hash"],
        },
      ],
    },
    webhook: {
      replicaCount: replicas,
      port: webhookPort,
      resources: resources(sizes.webhook),
      podDisruptionBudget,
    },
    certController: {
      replicaCount: replicas,
      resources: resources(sizes.certController),
      podDisruptionBudget,
    },
  };
}

/** Room for all pods twice, which is what an upgrade takes at most. */
export function externalSecretsQuota(replicas: number): Record<string, string> {
  const pods = 2 * replicas;
  const sum = (what: "cpu" | "memory", bound: "request" | "limit") =>
    Object.values(sizes).reduce((total, size) => total + pods * size[what][bound], 0);
  return {
    pods: String(pods * Object.keys(sizes).length),
    "requests.cpu": `${sum("cpu", "request")}m`,
    "requests.memory": `${sum("memory", "request")}Mi`,
    "limits.cpu": `${sum("cpu", "limit")}m`,
    "limits.memory": `${sum("memory", "limit")}Mi`,
  };
}
