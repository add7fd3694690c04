import { amount, type NatsSettings } from "../../config";
import { priorities } from "../priority";

/** What the NATS chart is told, as plain data. Source of the keys: `values.yaml` of the chart, version 2.14. */

export const natsChart = {
  name: "nats",
  repository: "https://nats-io.github.io/k8s/helm/charts",
} as const;

/** Name of the release and of what it makes: StatefulSet, Service, ConfigMap. */
export const natsName = "nats";

/** Ports: clients talk to the one, servers among each other to the other. */
export const natsPorts = { client: 4222, cluster: 6222 } as const;

/** `app.kubernetes.io/name` of the servers' pods, as the chart sets it. */
export const natsLabels = { "app.kubernetes.io/name": "nats" } as const;

/**
 * CPU and memory of each container. Requests are limits too: a server that is starved of either falls behind its
 * peers and loses its place in the JetStream cluster.
 */
const needs = {
  nats: { cpu: "500m", memory: "512Mi" },
  reloader: { cpu: "25m", memory: "32Mi" },
} as const;

/** Memory above which the server's runtime collects garbage harder: nine tenths of its limit. */
const softMemoryLimit = "460MiB";

/** A numeric user: the images name theirs, or run as root. The reloader signals the server, so both have the same. */
const user = 1000;

const resources = (container: keyof typeof needs) => ({
  requests: needs[container],
  limits: needs[container],
});

const containerSecurity = {
  allowPrivilegeEscalation: false,
  capabilities: { drop: ["ALL"] },
  readOnlyRootFilesystem: true,
};

const podSecurity = {
  runAsNonRoot: true,
  runAsUser: user,
  runAsGroup: user,
  fsGroup: user,
  // Volumes are relabelled file by file only when they are new.
  fsGroupChangePolicy: "OnRootMismatch",
  seccompProfile: { type: "RuntimeDefault" },
};

/** Zones that a cluster needs, so that the loss of one leaves a majority. */
const clusterZones = 3;

/** Servers of a cluster never share a node, and stand in three zones, even where those have no node yet. */
const spread = (servers: number) => {
  const even = (minDomains: number) => ({ maxSkew: 1, minDomains, whenUnsatisfiable: "DoNotSchedule" });
  return { "topology.kubernetes.io/zone": even(clusterZones), "kubernetes.io/hostname": even(servers) };
};

/** Share of its volume that JetStream fills; the file system takes some, and a full disk stops the server. */
const storageShare = 0.9;

export interface NatsValuesArgs {
  readonly settings: NatsSettings;
  readonly storageClass: string;
  /** Volumes outlive the servers. */
  readonly protect: boolean;
}

/** Values of the chart. */
export function natsValues({ settings, storageClass, protect }: NatsValuesArgs) {
  const clustered = settings.servers > 1;
  return {
    fullnameOverride: natsName,
    config: {
      cluster: { enabled: clustered, port: natsPorts.cluster, replicas: settings.servers },
      nats: { port: natsPorts.client },
      jetstream: {
        enabled: true,
        fileStore: {
          enabled: true,
          maxSize: String(Math.floor(amount(settings.storage) * storageShare)),
          pvc: { enabled: true, size: settings.storage, storageClassName: storageClass },
        },
      },
    },
    container: {
      env: { GOMEMLIMIT: softMemoryLimit },
      merge: { resources: resources("nats"), securityContext: containerSecurity },
    },
    reloader: {
      enabled: true,
      merge: { resources: resources("reloader"), securityContext: containerSecurity },
    },
    podTemplate: {
      topologySpreadConstraints: clustered ? spread(settings.servers) : {},
      merge: {
        spec: {
          automountServiceAccountToken: false,
          securityContext: podSecurity,
          priorityClassName: priorities.core.name,
        },
      },
    },
    statefulSet: {
      merge: {
        spec: {
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: protect ? "Retain" : "Delete",
            whenScaled: "Retain",
          },
        },
      },
    },
    podDisruptionBudget: { enabled: true },
    serviceAccount: { enabled: true, merge: { automountServiceAccountToken: false } },
    natsBox: { enabled: false },
  };
}

/** What the servers take of their namespace's quota: pods, cores and bytes, each requested and at most. */
export function natsFootprint({ servers }: NatsSettings): { pods: number; cpu: number; memory: number } {
  const sum = (what: "cpu" | "memory") =>
    servers * Object.values(needs).reduce((total, need) => total + amount(need[what]), 0);
  return { pods: servers, cpu: sum("cpu"), memory: sum("memory") };
}
