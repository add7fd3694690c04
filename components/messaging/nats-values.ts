import { amount, jetStreamBytes, type MirrorSettings, type NatsSettings } from "../../config";
import { withDisk } from "../base/disk";
import { dockerHub, mirrored } from "../base/images";
import { priorities } from "../base/priority";
import { natsName, natsSecrets } from "./nats-names";
import { natsPorts } from "../base/ports";
import type { HardenedValues } from "../../standards/charts";

export { natsAccount, natsName } from "./nats-names";

/** Values of the NATS chart, as plain data. Source of the keys: `values.yaml` of the chart, version 2.14. */

export const natsChart = {
  name: "nats",
  repository: "https://nats-io.github.io/k8s/helm/charts",
} as const;

/** `app.kubernetes.io/name` of the servers' pods, as the chart sets it. */
export const natsLabels = { "app.kubernetes.io/name": "nats" } as const;

/**
 * CPU and memory of each container. Requests are limits too: a server that is starved of either falls behind its
 * peers and loses its place in the JetStream cluster.
 */
const needs = {
  nats: { cpu: "500m", memory: "512Mi" },
  reloader: { cpu: "25m", memory: "32Mi" },
  exporter: { cpu: "25m", memory: "64Mi" },
} as const;

/** Memory above which the server's runtime collects garbage harder: nine tenths of its limit. */
const softMemoryLimit = "460MiB";

/** A numeric user: the images name theirs, or run as root. The reloader signals the server, so both have the same. */
const user = 1000;

const resources = (container: keyof typeof needs) =>
  withDisk({ requests: needs[container], limits: needs[container] });

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

/** The part of the configuration that says who may log in: a Secret, which the reloader watches too. */
const accounts = { volume: "accounts", directory: "/etc/nats-accounts", file: "accounts.conf" } as const;

/** Key of the accounts' Secret, and name of the file. */
export const accountsFile = accounts.file;

/** TLS with the servers' certificate. */
const tls = { enabled: true, secretName: natsSecrets.servers };

export interface NatsValuesArgs {
  readonly settings: NatsSettings;
  readonly storageClass: string;
  /** Volumes outlive the servers. */
  readonly kept: boolean;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/** Values of the chart. */
export function natsValues({ settings, storageClass, kept, mirrors }: NatsValuesArgs) {
  const clustered = settings.servers > 1;
  return {
    fullnameOverride: natsName,
    global: { image: { registry: mirrored(dockerHub, mirrors) } },
    tlsCA: { enabled: true, secretName: natsSecrets.servers },
    config: {
      cluster: {
        enabled: clustered,
        port: natsPorts.cluster,
        replicas: settings.servers,
        // The certificate has the servers' whole names.
        routeURLs: { useFQDN: true },
        // Each server asks for the other's certificate.
        tls: { ...tls, merge: { verify: true } },
      },
      nats: { port: natsPorts.client, tls },
      // Plain: KEDA asks here, and takes no authority of a system's own. No message and no password can be read here.
      monitor: { enabled: true, port: natsPorts.monitor, tls: { enabled: false } },
      // Relative to the configuration's own directory.
      merge: { $include: `..${accounts.directory.replace(/^\/etc/, "")}/${accounts.file}` },
      jetstream: {
        enabled: true,
        fileStore: {
          enabled: true,
          maxSize: String(jetStreamBytes(settings.storage)),
          pvc: { enabled: true, size: settings.storage, storageClassName: storageClass },
        },
      },
    },
    container: {
      // By its whole name: a mirror knows no short ones.
      image: { repository: "library/nats" },
      env: { GOMEMLIMIT: softMemoryLimit },
      merge: { resources: resources("nats"), securityContext: containerSecurity },
      // A merge would put one mount in the place of all. The reloader has whatever is mounted below `/etc/`.
      patch: [
        {
          op: "add",
          path: "/volumeMounts/-",
          value: { name: accounts.volume, mountPath: accounts.directory, readOnly: true },
        },
      ],
    },
    reloader: {
      enabled: true,
      merge: { resources: resources("reloader"), securityContext: containerSecurity },
    },
    promExporter: {
      enabled: true,
      port: natsPorts.metrics,
      merge: { resources: resources("exporter"), securityContext: containerSecurity },
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
      patch: [
        {
          op: "add",
          path: "/spec/volumes/-",
          value: { name: accounts.volume, secret: { secretName: natsSecrets.accounts } },
        },
      ],
    },
    statefulSet: {
      merge: {
        spec: {
          persistentVolumeClaimRetentionPolicy: {
            whenDeleted: kept ? "Retain" : "Delete",
            whenScaled: "Retain",
          },
        },
      },
    },
    podDisruptionBudget: { enabled: true },
    serviceAccount: { enabled: true, merge: { automountServiceAccountToken: false } },
    natsBox: { enabled: false },
  } satisfies HardenedValues<"nats">;
}

/**
 * What the servers take of their namespace's quota: pods, cores and bytes, each requested and at most, and containers,
 * each with the same share of the node's disk.
 */
export function natsFootprint({ servers }: NatsSettings): {
  pods: number;
  containers: number;
  cpu: number;
  memory: number;
} {
  const sum = (what: "cpu" | "memory") =>
    servers * Object.values(needs).reduce((total, need) => total + amount(need[what]), 0);
  return {
    pods: servers,
    containers: servers * Object.keys(needs).length,
    cpu: sum("cpu"),
    memory: sum("memory"),
  };
}
