/**
 * The requirement rows on workloads and stores, as a table to compare with the documents. Nothing here is copied from
 * output. `min`–`max` is an autoscaler, a single number a fixed count; more than the documents demand is never a fault.
 */

export type Count = number | readonly [min: number, max: number];

export interface WorkloadRow {
  /** Requirement rows that the line comes from. */
  readonly rows: string;
  readonly namespace: string;
  readonly deployment: string;
  readonly container: string;
  readonly image: string;
  /** Name of the Service and its port. */
  readonly service?: readonly [name: string, port: number];
  /** Minimum of each stack, by its name. A stack without an entry may have any. */
  readonly counts: Readonly<Record<string, Count>>;
  /** Environment variables, and the Secret's key for secrets. `config` means the ConfigMap. */
  readonly env: Readonly<Record<string, string>>;
  /** Liveness and readiness: path, initial delay, period. */
  readonly probes?: readonly [readonly [string, number, number], readonly [string, number, number]];
  /** Requests and limits from a document. */
  readonly resources?: readonly [requests: readonly [string, string], limits: readonly [string, string]];
}

const doc = [
  ["250m", "256Mi"],
  ["500m", "512Mi"],
] as const;

export const workloads: readonly WorkloadRow[] = [
  {
    rows: "APP-O",
    namespace: "opmas-core",
    deployment: "opmas-core",
    container: "core",
    image: "opmas/core",
    service: ["opmas-core", 8000],
    counts: { dev: 1, staging: 2, prod: [3, 6] },
    env: {
      NATS_URL: "opmas-secrets/nats-url",
      NATS_CA: "value",
      NATS_INBOX_PREFIX: "value",
      DB_POOL_SIZE: "value",
      DB_URL: "opmas-secrets/db-url",
      LOG_LEVEL: "value",
    },
  },
  {
    rows: "APP-O (N agent instances), SCALE-2",
    namespace: "opmas-core",
    deployment: "opmas-agent",
    container: "agent",
    image: "opmas/core",
    counts: { dev: 1, staging: [2, 4], prod: [4, 12] },
    env: {
      NATS_URL: "opmas-secrets/agent-nats-url",
      NATS_CA: "value",
      NATS_INBOX_PREFIX: "value",
      DB_POOL_SIZE: "value",
      DB_URL: "opmas-secrets/db-url",
      LOG_LEVEL: "value",
    },
  },
  {
    rows: "APP-O, CACHE-1, SCALE-2",
    namespace: "opmas-api",
    deployment: "opmas-management-api",
    container: "management-api",
    image: "opmas/management-api",
    service: ["opmas-management-api", 8001],
    counts: { dev: 1, staging: [2, 3], prod: [2, 6] },
    env: {
      DB_POOL_SIZE: "value",
      DB_URL: "opmas-secrets/db-url",
      REDIS_URL: "opmas-secrets/redis-url",
      LOG_LEVEL: "value",
    },
  },
  {
    rows: "APP-O",
    namespace: "opmas-ui",
    deployment: "opmas-frontend",
    container: "frontend",
    image: "opmas/frontend",
    service: ["opmas-frontend", 80],
    counts: { dev: 1, staging: 2, prod: 2 },
    env: { API_URL: "value" },
  },
  {
    rows: "APP-A",
    namespace: "ams",
    deployment: "ams-web",
    container: "web",
    image: "ams-web",
    service: ["ams-web-service", 80],
    counts: { dev: 1, staging: 2, prod: 3 },
    env: {},
  },
  {
    rows: "APP-A, SCALE-1",
    namespace: "ams",
    deployment: "ams-api",
    container: "api",
    image: "ams-api",
    service: ["ams-api-service", 4000],
    counts: { dev: 1, staging: 2, prod: [3, 10] },
    env: {
      NODE_ENV: "value",
      LOG_LEVEL: "value",
      DB_POOL_SIZE: "value",
      DATABASE_URL: "ams-secrets/database-url",
      DATABASE_READ_URLS: "ams-secrets/database-read-urls",
      REDIS_URL: "ams-secrets/redis-url",
      JWT_ACCESS_SECRET: "ams-secrets/jwt-access-secret",
      JWT_REFRESH_SECRET: "ams-secrets/jwt-refresh-secret",
      JWT_ACCESS_SECRET_ACCEPTED: "ams-secrets/jwt-access-secret-accepted",
      JWT_REFRESH_SECRET_ACCEPTED: "ams-secrets/jwt-refresh-secret-accepted",
      S3_BUCKET: "value",
    },
    probes: [
      ["/health", 30, 10],
      ["/health/ready", 10, 5],
    ],
    resources: doc,
  },
  {
    rows: "APP-A, SCALE-1",
    namespace: "ams",
    deployment: "ams-worker",
    container: "worker",
    image: "ams-api",
    counts: { dev: 1, staging: 2, prod: [2, 8] },
    env: {
      NODE_ENV: "value",
      LOG_LEVEL: "value",
      DB_POOL_SIZE: "value",
      DATABASE_URL: "ams-secrets/worker-database-url",
      REDIS_URL: "ams-secrets/redis-url",
    },
  },
  {
    rows: "APP-T, SCALE-1",
    namespace: "tapwork",
    deployment: "tapwork-api",
    container: "api",
    image: "tapwork/api",
    service: ["tapwork-api-service", 8000],
    counts: { dev: 1, staging: 2, prod: [3, 10] },
    env: {
      DATABASE_HOST: "value",
      DATABASE_URL: "tapwork-secrets/database-url",
      DB_USER: "tapwork-secrets/db-user",
      DB_PASSWORD: "tapwork-secrets/db-password",
      JWT_SECRET: "tapwork-secrets/jwt-secret",
      JWT_SECRET_ACCEPTED: "tapwork-secrets/jwt-secret-accepted",
      SMTP_USER: "tapwork-secrets/smtp-user",
      SMTP_PASSWORD: "tapwork-secrets/smtp-password",
    },
    probes: [
      ["/health", 30, 10],
      ["/health", 5, 5],
    ],
    resources: doc,
  },
  {
    rows: "APP-T",
    namespace: "tapwork",
    deployment: "tapwork-scanner",
    container: "scanner",
    image: "tapwork/scanner",
    service: ["scanner-service", 3000],
    counts: { dev: 1, staging: 2, prod: 2 },
    env: { REACT_APP_API_URL: "value" },
  },
  {
    rows: "APP-M, SCALE-1",
    namespace: "asset-management",
    deployment: "asset-management-api",
    container: "api",
    image: "asset-management-api",
    service: ["asset-management-api", 3000],
    counts: { dev: 1, staging: [2, 4], prod: [2, 15] },
    env: {
      NODE_ENV: "value",
      LOG_LEVEL: "value",
      DB_POOL_SIZE: "value",
      DATABASE_URL: "database-secret/url",
      DATABASE_REPORTING_URL: "database-secret/reporting-url",
      DATABASE_READ_URL: "database-secret/application-url",
      REDIS_URL: "database-secret/redis-url",
      JWT_SECRET: "database-secret/jwt-secret",
      JWT_SECRET_ACCEPTED: "database-secret/jwt-secret-accepted",
      S3_BUCKET: "value",
      QUEUE_URL: "value",
      SMTP_HOST: "value",
      SMTP_PORT: "value",
      SMTP_USER: "database-secret/smtp-user",
      SMTP_PASSWORD: "database-secret/smtp-password",
    },
  },
  {
    rows: "APP-M",
    namespace: "asset-management",
    deployment: "asset-management-frontend",
    container: "frontend",
    image: "asset-management-frontend",
    service: ["asset-management-frontend", 80],
    counts: { dev: 1, staging: 2, prod: 3 },
    env: {},
  },
];

/** Keys of TAPWORK's ConfigMap, and the document's values that still apply. */
export const tapworkConfig: Readonly<Record<string, string | undefined>> = {
  DATABASE_HOST: undefined,
  DATABASE_PORT: "5432",
  DATABASE_NAME: "tapwork",
  SMTP_HOST: undefined,
  SMTP_PORT: undefined,
  API_HOST: "0.0.0.0",
  API_PORT: "8000",
  LOG_LEVEL: undefined,
  // Not in the document: the number of connections of a pod.
  DB_POOL_SIZE: undefined,
};

export interface DatabaseRow {
  readonly rows: string;
  readonly system: string;
  readonly version: string;
  readonly database: string;
  /** Role that owns the workloads' objects; they log in as `<user>_a` or `<user>_b`. */
  readonly user: string;
  /** Gibibytes in production (RDS starts at 20). */
  readonly storage: number;
  /** Read replicas by role in production. */
  readonly replicas: Readonly<Record<string, number>>;
}

export const databases: readonly DatabaseRow[] = [
  {
    rows: "DB-1",
    system: "opmas",
    // The document has 14, whose RDS standard support ends in 2027.
    version: "17",
    database: "opmas",
    user: "opmas",
    storage: 20,
    replicas: {},
  },
  {
    rows: "DB-1, DB-2, DB-5",
    system: "ams",
    version: "15",
    database: "ams",
    user: "ams",
    storage: 20,
    replicas: { read: 2 },
  },
  {
    rows: "DB-1, DB-5",
    system: "tapwork",
    version: "15",
    database: "tapwork",
    user: "tapwork_user",
    storage: 20,
    replicas: {},
  },
  {
    rows: "DB-1, DB-2",
    system: "asset-management",
    version: "17",
    database: "asset_management",
    user: "asset_management",
    storage: 100,
    replicas: { reporting: 1, application: 1 },
  },
];

/** DB-3: 200 connections, 4 GB, 12 GB and 16 MB in pages of 8 kB, 1 GB in kB. */
export const assetManagementParameters: Readonly<Record<string, string>> = {
  max_connections: "200",
  shared_buffers: "524288",
  effective_cache_size: "1572864",
  maintenance_work_mem: "1048576",
  checkpoint_completion_target: "0.9",
  wal_buffers: "2048",
  default_statistics_target: "100",
};

/** CACHE-1: systems with a cache. TAPWORK's document has none. */
export const caches = ["ams", "asset-management", "opmas"];

/** BAK-1, FS-1: buckets, including the one with a fixed name, and the one for access logs. */
export const buckets = [
  "access-logs",
  "ams-backups",
  "ams-objects",
  "asset-management-backups",
  "asset-management-uploads",
  "opmas-backups",
  "tapwork-backups",
];

/** EDGE-1 and the documents' Ingresses: host by its key (`system.key`), path, Service, port. */
export const routes: readonly (readonly [host: string, path: string, service: string, port: number])[] = [
  ["ams.app", "/api", "ams-api-service", 4000],
  ["ams.app", "/", "ams-web-service", 80],
  ["tapwork.api", "/", "tapwork-api-service", 8000],
  ["tapwork.scanner", "/", "scanner-service", 3000],
  ["opmas.ui", "/", "opmas-frontend", 80],
  ["opmas.api", "/", "opmas-management-api", 8001],
  ["asset-management.app", "/api/authentication", "asset-management-authentication", 3000],
  ["asset-management.app", "/api/asset", "asset-management-asset", 3000],
  ["asset-management.app", "/api/maintenance", "asset-management-maintenance", 3000],
  ["asset-management.app", "/api/inventory", "asset-management-inventory", 3000],
  ["asset-management.app", "/api", "asset-management-api", 3000],
  ["asset-management.app", "/", "asset-management-frontend", 80],
];
