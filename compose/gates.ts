import type { WorkloadSpec } from "../systems/spec";
import { developmentOf } from "./local";
import { confined, type Parts, type Service } from "./model";
import type { Plan } from "./plan";
import type { LocalStore } from "./stores";
import { environment } from "./variables";
import { installed, running } from "./running";
import { conditions, mounted, waits } from "./workloads";

/** Compose profile that fills the database with the test data set. */
const seedProfile = "seed";

/** The cloud's gates as services that run once, in the same order. The profile `sample` has none. */
export function gates(
  plan: Plan,
  stores: Readonly<Record<string, LocalStore>>,
): { parts: Partial<Parts>; last: string | undefined } {
  const { migration, workloads } = plan.spec;
  const spec = workloads[migration?.workload ?? ""];
  if (migration === undefined || spec === undefined || plan.profile === "sample")
    return { parts: {}, last: undefined };
  const job = (command: readonly string[], after: string | undefined, more: Partial<Service> = {}) =>
    once(plan, { key: migration.workload, spec, command, after }, stores, more);
  return {
    parts: {
      services: {
        migrate: job(migration.migrate, undefined),
        verify: job(migration.verify, "migrate"),
        // No service depends on it: enable its profile to fill the database.
        seed: job(migration.seed, "verify", plan.seed ? {} : { profiles: [seedProfile] }),
      },
      volumes: running(plan, migration.workload).volumes,
    },
    last: "verify",
  };
}

interface Once {
  readonly key: string;
  readonly spec: WorkloadSpec;
  readonly command: readonly string[];
  readonly after: string | undefined;
}

/** A command that uses the image and variables of the workload that migrates. */
function once(
  plan: Plan,
  { key, spec, command, after }: Once,
  stores: Readonly<Record<string, LocalStore>>,
  more: Partial<Service>,
): Service {
  const how = running(plan, key);
  const settings = plan.settings.workloads[key];
  const { volumes = [], ...service } = how.service;
  const [home] = Object.values(spec.image.scratch);
  return {
    ...service,
    ...(how.confined
      ? { entrypoint: command }
      : { command: installed(developmentOf(plan.local, key), command) }),
    ...(how.confined && settings !== undefined ? conditions(spec, settings) : confined),
    environment: {
      ...environment(plan, key, spec, stores),
      // Tools write to their home directory, and the root file system is read-only.
      ...(how.confined && home !== undefined ? { HOME: home } : {}),
    },
    volumes: [...mounted(spec, stores), ...volumes],
    depends_on: waits(spec, stores, [], after),
    restart: "no",
    ...more,
  };
}
