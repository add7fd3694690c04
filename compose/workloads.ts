import { amount, type WorkloadSettings } from "../config";
import { scratchSize } from "../components/base/disk";
import { required } from "../components/base/required";
import { stages } from "../components/system/release";
import { storesOf } from "../components/system/wiring";
import { graceSeconds } from "../components/workload/drain";
import { serviceUrl } from "../components/workload/ports";
import type { WorkloadSpec } from "../systems/spec";
import type { LocalWorkload } from "./local";
import { healthCheck } from "./health";
import { confined, limits, type Condition, type Parts, type Service } from "./model";
import { publish, type Plan } from "./plan";
import { running } from "./running";
import type { LocalStore } from "./stores";
import { environment } from "./variables";

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
        // In the cluster a schedule starts the job; here the developer does: `docker compose run --rm <job>`.
        ...(spec.kind === "job" ? { restart: "no", profiles: [key] } : { restart: "unless-stopped" }),
      };
    }
    before = stage.filter(([, { kind }]) => kind !== "job");
  }
  return { services, volumes: [...volumes] };
}

/** The cluster's restrictions (docs/image-contract.md), where Docker supports them. */
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

/** Dependencies of a workload: its stores, the last gate, and the workloads of the previous stage. */
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

/** Names of a workload in the cluster, which are valid here, too: in variables and in the proxy's routes. */
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
