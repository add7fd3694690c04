import { parse } from "yaml";
import { z } from "zod";
import { fields, type Values } from "./raw";

/**
 * A stack file's values, as far as each part has the right type. The checks between values work on it, so that a
 * refused value hides no other fault. A part of another type counts as missing, since its own schema refuses it.
 */

const text = z.string().optional().catch(undefined);
const number = z.number().optional().catch(undefined);
const flag = z.boolean().optional().catch(undefined);
const texts = z.array(text).default([]).catch([]);
/** Only whether it is there, and how it is shown. */
const anything = z.unknown().optional();

const record = <T extends z.ZodType>(entry: T) => z.record(z.string(), entry).default({}).catch({});

/** An object whose keys can be read even if it is missing. */
const part = <T extends z.ZodRawShape>(shape: T) => {
  const object = z.object(shape);
  return object.prefault({} as z.input<typeof object>).catch(() => object.parse({}));
};

/** An object that is undefined if it is missing. */
const optionalPart = <T extends z.ZodRawShape>(shape: T) => {
  const object = z.object(shape);
  return object.optional().catch(() => object.parse({}));
};

const workload = part({
  recommend: flag,
  autoscaling: part({
    cpu: anything,
    memory: anything,
    requestsPerMinute: anything,
    latencySeconds: anything,
    queue: anything,
    schedule: anything,
  }),
  release: part({ strategy: text, analysis: flag }),
});

const store = part({
  kind: text,
  name: text,
  domain: text,
  credentials: text,
  servers: number,
  streams: record(anything),
  windows: part({ maintenance: text }),
});

const system = part({
  hosts: record(text),
  syslog: part({ host: text }),
  gates: part({ seed: flag }),
  objectives: anything,
  rateLimit: anything,
  networks: record(part({ cidrs: texts, internet: flag })),
  stores: record(store),
  workloads: record(workload),
});

const stackFile = z.object({
  prefix: text,
  protect: flag,
  disposable: flag,
  testData: flag,
  permissionsBoundary: text,
  account: part({ id: text, region: text }),
  network: part({
    cidr: text,
    serviceCidr: text,
    reservedCidrs: texts,
    zones: z.array(text).optional().catch(undefined),
    nat: text,
    dataSlots: record(z.unknown()),
  }),
  cluster: part({
    version: text,
    access: record(texts),
    logs: texts,
    operators: part({
      argoRollouts: anything,
      keda: anything,
      nack: anything,
      reloader: anything,
      verticalPodAutoscaler: anything,
      grafana: optionalPart({ host: text }),
      prometheus: optionalPart({ retentionDays: number }),
    }),
  }),
  edge: part({ zones: record(z.unknown()), cdn: anything, shieldAdvanced: flag }),
  alarms: part({ receivers: record(part({ entry: text })) }),
  imageMirrors: record(anything),
  backups: part({
    streams: anything,
    configuration: anything,
    vault: part({ hour: number, copyTo: text, lock: part({ mode: text }) }),
  }),
  audit: optionalPart({ bucket: text, key: text, logs: texts }),
  credentials: part({ rotationDays: number }),
  signOn: optionalPart({ client: text }),
  logs: part({ store: text, readers: record(z.unknown()) }),
  traces: part({ host: text }),
  standby: optionalPart({
    region: text,
    network: part({ cidr: text, zones: texts }),
    systems: record(z.unknown()),
  }),
  systems: record(system),
});

export type Given = z.output<typeof stackFile>;

const foundationFile = z.object({
  account: part({ id: text, region: text }),
  secondRegion: text,
  costs: part({ anomalies: part({ monitor: text }) }),
  pipelines: part({
    environments: record(part({ deployRole: text, previewRole: text })),
    push: part({ role: text }),
  }),
  images: part({
    repositories: texts,
    replicateTo: text,
    caches: record(part({ prefix: text, login: text })),
  }),
});

export type GivenFoundation = z.output<typeof foundationFile>;

/** The typed parts of a stack file's values. */
export const given = (raw: Values): Given => stackFile.parse(raw);

/** The same of a foundation's stack file. */
export const givenFoundation = (raw: Values): GivenFoundation => foundationFile.parse(raw);

/** The project's values in the text of a stack file, by key without the project's name; none if it can't be read. */
export function valuesIn(project: string, text: string): Values {
  try {
    const { config } = fields(parse(text, { logLevel: "error" }));
    const keys = Object.entries(fields(config));
    return Object.fromEntries(keys.map(([key, value]) => [key.replace(`${project}:`, ""), value]));
  } catch {
    return {};
  }
}

/** The workloads of every system, with their paths in the file. */
export const givenWorkloads = (project: string, { systems }: Given) =>
  Object.entries(systems).flatMap(([name, { workloads }]) =>
    Object.entries(workloads).map(([key, settings]) => ({
      path: `${project}:systems.${name}.workloads.${key}`,
      workload: settings,
    })),
  );

type GivenStore = z.output<typeof store>;

/** The stores of every system, with their paths in the file. */
export const givenStores = (project: string, { systems }: Given): { path: string; store: GivenStore }[] =>
  Object.entries(systems).flatMap(([name, { stores }]) =>
    Object.entries(stores).map(([key, settings]) => ({
      path: `${project}:systems.${name}.stores.${key}`,
      store: settings,
    })),
  );
