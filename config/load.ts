import * as pulumi from "@pulumi/pulumi";
import * as runtimeConfig from "@pulumi/pulumi/runtime/config";
import type { z } from "zod";
import type { Catalog } from "../systems/spec";
import { capacityFaults } from "./checks/capacity";
import { crossFaults } from "./checks/cross";
import * as environment from "./environment";
import { ConfigError, type Fault } from "./errors";
import { explain } from "./explain";
import { networkCrossFaults } from "./checks/network";
import { systemsSchema } from "./systems";

/** The schema of every top-level key of a stack file, without the project's prefix. */
const schemas = (catalog: Catalog, now: Date) => ({
  account: environment.account,
  prefix: environment.prefix,
  tags: environment.tags,
  protect: environment.protect,
  disposable: environment.disposable,
  registry: environment.registry,
  imageMirrors: environment.imageMirrors,
  network: environment.network,
  cluster: environment.cluster,
  edge: environment.edge,
  alarms: environment.alarms,
  storage: environment.storage,
  credentials: environment.credentials,
  systems: systemsSchema(catalog, now),
});

type Schemas = ReturnType<typeof schemas>;

/** One environment, as its stack file describes it. */
export type Settings = { readonly [Key in keyof Schemas]: z.output<Schemas[Key]> } & {
  readonly project: string;
  readonly stack: string;
};

/**
 * Reads the stack's whole configuration, once.
 *
 * Throws a `ConfigError` that lists every fault: unknown keys, values out of range, values that YAML has changed,
 * secrets, and what doesn't fit together.
 *
 * @param catalog The systems that the file may name.
 * @param now The day against which engine lifecycles are checked.
 */
export function loadSettings(catalog: Catalog, now = new Date()): Settings {
  const [project, stack] = [pulumi.getProject(), pulumi.getStack()];
  const faults: Fault[] = [];
  const known = schemas(catalog, now);
  const raw = rawValues(project, Object.keys(known), faults);
  const refused = new Set(faults.map(({ path }) => path));
  const settings: Record<string, unknown> = { project, stack };
  for (const [key, schema] of Object.entries(known)) {
    if (refused.has(`${project}:${key}`)) continue;
    const result = schema.safeParse(raw[key]);
    if (result.success) settings[key] = result.data;
    else faults.push(...explain(`${project}:${key}`, raw[key], result.error.issues));
  }
  faults.push(...crossFaults(project, raw), ...networkCrossFaults(project, catalog, raw));
  faults.push(...capacityFaults(project, catalog, settings));
  if (faults.length > 0) throw new ConfigError(`Pulumi.${stack}.yaml`, faults);
  return settings as unknown as Settings;
}

// The SDK knows which keys hold a `secure:` value, but its types don't say so.
const { isConfigSecret } = runtimeConfig as unknown as { isConfigSecret(key: string): boolean };

/** The project's values, decoded; keys that can't be used are faults. `pulumi:` keys are the engine's own. */
function rawValues(project: string, known: readonly string[], faults: Fault[]): Record<string, unknown> {
  const raw: Record<string, unknown> = {};
  for (const [path, value] of Object.entries(pulumi.runtime.allConfig())) {
    const [namespace, key = ""] = path.split(":");
    if (namespace === "pulumi") continue;
    if (isConfigSecret(path)) {
      faults.push({
        path,
        found: "a secure value",
        expected: "no secret: put it into Secrets Manager and name the entry",
      });
    } else if (namespace !== project || !known.includes(key)) {
      faults.push({
        path,
        found: "a key",
        expected: `remove it: known are ${known.map((k) => `${project}:${k}`).join(", ")}`,
      });
    } else raw[key] = decode(value);
  }
  return raw;
}

/** The engine hands over text: JSON where the file had anything but a string. */
function decode(value: string): unknown {
  if (/^\s*[[{]/.test(value) || value === "true" || value === "false") {
    try {
      return JSON.parse(value);
    } catch {
      return value;
    }
  }
  return value;
}
