import { node, python } from "./images";
import { describe } from "./spec";

/** TAPWORK: attendance by scanner, with a FastAPI back end. */
export const tapwork = describe({
  name: "tapwork",
  title: "TAPWORK",
  namespaces: ["tapwork"],
  secret: "tapwork-secrets",
  settings: ["LOG_LEVEL"],
  hosts: ["api", "scanner"],
  stores: {
    postgres: { kind: "postgres", database: "tapwork", user: "tapwork_user", driver: "libpq", readRoles: [] },
    jwt: { kind: "generated", keys: ["secret"] },
    mail: { kind: "mail", service: "smtp-service", namespace: "tapwork" },
    backups: { kind: "bucket", access: "read-write", backups: true },
  },
  workloads: {
    api: {
      name: "tapwork-api",
      container: "api",
      namespace: "tapwork",
      component: "api",
      listen: { service: "tapwork-api-service", ports: { http: 8000 }, metrics: { path: "/metrics" } },
      image: { ...python, scratch: { ...python.scratch, logs: "/app/logs" } },
      probes: {
        liveness: { path: "/health", initialDelaySeconds: 30, periodSeconds: 10 },
        readiness: { path: "/health", initialDelaySeconds: 5, periodSeconds: 5 },
      },
      // As in the image's own health check.
      startupSeconds: 40,
      configMap: "tapwork-config",
      env: {
        DATABASE_URL: { from: "postgres.url", key: "database-url" },
        DATABASE_HOST: { from: "postgres.host" },
        DATABASE_PORT: { from: "postgres.port" },
        DATABASE_NAME: { from: "postgres.database" },
        DB_USER: { from: "postgres.user", key: "db-user" },
        DB_PASSWORD: { from: "postgres.password", key: "db-password" },
        JWT_SECRET: { from: "jwt.secret", key: "jwt-secret" },
        JWT_SECRET_ACCEPTED: { from: "jwt.secretAccepted", key: "jwt-secret-accepted" },
        SMTP_HOST: { from: "mail.host" },
        SMTP_PORT: { from: "mail.port" },
        SMTP_USER: { from: "mail.user", key: "smtp-user" },
        SMTP_PASSWORD: { from: "mail.password", key: "smtp-password" },
        API_HOST: { value: "0.0.0.0" },
        API_PORT: { value: "8000" },
        BIOMETRIC_URL: { service: "biometric" },
        LOG_LEVEL: { setting: "LOG_LEVEL" },
      },
      exposure: [{ host: "api", paths: ["/"] }],
    },
    // The document only shows it behind the API: image, port and variables are like the API's.
    biometric: {
      name: "tapwork-biometric",
      container: "biometric",
      namespace: "tapwork",
      component: "worker",
      listen: { service: "biometric-service", ports: { http: 8000 } },
      image: python,
      env: { LOG_LEVEL: { setting: "LOG_LEVEL" } },
      optional: true,
    },
    scanner: {
      name: "tapwork-scanner",
      container: "scanner",
      namespace: "tapwork",
      component: "frontend",
      listen: { service: "scanner-service", ports: { http: 3000 } },
      image: node,
      env: { REACT_APP_API_URL: { publicUrl: "api" } },
      exposure: [{ host: "scanner", paths: ["/"] }],
    },
  },
  migration: {
    workload: "api",
    migrate: ["alembic", "upgrade", "head"],
    verify: ["alembic", "current", "--check-heads"],
    seed: ["python", "-m", "seed"],
  },
});
