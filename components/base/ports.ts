/** TCP ports that several parts of the program use. A workload's ports are in its description. */

/** Ports of the engines in the data subnets. */
export const enginePorts = { postgres: 5432, cache: 6379, files: 2049 } as const;

/**
 * Ports of NATS servers: `client` for clients, `cluster` between servers, `monitor` for their state over HTTP,
 * `metrics` for the exporter sidecar, which turns that state into metrics.
 */
export const natsPorts = { client: 4222, cluster: 6222, monitor: 8222, metrics: 7777 } as const;

/** Port of HTTPS: load balancers, the cluster's API server, and AWS services. */
export const httpsPort = 443;

/** Port of SMTP with STARTTLS, which SES requires. */
export const smtpPort = 587;

/** Prometheus' query port. */
export const prometheusPort = 9090;
