import { join } from "node:path";
import { amount, type WorkloadSettings } from "../config";
import { scratchSize } from "../components/base/disk";
import { required } from "../components/base/required";
import { stages, withRegistry } from "../components/system/release";
import { storesOf } from "../components/system/wiring";
import { graceSeconds } from "../components/workload/drain";
import { mainPort, serviceUrl } from "../components/workload/ports";
import type { WorkloadSpec } from "../systems/spec";
import { developmentOf, type Development, type LocalWorkload } from "./local";
import { healthCheck } from "./health";
import { confined, limits, type Build, type Condition, type Parts, type Service } from "./model";
import { given } from "./names";
import { fromFile, port, publish, type Plan } from "./plan";
import type { LocalStore } from "./stores";
import { environment } from "./variables";

/** How a workload comes to run, by the profile: image, code, command and where it listens. */
export interface Running {
  readonly service: Pick<Service, "image" | "build" | "volumes" | "working_dir" | "command" | "entrypoint">;
  /** Folder whose changes build the image again; none where the source is mounted. */
  readonly watched?: string;
  /** Volumes to be declared. */
  readonly volumes: readonly string[];
  readonly port: number | undefined;
  /** Whether Node is in the image, whatever the description says of it. */
  readonly runsNode: boolean;
  /** Path that says whether it is well, where it isn't the description's. */
  readonly healthPath?: string;
  /** Whether it runs under the cluster's conditions: a user, a read-only root, no capabilities, limits. */
  readonly confined: boolean;
  readonly variables: Readonly<Record<string, string>>;
}

/** The repository's own sample, which stands for a workload that isn't here, and the one path that it is well by. */
const sample = "images/hello";
const sampleHealth = "/health";

/** Variable of `.env`: the registry of images that name none, the same for all systems. */
export const registryVariable = "REGISTRY";

const build = (plan: Plan, folder: string, more: Omit<Build, "context"> = {}): Build => ({
  context: fromFile(plan, folder),
  ...more,
});

/** How a workload runs. */
export function running(plan: Plan, key: string): Running {
  const spec = required(plan.spec.workloads[key], key);
  const settings = required(plan.settings.workloads[key], key);
  const description = { port: mainPort(spec)?.port, volumes: [], variables: {} };
  // A pod's command takes the place of the image's entry point.
  const entrypoint = spec.command === undefined ? {} : { entrypoint: spec.command };
  if (plan.profile === "sample") {
    const folder = join(plan.root, sample);
    const variables: Record<string, string> =
      description.port === undefined ? {} : { PORT: String(description.port) };
    return {
      ...description,
      service: { build: build(plan, folder) },
      runsNode: true,
      healthPath: sampleHealth,
      confined: true,
      variables,
    };
  }
  if (plan.profile === "dev" && settings.build === undefined)
    return developed(plan, developmentOf(plan.local, key), spec);
  // What the stack file builds from this project is built here, too.
  if (settings.build !== undefined) {
    const { context, dockerfile, target } = settings.build;
    const made = build(plan, join(plan.root, context), {
      ...(dockerfile === `${context}/Dockerfile`
        ? {}
        : { dockerfile: fromFile(plan, join(plan.root, dockerfile)) }),
      ...(target === undefined ? {} : { target }),
    });
    // The sample is Node's.
    return {
      ...description,
      service: { build: made, ...entrypoint },
      runsNode: context === sample,
      confined: true,
    };
  }
  // The registry of images that name none stands in `.env`.
  const image = withRegistry(settings.image, given(registryVariable));
  return { ...description, service: { image, ...entrypoint }, runsNode: false, confined: true };
}

/** A workload from its source. */
function developed(plan: Plan, development: Development, spec: WorkloadSpec): Running {
  const { source, target, image, mount, keep = [], volumes = {} } = development;
  const folder = join(plan.source, source);
  const command = development.command ?? spec.command;
  return {
    service: {
      ...(image === undefined
        ? { build: build(plan, folder, target === undefined ? {} : { target }) }
        : { image, working_dir: mount ?? "/app" }),
      ...(command === undefined ? {} : { command: installed(development, command) }),
      ...(mount === undefined
        ? {}
        : {
            volumes: [
              `${fromFile(plan, folder)}:${mount}`,
              ...keep,
              ...Object.entries(volumes).map(([path, volume]) => `${volume}:${path}`),
            ],
          }),
    },
    ...(mount === undefined ? { watched: fromFile(plan, folder) } : {}),
    volumes: Object.values(volumes),
    port: development.port ?? mainPort(spec)?.port,
    runsNode: image !== undefined || target !== undefined,
    confined: false,
    variables: Object.fromEntries(
      Object.entries(development.addresses ?? {}).map(([name, other]) => [
        name,
        `http://localhost:${port(plan, required(plan.local.workloads[other]?.publish, `port of ${other}`))}`,
      ]),
    ),
  };
}

/** A command in an image that has no packages yet: they are installed first. */
export const installed = ({ install }: Development, command: readonly string[]): readonly string[] =>
  install === undefined ? command : ["sh", "-c", `${install} && exec ${command.join(" ")}`];

/** Services of the system's workloads. */
export function workloads(
  plan: Plan,
  stores: Readonly<Record<string, LocalStore>>,
  gate: string | undefined,
): Partial<Parts> {
  const services: Record<string, Service> = {};
  const volumes = new Set<string>();
  let before: readonly [key: string, workload: WorkloadSpec][] = [];
  for (const stage of stages(plan.spec)) {
    for (const [key, spec] of stage) {
      const settings = required(plan.settings.workloads[key], key);
      const how = running(plan, key);
      const check = healthCheck(spec, settings, how);
      for (const volume of how.volumes) volumes.add(volume);
      services[key] = {
        ...how.service,
        ...(how.watched === undefined
          ? {}
          : { develop: { watch: [{ path: how.watched, action: "rebuild" }] } }),
        ...(how.confined ? conditions(spec, settings) : confined),
        environment: { ...environment(plan, key, spec, stores), ...how.variables },
        ...published(plan, plan.local.workloads[key], how.port),
        volumes: [...mounted(spec, stores), ...(how.service.volumes ?? [])],
        depends_on: waits(spec, stores, before, gate),
        ...(check === undefined ? {} : { healthcheck: check }),
        aliases: addresses(spec),
        stop_grace_period: `${graceSeconds}s`,
        // The cluster starts a job by its schedule; here somebody does: `docker compose run --rm <job>`.
        ...(spec.kind === "job" ? { restart: "no", profiles: [key] } : { restart: "unless-stopped" }),
      };
    }
    before = stage.filter(([, { kind }]) => kind !== "job");
  }
  return { services, volumes: [...volumes] };
}

/** The cluster's conditions (docs/image-contract.md), as far as Docker has them. */
export function conditions(
  spec: WorkloadSpec,
  settings: Pick<WorkloadSettings, "resources">,
): Partial<Service> {
  const { user, scratch } = spec.image;
  const { cpu, memory } = settings.resources.limits;
  const size = amount(scratchSize) / 2 ** 20;
  return {
    user: `${user}:${user}`,
    read_only: true,
    tmpfs: Object.values(scratch).map((path) => `${path}:uid=${user},gid=${user},mode=0755,size=${size}m`),
    cap_drop: ["ALL"],
    ...confined,
    sysctls: { "net.ipv4.ip_unprivileged_port_start": "0" },
    deploy: limits(String(amount(cpu)), `${amount(memory) / 2 ** 20}M`),
  };
}

const published = (
  plan: Plan,
  local: LocalWorkload | undefined,
  main: number | undefined,
): Partial<Service> =>
  local?.publish === undefined || main === undefined ? {} : { ports: [publish(plan, local.publish, main)] };

/** Volumes of the stores that it refers to, and its shared directories. */
export const mounted = (spec: WorkloadSpec, stores: Readonly<Record<string, LocalStore>>): string[] => [
  ...new Set(storesOf(spec).flatMap((store) => stores[store]?.mounts ?? [])),
  ...Object.entries(spec.mounts ?? {}).map(([path, store]) => `${store}_data:${path}`),
];

/** What a workload waits for: its stores, the last gate, and the workloads of the stage before. */
export function waits(
  spec: WorkloadSpec,
  stores: Readonly<Record<string, LocalStore>>,
  before: readonly [key: string, workload: WorkloadSpec][],
  gate: string | undefined,
): NonNullable<Service["depends_on"]> {
  const conditions: [string, Condition][] = [
    ...storesOf(spec).flatMap((store) => Object.entries(stores[store]?.waits ?? {})),
    ...(gate === undefined ? [] : [[gate, "service_completed_successfully"] as [string, Condition]]),
    ...before.map(([key, { listen }]): [string, Condition] => [
      key,
      listen === undefined ? "service_started" : "service_healthy",
    ]),
  ];
  return Object.fromEntries(conditions.map(([service, condition]) => [service, { condition }]));
}

/** Names by which the cluster knows a workload: variables with its address, and the proxy's routes, hold here too. */
const addresses = (spec: WorkloadSpec): string[] => {
  if (spec.listen === undefined) return [];
  const { service, additionalServices = {} } = spec.listen;
  return [service, ...Object.values(additionalServices)].flatMap((name) => [
    name,
    new URL(
      serviceUrl({ ...spec, listen: { ...spec.listen, service: name, ports: spec.listen?.ports ?? {} } }),
    ).hostname,
  ]);
};
