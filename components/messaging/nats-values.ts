import { amount, jetStreamBytes, type MirrorSettings, type NatsSettings } from "../../config";
import { withDisk } from "../base/disk";
import { containerSecurity, podSecurity } from "../base/pod-security";
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
 * CPU and memory of each container. Requests equal limits: a server short of either falls behind its peers and drops
 * out of the JetStream cluster.
 */
const needs = {
  nats: { cpu: "500m", memory: "512Mi" },
  reloader: { cpu: "25m", memory: "32Mi" },
  exporter: { cpu: "25m", memory: "64Mi" },
} as const;

/** GOMEMLIMIT of the servers: nine tenths of the memory limit. */
const softMemoryLimit = "460MiB";

/**
 * Numeric user. The images set a user name, or run as root. The reloader signals the server, so both need the same
 * user.
 */
const user = 1000;

const resources = (container: keyof typeof needs) =>
  withDisk({ requests: needs[container], limits: needs[container] });

// File ownership is changed only on new volumes.
const serverSecurity = { ...podSecurity(user), fsGroupChangePolicy: "OnRootMismatch" };

/** Zones that a cluster needs to keep a majority when it loses one. */
const clusterZones = 3;

/** Servers of a cluster never share a node, and are spread across three zones, even if those have no nodes yet. */
const spread = (servers: number) => {
  const even = (minDomains: number) => ({ maxSkew: 1, minDomains, whenUnsatisfiable: "DoNotSchedule" });
  return { "topology.kubernetes.io/zone": even(clusterZones), "kubernetes.io/hostname": even(servers) };
};

/** The file with the accounts, from a Secret, which the reloader also watches. */
const accounts = { volume: "accounts", directory: "/etc/nats-accounts", file: "accounts.conf" } as const;

/** Key of the accounts' Secret, and name of the file. */
export const accountsFile = accounts.file;

/** TLS with the servers' certificate. */
const tls = { enabled: true, secretName: natsSecrets.servers };

export interface NatsValuesArgs {
  readonly settings: NatsSettings;
  readonly storageClass: string;
  /** Whether volumes are kept when the servers are deleted. */
  readonly kept: boolean;
  /** Mirrors of public registries. Default: none. */
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
        // The certificate has the servers' fully qualified names.
        routeURLs: { useFQDN: true },
        // Servers verify each other's certificates.
        tls: { ...tls, merge: { verify: true } },
      },
      nats: { port: natsPorts.client, tls },
      // Without TLS, since KEDA can't use a private certificate authority here. The endpoint exposes no messages and no
      // passwords.
      monitor: { enabled: true, port: natsPorts.monitor, tls: { enabled: false } },
      // Relative to the configuration file's directory.
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
      // The full name: mirrors don't support short names.
      image: { repository: "library/nats" },
      env: { GOMEMLIMIT: softMemoryLimit },
      merge: { resources: resources("nats"), securityContext: containerSecurity },
      // `merge` would replace the list of mounts. The chart also mounts everything below `/etc/` in the reloader.
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
          securityContext: serverSecurity,
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
 * The servers' share of their namespace's quota: pods, requests and limits in cores and bytes, and containers, each
 * with the same ephemeral storage.
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
