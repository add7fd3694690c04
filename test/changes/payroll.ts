import { node } from "../../systems/images";
import { describe } from "../../systems/spec";

/** A fifth system, which the change "add a system" puts into `systems/`. */
export const payroll = describe({
  name: "payroll",
  title: "Payroll",
  namespaces: ["payroll"],
  secret: "payroll-secrets",
  settings: ["LOG_LEVEL"],
  hosts: ["app"],
  stores: {
    postgres: { kind: "postgres", database: "payroll", user: "payroll", driver: "libpq", readRoles: [] },
    backups: { kind: "bucket", access: "read-write", backups: true },
  },
  workloads: {
    api: {
      name: "payroll-api",
      container: "api",
      namespace: "payroll",
      component: "api",
      listen: { service: "payroll-api", ports: { http: 3000 }, metrics: { path: "/metrics" } },
      image: node,
      probes: {
        liveness: { path: "/health", initialDelaySeconds: 30, periodSeconds: 10 },
        readiness: { path: "/health", initialDelaySeconds: 10, periodSeconds: 5 },
      },
      env: {
        DATABASE_URL: { from: "postgres.url", key: "database-url" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
      },
      exposure: [{ host: "app", paths: ["/"] }],
    },
  },
  migration: {
    workload: "api",
    migrate: ["npm", "run", "migrate"],
    verify: ["npm", "run", "migrate:status"],
    seed: ["npm", "run", "seed"],
  },
});
