import * as pulumi from "@pulumi/pulumi";
import type { z } from "zod";
import type { Catalog } from "../systems/spec";
import { audit } from "./audit";
import { backups } from "./backups";
import { vaultFaults } from "./checks/backups";
import { capacityFaults } from "./checks/capacity";
import { betweenFaults } from "./checks/between";
import { cdnFaults } from "./checks/cdn";
import { withoutConsequences } from "./checks/consequences";
import { costFaults } from "./checks/costs";
import { crossFaults } from "./checks/cross";
import { omissionFaults } from "./checks/omissions";
import { exampleAdvice } from "./checks/examples";
import { cluster, type ClusterSettings } from "./cluster";
import { costs } from "./costs";
import { edge } from "./edge";
import * as environment from "./environment";
import { ConfigError, type Fault } from "./errors";
import { gameDays } from "./game-days";
import { given } from "./given";
import { readKeys } from "./keys";
import { supportAdvice } from "./kubernetes-versions";
import { withLines, type StackFiles } from "./lines";
import { networkCrossFaults } from "./checks/network";
import { addressFaults, quotaAdvice, quotaFaults } from "./checks/quotas";
import { logs } from "./logs";
import { recoveryFaults } from "./checks/recovery";
import { standbyClassFaults, standbyFaults } from "./checks/standby";
import { signOn } from "./sign-on";
import { standby } from "./standby";
import { systemsSchema } from "./systems";
import { tlsFaults } from "./checks/tls";
import { warmFaults, warmQuotaAdvice } from "./checks/warm";
import { traces } from "./traces";

/** Schemas by catalog and day: one takes longer to make than a stack file to read. */
const made = new WeakMap<Catalog, Map<number, Schemas>>();

/** The schema of every top-level key of a stack file, without the project's prefix. */
export function schemas(catalog: Catalog, now: Date): Schemas {
  const ofCatalog = made.get(catalog) ?? new Map<number, Schemas>();
  const known = ofCatalog.get(now.getTime()) ?? newSchemas(catalog, now);
  made.set(catalog, ofCatalog.set(now.getTime(), known));
  return known;
}

const newSchemas = (catalog: Catalog, now: Date) => ({
  account: environment.account,
  prefix: environment.prefix,
  tags: environment.tags,
  protect: environment.protect,
  disposable: environment.disposable,
  testData: environment.testData,
  permissionsBoundary: environment.permissionsBoundary,
  registry: environment.registry,
  imageMirrors: environment.imageMirrors,
  network: environment.network,
  cluster: cluster(now),
  edge,
  alarms: environment.alarms,
  storage: environment.storage,
  audit,
  backups,
  costs,
  gameDays,
  credentials: environment.credentials,
  signOn: signOn
    .optional()
    .describe("Single sign-on for Grafana and Jaeger. Without it, neither has a page."),
  logs,
  traces,
  standby: standby(catalog)
    .optional()
    .describe("A second region that holds copies of all data: docs/recovery.md. Default: none."),
  systems: systemsSchema(catalog, now),
});

type Schemas = ReturnType<typeof newSchemas>;

/** One environment, as its stack file describes it. */
export type Settings = { readonly [Key in keyof Schemas]: z.output<Schemas[Key]> } & {
  readonly project: string;
  readonly stack: string;
};

/**
 * Reads the stack's whole configuration, once. Warns of example values that were never replaced.
 *
 * Throws a `ConfigError` that lists every fault: unknown keys, values out of range, values that YAML has changed,
 * secrets, and conflicts within the file or with the project's other stacks.
 *
 * @param catalog The systems that the file may name.
 * @param now The day against which engine lifecycles are checked.
 * @param files The project's stack files: this stack's file has the faults' lines, the others are compared with it.
 */
export function loadSettings(catalog: Catalog, now = new Date(), files: StackFiles = {}): Settings {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const { raw, accepted, faults } = readKeys(project, schemas(catalog, now));
  const settings: Record<string, unknown> = { project, stack, ...accepted };
  const file = given(raw);
  const across = [
    ...crossFaults(project, file),
    ...omissionFaults(project, file),
    ...networkCrossFaults(project, catalog, file),
    ...vaultFaults(project, catalog, file),
    ...cdnFaults(project, catalog, file),
    ...tlsFaults(project, catalog, file),
    ...betweenFaults(project, stack, raw, files),
    ...standbyFaults(project, catalog, file),
  ];
  faults.push(...withoutConsequences(project, raw, across, faults));
  // The arithmetic of recoveries begins with it.
  if (faults.some(({ path }) => path === `${project}:disposable`)) delete settings.disposable;
  // A second region that is refused would count as none.
  const standbyRefused = faults.some(({ path }) => path.startsWith(`${project}:standby`));
  faults.push(
    ...capacityFaults(project, catalog, settings),
    ...(standbyRefused ? [] : recoveryFaults(project, catalog, settings)),
    ...standbyClassFaults(project, settings),
    ...costFaults(project, settings),
    ...quotaFaults(project, settings),
    ...addressFaults(project, catalog, settings),
    ...warmFaults(project, catalog, settings),
  );
  const name = `Pulumi.${stack}.yaml`;
  if (faults.length > 0) throw new ConfigError(name, withLines(files[stack], faults));
  if (files[stack] !== undefined) {
    const advice = withLines(files[stack], exampleAdvice(project, raw));
    if (advice.length > 0)
      pulumi.log.warn(adviceText(name, "still has example values. Replace them before you deploy", advice));
    const whole = settings as unknown as Settings;
    const beyond = withLines(files[stack], [
      ...quotaAdvice(project, whole),
      ...warmQuotaAdvice(project, whole),
    ]);
    if (beyond.length > 0)
      pulumi.log.warn(adviceText(name, "needs more than a new account's quotas", beyond));
    const ends = supportAdvice((settings.cluster as ClusterSettings).version, now);
    if (ends !== undefined) pulumi.log.warn(`${name}: ${project}:cluster.version: ${ends}`);
  }
  return settings as unknown as Settings;
}

function adviceText(file: string, what: string, advice: readonly Fault[]): string {
  const lines = advice.map(
    ({ path, found, remedy, line }) =>
      `  ${file}${line === undefined ? "" : `:${line}`}: ${path}: ${found}; ${remedy}`,
  );
  return [`${file} ${what}:`, ...lines].join("\n");
}
