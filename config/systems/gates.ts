import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { SystemSpec } from "../../systems/spec";
import { databaseUrls } from "../checks/connections";
import { show } from "../reading/explain";
import { flag, image, integer, pattern } from "../values";

/**
 * Settings of the gates that a new version has to pass before it serves. The commands are in the system's `migration`.
 */

const common = {
  retry: pattern(/^[a-z0-9]{1,10}$/, "a word of 1 to 10 letters and digits, lower case")
    .optional()
    .describe("Any word. A new word runs all gates again for the current images."),
  deadlineSeconds: integer(60, 21600, "seconds")
    .default(1800)
    .describe("Deadline of a migration in seconds, including retries. Default: half an hour."),
};

/**
 * The image that the migrating workload is rolled back to, equal to its `image`: the schema isn't changed, and no
 * checks, backup, migration or verification run. An older image doesn't know the newer schema's revision, so its
 * verification would fail. It names the image so the key can't be forgotten: the next image is refused.
 */
const rollbackTo = image.optional();

/**
 * Load the test data set once the schema is verified: `seed` of the system's migration. Only if `plinth:testData`
 * confirms that no database holds other data.
 */
const seed = flag
  .default(false)
  .describe("Whether the test data set is loaded into the database. Only if plinth:testData is true.");

const without = z.strictObject({ backup: z.literal(false), rollbackTo, seed, ...common });

const migrating = z.discriminatedUnion(
  "backup",
  [
    z.strictObject({
      backup: z.literal(true).describe("A snapshot of the database before each migration."),
      keepBackupsDays: integer(1, 365, "days").describe(
        "Days after which such a snapshot is deleted, unless it is the newest.",
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

/** Schema of `gates` of one system. Systems without a migration may leave the key out. */
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

/** A rollback to another image than the one that would run, or to one that can't have run before. */
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
      `${show(running.image)}, the image of ${workload}, to roll back to it without changing the schema; ` +
        "or no rollbackTo, so the image's gates run",
    );
  if (Object.values(workloads).some((each) => each?.image === to && each.build !== undefined))
    return fault(`nothing: ${show(to)} is built by this update, so it hasn't run before`);
  return [];
}

/** The database that a system's migration changes: the one whose URL its workload gets. */
export function migratedStore(spec: SystemSpec): string | undefined {
  const workload = spec.workloads[spec.migration?.workload ?? ""];
  if (workload === undefined) return undefined;
  return databaseUrls(spec, workload).find(({ output }) => output === "url")?.store;
}

/** A migration without a database is a fault of the description, regardless of the stack file. */
function checkMigration(spec: SystemSpec): void {
  if (spec.migration === undefined || migratedStore(spec) !== undefined) return;
  const { workload } = spec.migration;
  throw new pulumi.RunError(
    `The system ${spec.name} has a migration that runs as its workload ${workload}, but ${workload} ` +
      `${spec.workloads[workload] === undefined ? "isn't one of its workloads" : "gets no URL of a writable database"}: ` +
      "give it a variable from a postgres store's url, or remove the migration from the system's description.",
  );
}
