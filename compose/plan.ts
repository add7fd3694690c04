import { relative } from "node:path";
import type { Settings, SystemSettings } from "../config";
import { configured } from "../components/system/configured";
import type { Stores, SystemSpec, WorkloadSpec } from "../systems/spec";
import type { Local } from "./local";
import type { Names } from "./names";

/** How the workloads run. */
export const profiles = ["image", "dev", "sample"] as const;
export type Profile = (typeof profiles)[number];

/** One system on this machine, with all settings that determine its part of the file. */
export interface Plan {
  /** The description plus local additions, without parts that the stack file omits. */
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
  readonly environment: Pick<Settings, "registry" | "account" | "edge">;
  readonly local: Local;
  readonly profile: Profile;
  /** Fill the database with the test data set on each start. */
  readonly seed: boolean;
  readonly names: Names;
  /** Added to each published port. */
  readonly offset: number;
  /** The project's folder. */
  readonly root: string;
  /** The system's checkout. */
  readonly source: string;
  /** Folder of the Compose file. */
  readonly out: string;
}

/** A published port on this machine. */
export const port = ({ offset }: Pick<Plan, "offset">, number: number): number => number + offset;

/** `127.0.0.1:<host>:<container>`: not reachable from other machines. */
export const publish = (plan: Pick<Plan, "offset">, host: number, container: number): string =>
  `127.0.0.1:${port(plan, host)}:${container}`;

/** Path of a folder relative to the Compose file, so both can move together. */
export const fromFile = ({ out }: Pick<Plan, "out">, folder: string): string => {
  const path = relative(out, folder).replaceAll("\\", "/");
  return path.startsWith(".") ? path : `./${path}`;
};

/** Public hosts on this machine: `<host>.<system>.localhost`. Browsers resolve all of `.localhost` to this machine. */
const localHosts = (spec: SystemSpec): Record<string, string> =>
  Object.fromEntries(spec.hosts.map((host) => [host, `${host}.${spec.name}.localhost`]));

/** No certificate is issued here, and an image without one serves plain HTTP: see `docs/image-contract.md`. */
function withoutTls(workload: WorkloadSpec): WorkloadSpec {
  if (workload.listen?.tls === undefined) return workload;
  const listen = { ...workload.listen };
  delete listen.tls;
  return { ...workload, listen };
}

/** A system's description and settings, adapted to this machine. */
export function onThisMachine(
  described: SystemSpec,
  settings: SystemSettings,
  local: Local,
): Pick<Plan, "spec" | "settings" | "local"> {
  const there = configured(described, settings);
  const workloads = Object.fromEntries(
    Object.entries(there.workloads).map(([key, workload]): [string, WorkloadSpec] => [
      key,
      { ...withoutTls(workload), env: { ...workload.env, ...local.workloads[key]?.env } },
    ]),
  );
  const extra: Stores = local.stores ?? {};
  const [version] = Object.values(settings.stores.postgres);
  const postgres = { ...settings.stores.postgres };
  for (const [key, { kind }] of Object.entries(extra))
    if (kind === "postgres" && version !== undefined) postgres[key] = version;
  return {
    local,
    spec: { ...there, stores: { ...there.stores, ...extra }, workloads },
    settings: { ...settings, hosts: localHosts(described), stores: { ...settings.stores, postgres } },
  };
}
