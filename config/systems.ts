import { z } from "zod";
import type { Catalog, SystemSpec, WorkloadSpec } from "../systems/spec";
import { build, buildFaults, type BuildSettings } from "./build";
import { connectionFaults, databaseUrls } from "./connections";
import { gates, type GateSettings } from "./gates";
import { apiOf, loadTest, type LoadTestSettings } from "./load-test";
import { amount } from "./quantity";
import { storesSchema, type StoreSettings } from "./stores";
import { bytes, cpu, domain, httpPath, image, integer, text } from "./values";

/** The amounts of the systems: one schema a system, made from the system's description. */

const resources = z
  .strictObject({
    requests: z.strictObject({ cpu, memory: bytes }),
    limits: z.strictObject({ cpu, memory: bytes }),
  })
  .superRefine(({ requests, limits }, context) => {
    for (const what of ["cpu", "memory"] as const)
      if (amount(requests[what]) > amount(limits[what]))
        context.addIssue({
          code: "custom",
          path: ["requests", what],
          message: `at most the limit (${limits[what]})`,
        });
  });

/** Horizontal autoscaling by CPU and memory, in percent of the request. */
const autoscaling = z
  .strictObject({
    min: integer(1, 100, "pods"),
    max: integer(1, 500, "pods"),
    /** Average CPU use aimed at, in percent of the request. */
    cpu: integer(1, 100, "percent"),
    /** Average memory use aimed at, in percent of the request. */
    memory: integer(1, 100, "percent"),
  })
  .superRefine(({ min, max }, context) => {
    if (min > max) context.addIssue({ code: "custom", path: ["min"], message: `at most max (${max})` });
  });

const noPool = z.undefined({ error: "nothing: the workload is given no URL of a database" }).optional();

const workload = (spec: WorkloadSpec, connects: boolean) =>
  z
    .strictObject({
      /** Container image with tag or digest; without a registry it comes from `plinth:registry`. */
      image,
      /** How the image is built, where the registry hasn't got it yet. */
      build: build.optional(),
      /** Fixed number of pods; or `autoscaling`. */
      replicas: integer(1, 500, "pods").optional(),
      autoscaling: autoscaling.optional(),
      /** Pods that a drained node must leave in service. */
      minAvailable: integer(0, 499, "pods"),
      resources,
      /** Connections that each pod opens to each instance of a database whose URL it is given. */
      pool: connects ? integer(1, 100, "connections") : noPool,
      ...(spec.probes === undefined && spec.listen !== undefined ? { healthPath: httpPath.optional() } : {}),
    })
    .superRefine(({ replicas, autoscaling: scaling, minAvailable }, context) => {
      if ((replicas === undefined) === (scaling === undefined))
        context.addIssue({
          code: "custom",
          path: ["replicas"],
          message: "either replicas or autoscaling, not both",
        });
      const least = replicas ?? scaling?.min;
      if (least !== undefined && minAvailable >= least)
        context.addIssue({
          code: "custom",
          path: ["minAvailable"],
          message: `less than the ${least} pods that run at least, or no node can ever be drained`,
        });
    });

export interface WorkloadSettings {
  image: string;
  build?: BuildSettings | undefined;
  replicas?: number | undefined;
  autoscaling?: z.infer<typeof autoscaling> | undefined;
  minAvailable: number;
  resources: z.infer<typeof resources>;
  /** Connections that each pod opens to each instance of a database whose URL it is given. */
  pool?: number | undefined;
  healthPath?: string | undefined;
}

export interface SystemSettings {
  /** Public host names by the host's key in the system's description. */
  hosts: Record<string, string>;
  /** Environment-dependent values of environment variables. */
  env: Record<string, string>;
  stores: StoreSettings;
  workloads: Record<string, WorkloadSettings>;
  gates: GateSettings;
  loadTest?: LoadTestSettings | undefined;
}

function exactly<T extends z.ZodType>(keys: readonly string[], value: (key: string) => T) {
  return z.strictObject(Object.fromEntries(keys.map((key) => [key, value(key)])));
}

const system = (spec: SystemSpec, now: Date) =>
  z
    .strictObject({
      hosts: exactly(spec.hosts, () => domain),
      env: exactly(spec.settings, (key) => text(`the value of ${key}`)),
      stores: storesSchema(spec.stores, now),
      workloads: exactly(Object.keys(spec.workloads), (key) => {
        const described = spec.workloads[key] as WorkloadSpec;
        const schema = workload(described, databaseUrls(spec, described).length > 0);
        return described.optional === true ? schema.optional() : schema;
      }),
      gates: gates(spec),
      ...(apiOf(spec) === undefined ? {} : { loadTest: loadTest.optional() }),
    })
    .superRefine((value, context) => {
      for (const fault of [...connectionFaults(spec, value), ...buildFaults(value.workloads)])
        context.addIssue({ code: "custom", ...fault });
    });

/** Schema of `plinth:systems`: any of the catalog's systems, each whole. */
export function systemsSchema(catalog: Catalog, now: Date) {
  const shape = Object.fromEntries(
    Object.entries(catalog).map(([name, spec]) => [name, system(spec, now).optional()]),
  );
  return z.strictObject(shape).transform((values) => values as Partial<Record<string, SystemSettings>>);
}
