import { join } from "node:path";
import { existsSync } from "node:fs";
import type { Fault } from "../config/reading/errors";
import { certificates } from "./certificates";
import { ComposeError } from "./fault";
import { gates } from "./gates";
import { developmentOf } from "./local";
import { together, type Parts, type Service } from "./model";
import type { Names } from "./names";
import type { Plan } from "./plan";
import { proxy } from "./proxy";
import { localStores, sharedServers } from "./stores";
import { tools } from "./tools";
import { unmetReferences } from "./variables";
import { registryVariable } from "./running";
import { workloads } from "./workloads";

/** A Compose file, as an object. */
export interface ComposeFile {
  readonly name: string;
  readonly services: Readonly<Record<string, object>>;
  readonly networks: Readonly<Record<string, object>>;
  readonly volumes: Readonly<Record<string, object>>;
  readonly configs: Readonly<Record<string, { readonly content: string }>>;
}

/** A Compose file, and the variables of its `.env`. */
export interface Project {
  readonly file: ComposeFile;
  readonly env: Parts["env"];
}

/** The parts of one system, without the proxy that systems share. */
function systemParts(plan: Plan): Parts {
  const stores = localStores(plan);
  const faults = Object.entries(plan.spec.workloads).flatMap(([key, workload]) =>
    unmetReferences(plan.spec.name, key, workload, stores),
  );
  if (faults.length > 0) throw new ComposeError(faults);
  const { parts: gateParts, last } = gates(plan, stores);
  const certified = Object.values(stores).flatMap(({ certified: servers = [] }) => servers);
  return together(
    certificates(certified),
    ...Object.values(stores).map(({ parts }) => parts),
    ...sharedServers(plan),
    gateParts,
    workloads(plan, stores, last),
    tools(plan, stores),
  );
}

/** Missing folders that the profile `dev` builds from. */
function sourceFaults(plan: Plan): Fault[] {
  if (plan.profile !== "dev") return [];
  const { spec, settings, local, source } = plan;
  return Object.keys(spec.workloads).flatMap((key): Fault[] => {
    if (settings.workloads[key]?.build !== undefined) return [];
    const path = `compose/local.ts: ${spec.name}.workloads.${key}.development`;
    const development = developmentOf(local, key);
    const folder = join(source, development.source);
    const wanted =
      development.image === undefined ? join(folder, "Dockerfile") : join(folder, "package.json");
    if (existsSync(wanted)) return [];
    const expected = `a checkout of ${spec.title} there: set its folder with --source, or use --profile image or sample`;
    return [{ path: `${path}.source`, found: `no ${wanted}`, expected }];
  });
}

/** Ports that two services publish. */
function portFaults(services: Readonly<Record<string, Service>>): Fault[] {
  const taken = new Map<string, string>();
  return Object.entries(services).flatMap(([name, { ports = [] }]) =>
    ports.flatMap((each): Fault[] => {
      const [, number = ""] = each.split(":");
      const path = `${name}.ports`;
      if (Number(number) > 65_535)
        return [{ path, found: number, expected: "a port up to 65535: set a smaller --offset" }];
      const first = taken.get(number);
      taken.set(number, first ?? name);
      if (first === undefined) return [];
      return [
        {
          path,
          found: `port ${number}, which ${first} uses too`,
          expected: "give one of them another port in compose/local.ts",
        },
      ];
    }),
  );
}

const network = (system: string) => `${system}-network`;

/** A service with the file's names, on its systems' networks. */
function named(
  service: Service,
  names: Names,
  networks: readonly string[],
  aliases: readonly string[],
): object {
  const { depends_on, volumes, configs, aliases: own = [], ...rest } = service;
  const volume = (each: string) => {
    const [from = "", ...to] = each.split(":");
    return to.length === 0 || /^[./]/.test(from) ? each : [names.of(from), ...to].join(":");
  };
  const others = [...new Set([...aliases, ...own])];
  return {
    ...rest,
    ...(volumes === undefined || volumes.length === 0 ? {} : { volumes: volumes.map(volume) }),
    ...(configs === undefined
      ? {}
      : { configs: configs.map(({ source, target }) => ({ source: names.of(source), target })) }),
    ...(depends_on === undefined || Object.keys(depends_on).length === 0
      ? {}
      : {
          depends_on: Object.fromEntries(
            Object.entries(depends_on).map(([key, value]) => [names.of(key), value]),
          ),
        }),
    networks: Object.fromEntries(
      networks.map((each) => [each, others.length > 0 ? { aliases: others } : {}]),
    ),
  };
}

const each = <T, U>(map: Readonly<Record<string, T>>, change: (key: string, value: T) => [string, U]) =>
  Object.fromEntries(Object.entries(map).map(([key, value]) => change(key, value)));

/** One system's part of the file, with the file's names. */
function rendered(plan: Plan, parts: Parts): Omit<ComposeFile, "name"> & { env: Parts["env"] } {
  const { names, spec, local } = plan;
  return {
    services: each(parts.services, (key, service) => {
      // In a file of several systems a service keeps its short name on its own system's network.
      const aliases = [...(names.of(key) === key ? [] : [key]), ...(local.aliases?.[key] ?? [])];
      return [names.of(key), named(service, names, [network(spec.name)], aliases)];
    }),
    networks: { [network(spec.name)]: { driver: "bridge" } },
    volumes: Object.fromEntries(parts.volumes.map((volume) => [names.of(volume), {}])),
    configs: each(parts.configs, (key, content) => [names.of(key), { content }]),
    env: each(parts.env, (key, value) => [names.variable(key), value]),
  };
}

/**
 * The Compose file of one or several systems. Throws a `ComposeError` with every fault.
 *
 * @param name the Compose project's name
 */
export function project(name: string, plans: readonly Plan[]): Project {
  const faults = plans.flatMap(sourceFaults);
  if (faults.length > 0) throw new ComposeError(faults);
  const all = plans.map((plan) => ({ plan, parts: systemParts(plan) }));
  const shared = together(proxy(plans));
  const services = Object.assign(
    {},
    ...all.map(({ plan, parts }) => each(parts.services, (key, service) => [plan.names.of(key), service])),
    shared.services,
  ) as Record<string, Service>;
  const clashes = portFaults(services);
  if (clashes.length > 0) throw new ComposeError(clashes);
  const systems = all.map(({ plan, parts }) => rendered(plan, parts));
  const networks = plans.map(({ spec }) => network(spec.name));
  const same = { of: (local: string) => local } as Names;
  const proxyAliases = plans.flatMap(({ local }) => local.aliases?.proxy ?? []);
  return {
    file: {
      name,
      services: {
        ...Object.assign({}, ...systems.map((system) => system.services)),
        ...each(shared.services, (key, service) => [
          key,
          named(waitsForAll(service, all), same, networks, proxyAliases),
        ]),
      },
      networks: Object.assign({}, ...systems.map((system) => system.networks)) as ComposeFile["networks"],
      volumes: {
        ...Object.assign({}, ...systems.map((system) => system.volumes)),
        ...Object.fromEntries(shared.volumes.map((volume) => [volume, {}])),
      },
      configs: {
        ...Object.assign({}, ...systems.map((system) => system.configs)),
        ...each(shared.configs, (key, content) => [key, { content }]),
      },
    },
    env: {
      ...(Object.assign({}, ...systems.map((system) => system.env)) as Parts["env"]),
      [registryVariable]: {
        value: plans[0]?.environment.registry ?? "",
        comment: "Registry of the systems' own images",
      },
    },
  };
}

/** The proxy starts after its upstreams. */
function waitsForAll(service: Service, all: readonly { plan: Plan; parts: Parts }[]): Service {
  const depends = all.flatMap(({ plan }) =>
    Object.entries(plan.spec.workloads).flatMap(([key, { exposure }]) =>
      exposure === undefined
        ? []
        : [[plan.names.of(key), { condition: "service_started" as const }] as const],
    ),
  );
  return { ...service, depends_on: Object.fromEntries(depends) };
}
