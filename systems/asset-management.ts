import { nginx, node } from "./images";
import type { Stores, SystemSpec } from "./spec";

const stores = {
  postgres: {
    kind: "postgres",
    database: "asset_management",
    user: "asset_management",
    driver: "prisma",
    readRoles: ["reporting", "application"],
  },
  cache: { kind: "cache" },
  jwt: { kind: "generated", keys: ["secret"] },
  mail: { kind: "mail", service: "smtp-service", namespace: "asset-management" },
  uploads: { kind: "bucket", access: "read-write", uploadsFrom: ["app"] },
  tasks: { kind: "queue" },
  files: { kind: "files", user: node.user },
  backups: { kind: "bucket", access: "read-write", backups: true },
} as const satisfies Stores;

/** Asset Management System: a NestJS API with four logical services behind one path layout, and a front end. */
export const assetManagement = {
  name: "asset-management",
  title: "Asset Management System",
  namespaces: ["asset-management"],
  secret: "database-secret",
  settings: ["NODE_ENV", "LOG_LEVEL"],
  hosts: ["app"],
  stores,
  workloads: {
    api: {
      name: "asset-management-api",
      container: "api",
      namespace: "asset-management",
      component: "api",
      listen: {
        service: "asset-management-api",
        ports: { http: 3000 },
        facets: {
          "/api/authentication": "asset-management-authentication",
          "/api/asset": "asset-management-asset",
          "/api/maintenance": "asset-management-maintenance",
          "/api/inventory": "asset-management-inventory",
        },
        metrics: { path: "/metrics", queries: true, errorMinutes: 2 },
      },
      image: node,
      env: {
        NODE_ENV: { setting: "NODE_ENV" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
        DATABASE_URL: { from: "postgres.url", key: "url" },
        DATABASE_REPORTING_URL: { from: "postgres.reportingUrl", key: "reporting-url" },
        DATABASE_READ_URL: { from: "postgres.applicationUrl", key: "application-url" },
        REDIS_URL: { from: "cache.url", key: "redis-url" },
        JWT_SECRET: { from: "jwt.secret", key: "jwt-secret" },
        S3_BUCKET: { from: "uploads.name" },
        QUEUE_URL: { from: "tasks.url" },
        SMTP_HOST: { from: "mail.host" },
        SMTP_PORT: { from: "mail.port" },
        SMTP_USER: { from: "mail.user", key: "smtp-user" },
        SMTP_PASSWORD: { from: "mail.password", key: "smtp-password" },
      },
      mounts: { "/app/files": "files" },
      exposure: [{ host: "app", paths: ["/api"] }],
    },
    frontend: {
      name: "asset-management-frontend",
      container: "frontend",
      namespace: "asset-management",
      component: "frontend",
      listen: { service: "asset-management-frontend", ports: { http: 80 } },
      image: nginx,
      env: {},
      exposure: [{ host: "app", paths: ["/"] }],
    },
  },
  migration: {
    workload: "api",
    migrate: ["npx", "--no-install", "prisma", "migrate", "deploy"],
    verify: ["npx", "--no-install", "prisma", "migrate", "status"],
  },
} as const satisfies SystemSpec<typeof stores, "api" | "frontend", "app">;
