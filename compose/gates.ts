import type { WorkloadSpec } from "../systems/spec";
import { developmentOf } from "./local";
import { confined, type Parts, type Service } from "./model";
import type { Plan } from "./plan";
import type { LocalStore } from "./stores";
import { environment } from "./variables";
import { installed, running } from "./running";
import { conditions, mounted, waits } from "./workloads";

/** Name of the Compose profile that fills the database with the test data set. */
export const seedProfile = "seed";

/** The gates of the cloud as services that run once, in its order; none where the sample stands for the system. */
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
        // Nothing waits for it: a start that is to fill the database names the profile.
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

/** A command with the image and the variables of the workload that migrates. */
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
      // Tools look for a home to write to, and the root file system is read-only.
      ...(how.confined && home !== undefined ? { HOME: home } : {}),
    },
    volumes: [...mounted(spec, stores), ...volumes],
    depends_on: waits(spec, stores, [], after),
    restart: "no",
    ...more,
  };
}
