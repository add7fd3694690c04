import { natsName, natsPorts } from "./nats-values";

/**
 * Where the servers tell of themselves, by HTTP. It is the headless Service: KEDA asks the server that leads a consumer,
 * by the server's name before this one. Sources: chart `nats`, 2.14; KEDA's scaler `nats-jetstream`, 2.20.
 */
export const natsMonitoring = (namespace: string): string =>
  `${natsName}-headless.${namespace}.svc.cluster.local:${natsPorts.monitor}`;

/** Where each server's figures are told as metrics: the exporter's port, as the chart names it, and its path. */
export const natsMetrics = { port: "prom-metrics", path: "/metrics" } as const;
