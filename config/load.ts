import * as pulumi from "@pulumi/pulumi";
import type { Catalog } from "../systems/spec";
import { vaultFaults } from "./checks/backups";
import { capacityFaults } from "./checks/capacity";
import { betweenFaults } from "./checks/between";
import { cdnFaults } from "./checks/cdn";
import { withoutConsequences } from "./checks/consequences";
import { costFaults } from "./checks/costs";
import { crossFaults } from "./checks/cross";
import { omissionFaults } from "./checks/omissions";
import { exampleAdvice } from "./checks/examples";
import { ConfigError, type Fault } from "./reading/errors";
import { given } from "./reading/given";
import { readKeys } from "./reading/keys";
import { schemas, type Settings } from "./settings";
import { supportAdvice } from "./cluster/kubernetes-versions";
import { withLines, type StackFiles } from "./reading/lines";
import type { Values } from "./reading/raw";
import { networkCrossFaults } from "./checks/network";
import { addressFaults, quotaAdvice, quotaFaults } from "./checks/quotas";
import { recoveryFaults } from "./checks/recovery";
import { standbyClassFaults, standbyFaults } from "./checks/standby";
import { tlsFaults } from "./checks/tls";
import { warmFaults, warmQuotaAdvice } from "./checks/warm";

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
  const partial: Record<string, unknown> = { project, stack, ...accepted };
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
  if (faults.some(({ path }) => path === `${project}:disposable`)) delete partial.disposable;
  // A second region that is refused would count as none.
  const standbyRefused = faults.some(({ path }) => path.startsWith(`${project}:standby`));
  faults.push(
    ...capacityFaults(project, catalog, partial),
    ...(standbyRefused ? [] : recoveryFaults(project, catalog, partial)),
    ...standbyClassFaults(project, partial),
    ...costFaults(project, partial),
    ...quotaFaults(project, catalog, partial),
    ...addressFaults(project, catalog, partial),
    ...warmFaults(project, catalog, partial),
  );
  if (faults.length > 0) throw new ConfigError(fileOf(stack), withLines(files[stack], faults));
  // Without faults every key has its value.
  const settings = partial as Settings;
  if (files[stack] !== undefined) warn(catalog, settings, raw, files[stack], now);
  return settings;
}

const fileOf = (stack: string) => `Pulumi.${stack}.yaml`;

/** Warns of settings that work now, but not much longer, not in every account, or only after a change. */
function warn(catalog: Catalog, settings: Settings, raw: Values, text: string, now: Date): void {
  const { project, stack, cluster } = settings;
  const file = fileOf(stack);
  const advise = (what: string, faults: readonly Fault[]) => {
    if (faults.length > 0) pulumi.log.warn(adviceText(file, what, withLines(text, faults)));
  };
  advise("still has example values. Replace them before you deploy", exampleAdvice(project, raw));
  advise("needs more than a new account's quotas", [
    ...quotaAdvice(project, catalog, settings),
    ...warmQuotaAdvice(project, catalog, settings),
  ]);
  const ends = supportAdvice(cluster.version, now);
  if (ends !== undefined) pulumi.log.warn(`${file}: ${project}:cluster.version: ${ends}`);
}

function adviceText(file: string, what: string, advice: readonly Fault[]): string {
  const lines = advice.map(
    ({ path, found, remedy, line }) =>
      `  ${file}${line === undefined ? "" : `:${line}`}: ${path}: ${found}; ${remedy}`,
  );
  return [`${file} ${what}:`, ...lines].join("\n");
}
