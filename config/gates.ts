import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { SystemSpec } from "../systems/spec";
import { databaseUrls } from "./checks/connections";
import { show } from "./explain";
import { flag, image, integer, pattern } from "./values";

/** What a new version has to pass before it serves: the amounts. What it is stands in the system's `migration`. */

const common = {
  retry: pattern(/^[a-z0-9]{1,10}$/, "a word of 1 to 10 letters and digits, lower case")
    .optional()
    .describe("Any word; another one than before lets all gates run again for the images that are there."),
  deadlineSeconds: integer(60, 21600, "seconds")
    .default(1800)
    .describe("Seconds until a migration is given up, its tries together. Default: half an hour."),
};

/**
 * The image that the workload which migrates goes back to, exactly as its `image` says: the schema stays as it is, and
 * neither checks, backup, migration nor verification run. An older image doesn't know the newer schema's revision, so
 * its own verification would fail. It names the image so that it can't be left behind: the next image is refused.
 */
const rollbackTo = image.optional();

/**
 * Fill the database with the test data set when its schema is verified: `seed` of the system's migration. Only where
 * `plinth:testData` says that no database holds anything else.
 */
const seed = flag
  .default(false)
  .describe("Whether the database is filled with the test data set. Only where plinth:testData is true.");

const without = z.strictObject({ backup: z.literal(false), rollbackTo, seed, ...common });

const migrating = z.discriminatedUnion(
  "backup",
  [
    z.strictObject({
      backup: z.literal(true).describe("A snapshot of the database before each migration."),
      keepBackupsDays: integer(1, 365, "days").describe(
        "Days after which such a snapshot may go, unless it is the newest.",
      ),
      rollbackTo,
      seed,
      ...common,
    }),
    without,
  ],
  { error: "an object whose backup is true (then with keepBackupsDays) or false" },
);

export type GateSettings = z.infer<typeof migrating>;

/** Schema of `gates` of one system. Where nothing migrates, there is nothing to back up: the key may be left out. */
export function gates(spec: SystemSpec): z.ZodType<GateSettings> {
  checkMigration(spec);
  if (spec.migration !== undefined) return migrating;
  return z
    .strictObject(common)
    .prefault({})
    .transform((value) => ({ ...value, backup: false as const, seed: false }));
}

interface Running {
  readonly image: string;
  readonly build?: unknown;
}

/** A way back that leads to another image than the one that would run, or to one that can't have run before. */
export function rollbackFaults(
  { migration }: SystemSpec,
  { rollbackTo: to }: GateSettings,
  workloads: Readonly<Record<string, Running | undefined>>,
): { path: string[]; message: string }[] {
  const running = workloads[migration?.workload ?? ""];
  if (to === undefined || migration === undefined || running === undefined) return [];
  const fault = (message: string) => [{ path: ["gates", "rollbackTo"], message }];
  const { workload } = migration;
  if (to !== running.image)
    return fault(
      `${show(running.image)}, the image of ${workload}, to go back to it without touching the schema; ` +
        "or leave rollbackTo out, and the image's gates run",
    );
  if (Object.values(workloads).some((each) => each?.image === to && each.build !== undefined))
    return fault(`nothing: ${show(to)} is built by this update, so it hasn't run before`);
  return [];
}

/** The database that a system's migration changes: the one whose URL its workload is given. */
export function migratedStore(spec: SystemSpec): string | undefined {
  const workload = spec.workloads[spec.migration?.workload ?? ""];
  if (workload === undefined) return undefined;
  return databaseUrls(spec, workload).find(({ output }) => output === "url")?.store;
}

/** A migration that has no database to change is a fault of the description, whatever the stack file says. */
function checkMigration(spec: SystemSpec): void {
  if (spec.migration === undefined || migratedStore(spec) !== undefined) return;
  const { workload } = spec.migration;
  throw new pulumi.RunError(
    `The system ${spec.name} has a migration that runs as its workload ${workload}, but ${workload} ` +
      `${spec.workloads[workload] === undefined ? "isn't one of its workloads" : "is given no database to write to"}: ` +
      "give it a variable from a postgres store's url, or take the migration out of the system's description.",
  );
}
