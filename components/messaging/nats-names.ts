import type { Authority } from "../base/store";
import { natsPorts } from "../base/ports";

/** Names and addresses of NATS' parts, for its clients. */

/** Name of the release and its StatefulSet, Service and ConfigMap. */
export const natsName = "nats";

/** The account of a system's users, streams and consumers. */
export const natsAccount = "APP";

/** The servers' system account. It has no users, so no client can log in to it. */
export const natsSystemAccount = "SYS";

/** The NATS user of the JetStream controller. */
export const natsController = "jetstream-controller";

/** The NATS users of the jobs that back up and restore streams. */
export const natsBackupUsers = { backup: "jetstream-backup", restore: "jetstream-restore" } as const;

/** Host of all servers. */
export const natsHost = (namespace: string) => `${natsName}.${namespace}.svc.cluster.local`;

/** Host suffix of the single servers: `nats-0.<this>`. */
export const natsServersHost = (namespace: string) => `${natsName}-headless.${namespace}.svc.cluster.local`;

/** Secrets in NATS' namespace. */
export const natsSecrets = {
  /** The `accounts` block of the servers' configuration. */
  accounts: "nats-accounts",
  /** Login of the JetStream controller: `user`, `password`. */
  controller: "nats-controller",
  /** Certificate authority, with its key. */
  authority: "nats-ca",
  /** The servers' certificate, their key, and the authority's certificate that signs it. */
  servers: "nats-tls",
} as const;

/**
 * The authority's certificate comes from the servers' Secret, where it always matches their certificate, even during a
 * renewal.
 */
export const natsAuthority: Authority = {
  secret: natsSecrets.servers,
  key: "ca.crt",
  path: "/etc/plinth/nats",
};

/**
 * The servers' HTTP monitoring endpoint, at the headless Service: KEDA prefixes it with the name of the server that
 * leads a consumer. Sources: chart `nats`, 2.14; KEDA's scaler `nats-jetstream`, 2.20.
 */
export const natsMonitoring = (namespace: string): string =>
  `${natsName}-headless.${namespace}.svc.cluster.local:${natsPorts.monitor}`;

/** Metrics endpoint of each server: the exporter's port, as the chart names it, and its path. */
export const natsMetrics = { port: "prom-metrics", path: "/metrics" } as const;
