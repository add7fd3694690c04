import { nginx, node } from "./images";
import { describe } from "./spec";

/** AMS: asset management with a web front end, an API and a background worker. */
export const ams = describe({
  name: "ams",
  title: "AMS",
  namespaces: ["ams"],
  secret: "ams-secrets",
  settings: ["NODE_ENV", "LOG_LEVEL"],
  hosts: ["app"],
  stores: {
    postgres: { kind: "postgres", database: "ams", user: "ams", driver: "prisma", readRoles: ["read"] },
    cache: { kind: "cache" },
    jwt: { kind: "generated", keys: ["access", "refresh"] },
    objects: { kind: "bucket", access: "read-write", uploadsFrom: ["app"] },
    backups: { kind: "bucket", access: "read-write", backups: true },
  },
  workloads: {
    web: {
      name: "ams-web",
      container: "web",
      namespace: "ams",
      component: "frontend",
      listen: { service: "ams-web-service", ports: { http: 80 } },
      image: nginx,
      env: {},
      exposure: [{ host: "app", paths: ["/"] }],
    },
    api: {
      name: "ams-api",
      container: "api",
      namespace: "ams",
      component: "api",
      listen: {
        service: "ams-api-service",
        ports: { http: 4000 },
        metrics: { path: "/metrics", queries: true },
      },
      image: node,
      probes: {
        liveness: { path: "/health", initialDelaySeconds: 30, periodSeconds: 10 },
        readiness: { path: "/health/ready", initialDelaySeconds: 10, periodSeconds: 5 },
      },
      env: {
        NODE_ENV: { setting: "NODE_ENV" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
        DATABASE_URL: { from: "postgres.url", key: "database-url" },
        DATABASE_READ_URLS: { from: "postgres.readUrl", key: "database-read-urls" },
        REDIS_URL: { from: "cache.url", key: "redis-url" },
        JWT_ACCESS_SECRET: { from: "jwt.access", key: "jwt-access-secret" },
        JWT_REFRESH_SECRET: { from: "jwt.refresh", key: "jwt-refresh-secret" },
        JWT_ACCESS_SECRET_ACCEPTED: { from: "jwt.accessAccepted", key: "jwt-access-secret-accepted" },
        JWT_REFRESH_SECRET_ACCEPTED: { from: "jwt.refreshAccepted", key: "jwt-refresh-secret-accepted" },
        S3_BUCKET: { from: "objects.name" },
      },
      exposure: [{ host: "app", paths: ["/api"] }],
    },
    worker: {
      name: "ams-worker",
      container: "worker",
      namespace: "ams",
      component: "worker",
      command: ["node", "dist/worker.js"],
      image: node,
      env: {
        NODE_ENV: { setting: "NODE_ENV" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
        // Prisma's URL has the number of connections of a pod, so each workload has its own.
        DATABASE_URL: { from: "postgres.url", key: "worker-database-url" },
        REDIS_URL: { from: "cache.url", key: "redis-url" },
      },
    },
  },
  migration: {
    workload: "api",
    migrate: ["npx", "--no-install", "prisma", "migrate", "deploy"],
    verify: ["npx", "--no-install", "prisma", "migrate", "status"],
    seed: ["npx", "--no-install", "prisma", "db", "seed"],
  },
});
