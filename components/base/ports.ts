/** TCP ports that more than one part of the program names. A workload's own ports are in its description. */

/** Where the engines in the data subnets listen. */
export const enginePorts = { postgres: 5432, cache: 6379, files: 2049 } as const;

/**
 * Where NATS' servers listen: `client` for clients, `cluster` for each other, `monitor` for their state over HTTP,
 * `metrics` for the exporter beside them, which turns that state into metrics.
 */
export const natsPorts = { client: 4222, cluster: 6222, monitor: 8222, metrics: 7777 } as const;

/** Where Prometheus answers queries. */
export const prometheusPort = 9090;
