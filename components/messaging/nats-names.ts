import type { Authority } from "../base/store";
import { natsPorts } from "../base/ports";

/** Names and addresses of NATS' parts, for those that talk to them. */

/** Name of the release and of what it makes: StatefulSet, Service, ConfigMap. */
export const natsName = "nats";

/** The account that everything of a system lives in: its users, streams and consumers. */
export const natsAccount = "APP";

/** The account of the servers themselves. It has no users: nobody may log in to it. */
export const natsSystemAccount = "SYS";

/** The NATS user, and JetStream's administrator, that the streams' controller is. */
export const natsController = "jetstream-controller";

/** The servers together. */
export const natsHost = (namespace: string) => `${natsName}.${namespace}.svc.cluster.local`;

/** Each server below a name of its own: `nats-0.<this>`. */
export const natsServersHost = (namespace: string) => `${natsName}-headless.${namespace}.svc.cluster.local`;

/** Secrets in NATS' namespace. */
export const natsSecrets = {
  /** Who may log in, as a part of the servers' configuration. */
  accounts: "nats-accounts",
  /** Login of the streams' controller: `user`, `password`. */
  controller: "nats-controller",
  /** Certificate authority, with its key. */
  authority: "nats-ca",
  /** The servers' certificate, their key, and the authority's certificate that signs it. */
  servers: "nats-tls",
} as const;

/**
 * The authority's certificate is taken from the servers' own Secret: there it is the one that signed the
 * certificate beside it, at any moment of a renewal.
 */
export const natsAuthority: Authority = {
  secret: natsSecrets.servers,
  key: "ca.crt",
  path: "/etc/plinth/nats",
};

/**
 * Where the servers tell of themselves, by HTTP. It is the headless Service: KEDA asks the server that leads a
 * consumer, by the server's name before this one. Sources: chart `nats`, 2.14; KEDA's scaler `nats-jetstream`, 2.20.
 */
export const natsMonitoring = (namespace: string): string =>
  `${natsName}-headless.${namespace}.svc.cluster.local:${natsPorts.monitor}`;

/** Where each server's metrics are served: the exporter's port, as the chart names it, and its path. */
export const natsMetrics = { port: "prom-metrics", path: "/metrics" } as const;
