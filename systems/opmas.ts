import { nginx, python } from "./images";
import { describe } from "./spec";

/** OPMAS: OpenWRT devices report over syslog, agents analyse the logs, a management API and a UI show the results. */
export const opmas = describe({
  name: "opmas",
  title: "OPMAS",
  namespaces: ["opmas-core", "opmas-api", "opmas-ui"],
  secret: "opmas-secrets",
  settings: ["LOG_LEVEL"],
  hosts: ["ui", "api"],
  // The OpenWRT devices, which core calls over HTTP.
  networks: ["devices"],
  stores: {
    postgres: { kind: "postgres", database: "opmas", user: "opmas", driver: "libpq", readRoles: [] },
    cache: { kind: "cache" },
    nats: {
      kind: "nats",
      namespace: "opmas-core",
      // The documents name no subjects: core receives the devices' logs, agents analyse them, core stores the findings.
      streams: {
        LOGS: {
          subjects: ["logs.>"],
          retention: "workqueue",
          consumers: { agents: { ackWaitSeconds: 30, maxDeliver: 5 } },
        },
        FINDINGS: {
          subjects: ["findings.>"],
          retention: "workqueue",
          consumers: { core: { ackWaitSeconds: 30, maxDeliver: 5 } },
        },
      },
    },
    backups: { kind: "bucket", access: "read-write", backups: true },
  },
  workloads: {
    core: {
      name: "opmas-core",
      container: "core",
      namespace: "opmas-core",
      component: "core",
      listen: {
        service: "opmas-core",
        ports: { http: 8000 },
        syslog: 514,
        metrics: { path: "/metrics" },
      },
      image: python,
      env: {
        NATS_URL: { from: "nats.url", key: "nats-url" },
        NATS_CA: { from: "nats.ca" },
        NATS_INBOX_PREFIX: { from: "nats.inbox" },
        DB_URL: { from: "postgres.url", key: "db-url" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
      },
      publishes: ["nats.LOGS"],
      consumes: ["nats.FINDINGS.core"],
      calls: ["devices"],
    },
    agent: {
      name: "opmas-agent",
      container: "agent",
      namespace: "opmas-core",
      component: "worker",
      command: ["python", "-m", "opmas.agent"],
      image: python,
      env: {
        NATS_URL: { from: "nats.url", key: "agent-nats-url" },
        NATS_CA: { from: "nats.ca" },
        NATS_INBOX_PREFIX: { from: "nats.inbox" },
        DB_URL: { from: "postgres.url", key: "db-url" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
      },
      publishes: ["nats.FINDINGS"],
      consumes: ["nats.LOGS.agents"],
    },
    "management-api": {
      name: "opmas-management-api",
      container: "management-api",
      namespace: "opmas-api",
      component: "api",
      listen: { service: "opmas-management-api", ports: { http: 8001 }, metrics: { path: "/metrics" } },
      image: python,
      env: {
        DB_URL: { from: "postgres.url", key: "db-url" },
        REDIS_URL: { from: "cache.url", key: "redis-url" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
      },
      exposure: [{ host: "api", paths: ["/"], sticky: true }],
    },
    frontend: {
      name: "opmas-frontend",
      container: "frontend",
      namespace: "opmas-ui",
      component: "frontend",
      listen: { service: "opmas-frontend", ports: { http: 80 } },
      image: nginx,
      env: { API_URL: { publicUrl: "api" } },
      exposure: [{ host: "ui", paths: ["/"], cdn: { assets: ["/assets"] } }],
    },
  },
  migration: {
    workload: "core",
    migrate: ["alembic", "upgrade", "head"],
    verify: ["alembic", "current", "--check-heads"],
    seed: ["python", "-m", "opmas.seed"],
  },
});
