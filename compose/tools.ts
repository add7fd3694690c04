import { masterUser } from "../components/data/credentials/logins";
import { enginePorts } from "../components/base/ports";
import { migratedStore } from "../config";
import { images } from "./images";
import { developmentOf, publishedPorts } from "./local";
import { confined, limits, together, type Parts } from "./model";
import { localValue } from "./names";
import { publish, type Plan } from "./plan";
import type { LocalStore } from "./stores";
import { environment } from "./variables";
import { installed, running } from "./running";
import { mounted, waits } from "./workloads";

/** Web interfaces for a system's database. */
export function tools(plan: Plan, stores: Readonly<Record<string, LocalStore>>): Partial<Parts> {
  const wanted = plan.local.tools ?? [];
  return together(
    wanted.includes("prisma-studio") ? studio(plan, stores) : {},
    wanted.includes("pgadmin") ? pgadmin(plan) : {},
  );
}

/** Prisma Studio, in the image of the workload that migrates, which has the schema. Not in the profile `sample`. */
function studio(plan: Plan, stores: Readonly<Record<string, LocalStore>>): Partial<Parts> {
  const key = plan.spec.migration?.workload ?? "";
  const spec = plan.spec.workloads[key];
  if (spec === undefined || plan.profile === "sample") return {};
  const { confined: isConfined, service, volumes } = running(plan, key);
  const { volumes: mounts = [], ...code } = service;
  const number = publishedPorts.prismaStudio;
  const command = [
    "npx",
    "prisma",
    "studio",
    "--hostname",
    "0.0.0.0",
    "--port",
    String(number),
    "--browser",
    "none",
  ];
  return {
    services: {
      "prisma-studio": {
        ...code,
        ...(isConfined
          ? { entrypoint: command, user: `${spec.image.user}:${spec.image.user}` }
          : { command: installed(developmentOf(plan.local, key), command) }),
        environment: { ...environment(plan, key, spec, stores), HOME: "/tmp" },
        ports: [publish(plan, number, number)],
        volumes: [...mounted(spec, stores), ...mounts],
        depends_on: waits(spec, stores, [], "verify"),
        ...confined,
        restart: "unless-stopped",
        deploy: limits("0.5", "512M"),
      },
    },
    volumes,
  };
}

const passwordVariable = "PGADMIN_PASSWORD";

/** pgAdmin with a preconfigured connection; it asks for the master user's password. */
function pgadmin(plan: Plan): Partial<Parts> {
  const host = migratedStore(plan.spec);
  const store = plan.spec.stores[host ?? ""];
  if (host === undefined || store?.kind !== "postgres") return {};
  const server = {
    Name: plan.spec.title,
    Group: "Plinth",
    Host: host,
    Port: enginePorts.postgres,
    MaintenanceDB: store.database,
    Username: masterUser,
    SSLMode: "require",
  };
  return {
    services: {
      pgadmin: {
        image: images.pgadmin,
        environment: {
          PGADMIN_DEFAULT_EMAIL: "developer@example.com",
          PGADMIN_DEFAULT_PASSWORD: plan.names.value(passwordVariable),
          PGADMIN_SERVER_JSON_FILE: "/pgadmin4/servers.json",
        },
        ports: [publish(plan, publishedPorts.pgadmin, 80)],
        volumes: ["pgadmin_data:/var/lib/pgadmin"],
        configs: [{ source: "pgadmin-servers", target: "/pgadmin4/servers.json" }],
        depends_on: { [host]: { condition: "service_healthy" } },
        restart: "unless-stopped",
        deploy: limits("0.5", "512M"),
      },
    },
    volumes: ["pgadmin_data"],
    configs: { "pgadmin-servers": `${JSON.stringify({ Servers: { 1: server } }, undefined, 2)}\n` },
    env: {
      [passwordVariable]: {
        value: localValue(plan.spec.name, "pgadmin"),
        comment: "Password of pgAdmin; the user is developer@example.com",
      },
    },
  };
}
