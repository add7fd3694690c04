import type { WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { images } from "../base/images";

/**
 * Collectors of the exporter, in addition to sessions and settings, which it always reads. Those that no panel and no
 * alert uses are off: some, such as the sizes of all tables, are expensive at each scrape. Names: postgres_exporter
 * 0.19.
 */
const collectors = {
  off: [
    "locks",
    "replication",
    "replication_slot",
    "roles",
    "stat_bgwriter",
    "stat_progress_vacuum",
    "stat_user_tables",
    "statio_user_tables",
    "wal",
  ],
  /** Calls and time of the statements that take longest. Their text, which may contain data, isn't exported. */
  on: ["stat_statements", "stat_statements.limit=50"],
} as const;

/** The same for every database. */
const resources: WorkloadSettings["resources"] = {
  requests: { cpu: "20m", memory: "32Mi" },
  limits: { cpu: "200m", memory: "128Mi" },
};

export const exporterSettings: WorkloadSettings = {
  image: images.postgresExporter.image,
  replicas: 1,
  minAvailable: 0,
  resources,
};

/**
 * Parameters of its connection: the server's name is verified, and the exporter's queries have a timeout.
 *
 * @param bundle File with the authorities.
 */
export const connectionParameters = (bundle: string): string =>
  `sslmode=verify-full&sslrootcert=${bundle}&connect_timeout=5&statement_timeout=10000`;

/**
 * postgres_exporter, which exports a PostgreSQL server's statistics to Prometheus.
 *
 * @param name Name of its Deployment and its Service.
 */
export const postgresExporter = (name: string, namespace: string): WorkloadSpec => ({
  name,
  container: "postgres-exporter",
  namespace,
  component: "worker",
  command: [
    "/bin/postgres_exporter",
    ...collectors.off.map((each) => `--no-collector.${each}`),
    ...collectors.on.map((each) => `--collector.${each}`),
  ],
  listen: { service: name, ports: { metrics: 9187 }, metrics: { path: "/metrics" } },
  image: { user: images.postgresExporter.user, scratch: {} },
  env: {},
});
