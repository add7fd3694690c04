import { z } from "zod";
import type { Catalog, SystemSpec, WorkloadSpec } from "../../systems/spec";
import { cron } from "../cron";
import { build, buildFaults, type BuildSettings } from "./build";
import { connectionFaults, databaseUrls } from "../checks/connections";
import { gates, rollbackFaults, type GateSettings } from "./gates";
import { apiOf, loadTest, type LoadTestSettings } from "./load-test";
import { outsideNetwork, type OutsideNetwork } from "./outside-network";
import { release, type ReleaseSettings } from "./rollout";
import { resources, type Resources } from "./resources";
import { autoscaling, type AutoscalingSettings } from "./scaling";
import { smoke, type SmokeSettings } from "./smoke";
import { storesSchema, type StoreSettings } from "../stores";
import { objectives, type ObjectiveSettings } from "./objectives";
import { rateLimit, type RateLimit } from "../edge/waf";
import { syslog, type SyslogSettings } from "./syslog";
import { flag, host, httpPath, image, integer, text } from "../values";

/** The settings of the systems: one schema per system, derived from the system's description. */

const noPool = z.undefined({ error: "nothing: the workload gets no URL of a database" }).optional();

const imageOf = image.describe(
  "Container image with tag or digest; without a registry it comes from `plinth:registry`.",
);
const buildOf = build.optional().describe("How the image is built, if the registry doesn't have it yet.");
const sizeOf = resources.describe("Either `size`, a step of vertical scaling, or `requests` and `limits`.");
const poolOf = (connects: boolean) =>
  (connects ? integer(1, 100, "connections") : noPool).describe(
    "Connections that each pod opens to each instance of a database whose URL it is given.",
  );

const workload = (system: SystemSpec, spec: WorkloadSpec, connects: boolean) =>
  z
    .strictObject({
      image: imageOf,
      build: buildOf,
      replicas: integer(0, 500, "pods")
        .optional()
        .describe("Fixed number of pods; or `autoscaling`. 0, with `minAvailable` 0, stops the workload."),
      autoscaling: autoscaling(system, spec).optional(),
      minAvailable: integer(0, 499, "pods").describe(
        "Pods that must stay available during the drain of a node.",
      ),
      resources: sizeOf,
      recommend: flag
        .optional()
        .describe("Recommend requests based on the usage of its pods. Changes nothing by itself."),
      release: release(spec)
        .optional()
        .describe("How a new version replaces the old one. Default: a rolling update."),
      pool: poolOf(connects),
      ...(spec.probes === undefined && spec.listen !== undefined ? { healthPath: httpPath.optional() } : {}),
    })
    .superRefine(({ replicas, autoscaling: scaling, minAvailable, release: strategy }, context) => {
      const most = replicas ?? scaling?.max;
      if (
        replicas !== 0 &&
        strategy?.strategy === "blue-green" &&
        (strategy.previewReplicas ?? 0) > (most ?? Infinity)
      )
        context.addIssue({
          code: "custom",
          path: ["release", "previewReplicas"],
          message: `at most the ${most} pods that serve`,
        });
      if ((replicas === undefined) === (scaling === undefined))
        context.addIssue({
          code: "custom",
          path: ["replicas"],
          message: "either replicas or autoscaling, not both",
        });
      // If both are set, it isn't known which one applies.
      const least = replicas !== undefined && scaling !== undefined ? undefined : (replicas ?? scaling?.min);
      if (least === 0 && minAvailable > 0)
        context.addIssue({
          code: "custom",
          path: ["minAvailable"],
          message: "0: with `replicas` 0 no pod runs",
        });
      if (least !== undefined && least > 0 && minAvailable >= least)
        context.addIssue({
          code: "custom",
          path: ["minAvailable"],
          message: `less than the minimum of ${least} pods, or no node can be drained`,
        });
    });

/** Settings of a job in addition to its image: one pod at a time, and no release. */
const job = (connects: boolean) =>
  z
    .strictObject({
      image: imageOf,
      build: buildOf,
      schedule: cron.describe("Cron schedule of the job, in UTC."),
      timeoutSeconds: integer(60, 86_400, "seconds").describe(
        "Deadline of a run in seconds, including retries. A run that is due meanwhile is skipped.",
      ),
      resources: sizeOf,
      pool: poolOf(connects),
    })
    .transform((amounts): WorkloadSettings => ({ ...amounts, replicas: 1, minAvailable: 0 }));

export interface WorkloadSettings {
  image: string;
  build?: BuildSettings | undefined;
  replicas?: number | undefined;
  autoscaling?: AutoscalingSettings | undefined;
  minAvailable: number;
  resources: Resources;
  recommend?: boolean | undefined;
  release?: ReleaseSettings | undefined;
  /** Connections that each pod opens to each instance of a database whose URL it gets. */
  pool?: number | undefined;
  healthPath?: string | undefined;
  /** Of a job: its cron schedule, in UTC. */
  schedule?: string | undefined;
  /** Of a job: the deadline of a run, in seconds. */
  timeoutSeconds?: number | undefined;
}

export interface SystemSettings {
  /** Public host names by the host's key in the system's description. */
  hosts: Record<string, string>;
  /** Values of environment variables that differ by environment. */
  env: Record<string, string>;
  stores: StoreSettings;
  workloads: Record<string, WorkloadSettings>;
  gates: GateSettings;
  /** Networks that workloads call, by name. Egress to networks that aren't listed is denied. */
  networks: Partial<Record<string, OutsideNetwork>>;
  smoke: SmokeSettings;
  loadTest?: LoadTestSettings | undefined;
  /** Requests that one client may send to the system's public hosts. Default: no limit. */
  rateLimit?: RateLimit | undefined;
  /** Default: the system receives no external syslog messages. */
  syslog?: SyslogSettings | undefined;
  /** Objectives of the public APIs. Without them there is no alert on an error budget. */
  objectives?: ObjectiveSettings | undefined;
}

function exactly<T extends z.ZodType>(keys: readonly string[], value: (key: string) => T) {
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, value(key)])));
}

const system = (spec: SystemSpec, now: Date) =>
  z
    .strictObject({
      hosts: exactly(spec.hosts, () => host),
      env: exactly(spec.settings, (key) => text(`the value of ${key}`, 4096)),
      stores: storesSchema(spec.stores, now),
      workloads: exactly(Object.keys(spec.workloads), (key) => {
        const described = spec.workloads[key] as WorkloadSpec;
        const connects = databaseUrls(spec, described).length > 0;
        const schema = described.kind === "job" ? job(connects) : workload(spec, described, connects);
        return described.optional === true ? schema.optional() : schema;
      }),
      gates: gates(spec),
      networks: exactly(spec.networks ?? [], () => outsideNetwork.optional()).default({}),
      objectives: objectives.optional(),
      smoke: smoke(spec).describe(
        "Requests of the smoke test to the public hosts, if not their health paths.",
      ),
      ...(apiOf(spec) === undefined ? {} : { loadTest: loadTest.optional() }),
      syslog: syslog(spec),
      ...(spec.hosts.length === 0 ? {} : { rateLimit: rateLimit.optional() }),
    })
    .superRefine((value, context) => {
      const faults = [
        ...connectionFaults(spec, value),
        ...buildFaults(value.workloads),
        ...rollbackFaults(spec, value.gates, value.workloads),
      ];
      for (const fault of faults) context.addIssue({ code: "custom", ...fault });
    });

/** Schema of `plinth:systems`: any of the catalog's systems. */
export function systemsSchema(catalog: Catalog, now: Date) {
  const shape = Object.fromEntries(
    Object.entries(catalog).map(([name, spec]) => [name, system(spec, now).optional()]),
  );
  return z.strictObject(shape).transform((values) => values as Partial<Record<string, SystemSettings>>);
}
