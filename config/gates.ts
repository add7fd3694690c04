import * as pulumi from "@pulumi/pulumi";
import { z } from "zod";
import type { SystemSpec } from "../systems/spec";
import { databaseUrls } from "./connections";
import { integer, pattern } from "./values";

/** What a new version has to pass before it serves: the amounts. What it is stands in the system's `migration`. */

const common = {
  /** Any word; another one than before lets all gates run again for the images that are there. */
  retry: pattern(/^[a-z0-9]{1,10}$/, "a word of 1 to 10 letters and digits, lower case").optional(),
  /** Seconds until a migration is given up, its tries together. Default: half an hour. */
  deadlineSeconds: integer(60, 21600, "seconds").default(1800),
};

const without = z.strictObject({ backup: z.literal(false), ...common });

const migrating = z.discriminatedUnion(
  "backup",
  [
    z.strictObject({
      /** A snapshot of the database before each migration. */
      backup: z.literal(true),
      /** Days after which such a snapshot may go, unless it is the newest. */
      keepBackupsDays: integer(1, 365, "days"),
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
    .transform((value) => ({ ...value, backup: false as const }));
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
