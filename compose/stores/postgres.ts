import { serverHealth } from "../health";
import { pools } from "../../config";
import type { PostgresStore } from "../../systems/spec";
import { enginePorts } from "../../components/base/ports";
import { required } from "../../components/base/required";
import { login, loginSlots, masterUser, readerOf } from "../../components/data/credentials/logins";
import { databaseUrl } from "../../components/data/urls";
import type { RolesToMake } from "../../components/base/store";
import { filesPath } from "../../components/jobs/job-pod";
import { bootstrapContainer, scriptFile } from "../../components/jobs/roles";
import { bootstrapScript } from "../../components/jobs/roles-script";
import {
  authorityFile,
  certificateOf,
  certificatesService,
  keyOf,
  serverMount,
  trustVolume,
} from "../certificates";
import { images, postgresImage } from "../images";
import { confined, literal, limits, type Service } from "../model";
import { localValue, variableOf } from "../names";
import { publish, type Plan } from "../plan";
import { outputs, type LocalStore } from "./store";

/** User ID of the server in the image. Source: its Dockerfile for Alpine. */
const serverUser = 70;

/** The image's data directory, which from 18 on is versioned. Source: the image's page. */
const dataPath = (version: string) =>
  Number(version) < 18 ? "/var/lib/postgresql/data" : "/var/lib/postgresql";

/** Libraries of the cloud's parameter group that the image has; it lacks pgaudit. */
const settings = { shared_preload_libraries: "pg_stat_statements" };

/** Variables of `.env` by property of the store's entry. */
const passwords = (plan: Plan, key: string) => ({
  password: variableOf(plan.spec, key, "password"),
  readPassword: variableOf(plan.spec, key, "readPassword"),
  masterPassword: variableOf(plan.spec, key, "masterPassword"),
});

/**
 * PostgreSQL of the cloud's major version with TLS, and a job that creates the roles with the same script as in the
 * cloud. The `_a` logins are in use, without rotation.
 */
export function postgres(plan: Plan, key: string, store: PostgresStore, hostPort: number): LocalStore {
  const { spec, names } = plan;
  const { database, user: owner, driver, readRoles } = store;
  const variables = passwords(plan, key);
  const value = (property: keyof typeof variables) => names.value(variables[property]);
  const pool = pools(spec, plan.settings.workloads);
  const url =
    (by: "owner" | "reader", speaks = driver) =>
    (_: unknown, workload: string) =>
      databaseUrl({
        driver: speaks,
        authority: "rds",
        host: key,
        database,
        pool: pool[workload],
        user: login(by === "owner" ? owner : readerOf(owner), "a"),
        password: value(by === "owner" ? "password" : "readPassword"),
      });
  const amounts = plan.settings.stores.postgres[key];
  if (amounts === undefined) throw new Error(`${spec.name}: no settings of ${key}`);
  const roles = `${key}-roles`;
  return {
    outputs: outputs(
      { host: key, port: String(enginePorts.postgres), database },
      {
        composed: {
          url: url("owner"),
          ...(driver === "pg" ? { migrateUrl: url("owner", "prisma") } : {}),
          // No replicas here: the primary serves all read roles.
          ...Object.fromEntries(readRoles.map((role) => [`${role}Url`, url("reader")])),
        },
      },
    ),
    properties: { user: login(owner, "a"), password: value("password") },
    parts: {
      services: {
        [key]: server(plan, key, store, amounts, hostPort),
        [roles]: rolesJob({ host: key, database, owner, version: amounts.version }, key, value),
      },
      volumes: [`${key}_data`],
      configs: { [roles]: literal(bootstrapScript) },
      env: Object.fromEntries(
        Object.entries(variables).map(([property, variable]) => [
          variable,
          { value: localValue(spec.name, key, property), comment: `PostgreSQL ${key}: ${property}` },
        ]),
      ),
    },
    waits: { [key]: "service_healthy", [roles]: "service_completed_successfully" },
    mounts: [trustVolume],
    certified: [{ name: key, user: serverUser, hosts: [key, "localhost"] }],
  };
}

function server(
  plan: Plan,
  key: string,
  { database }: PostgresStore,
  { version, parameters }: Plan["settings"]["stores"]["postgres"][string],
  hostPort: number,
): Service {
  const options = {
    ssl: "on",
    ssl_cert_file: certificateOf(key),
    ssl_key_file: keyOf(key),
    ssl_ca_file: authorityFile,
    ...settings,
    ...parameters,
  };
  return {
    image: postgresImage(version),
    command: ["postgres", ...Object.entries(options).flatMap(([name, value]) => ["-c", `${name}=${value}`])],
    environment: {
      POSTGRES_DB: database,
      POSTGRES_USER: masterUser,
      POSTGRES_PASSWORD: plan.names.value(passwords(plan, key).masterPassword),
    },
    ports: [publish(plan, hostPort, enginePorts.postgres)],
    volumes: [`${key}_data:${dataPath(version)}`, serverMount],
    depends_on: { [certificatesService]: { condition: "service_completed_successfully" } },
    // By TCP: while the image initializes the database, its server listens only on a socket.
    healthcheck: serverHealth(["CMD-SHELL", `pg_isready -h 127.0.0.1 -U ${masterUser} -d ${database}`], 30),
    ...confined,
    restart: "unless-stopped",
    deploy: limits("1", "512M"),
  };
}

/** The job that creates the roles in the cloud, as a service that runs once. */
function rolesJob(
  roles: Pick<RolesToMake, "host" | "database" | "owner" | "version">,
  key: string,
  value: (property: "password" | "readPassword" | "masterPassword") => string,
): Service {
  const container = bootstrapContainer(
    { ...roles, port: enginePorts.postgres, master: { entry: "", filledBy: [] } },
    key,
  );
  const secret: Readonly<Record<string, string>> = {
    PGUSER: masterUser,
    PGPASSWORD: value("masterPassword"),
    // PostgreSQL computes the verifier itself if it gets a password.
    ...Object.fromEntries(
      loginSlots.flatMap((slot) => [
        [`OWNER_${slot.toUpperCase()}_VERIFIER`, value("password")],
        [`READER_${slot.toUpperCase()}_VERIFIER`, value("readPassword")],
        // Nothing here logs in as the role that monitors the database in the cloud.
        [`MONITOR_${slot.toUpperCase()}_VERIFIER`, value("readPassword")],
      ]),
    ),
  };
  const environment = Object.fromEntries(
    container.env.map(({ name, value: plain }) => [
      String(name),
      String(plain ?? required(secret[String(name)], `a value of ${String(name)}`)),
    ]),
  );
  return {
    image: images.psql,
    user: `${container.user}:${container.user}`,
    entrypoint: container.command,
    environment,
    volumes: [trustVolume],
    configs: [{ source: `${key}-roles`, target: `${filesPath}/${scriptFile}` }],
    depends_on: { [key]: { condition: "service_healthy" } },
    ...confined,
    restart: "no",
    deploy: limits("0.5", "128M"),
  };
}
