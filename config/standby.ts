import { Netmask } from "netmask";
import { z } from "zod";
import type { Catalog } from "../systems/spec";
import { instanceClass } from "./instance-classes";
import { vpcRange } from "./ranges";
import { copyRegion, copyZone } from "./regions";
import { choice, flag, integer, list, where } from "./values";

const database = z.strictObject({
  class: instanceClass.describe(
    "RDS instance class of the read replica, until it is promoted. It must take as many connections as the primary's.",
  ),
});

/** What the second region holds of a system. */
const system = (stores: readonly string[]) =>
  z.strictObject({
    replicas: z
      .strictObject(Object.fromEntries(stores.map((store) => [store, database.optional()])))
      .default({})
      .describe(
        "Databases with a read replica there, by store. The others have their automated backups replicated, and are restored from them.",
      ),
    timeControl: flag
      .default(false)
      .describe(
        "S3 Replication Time Control for the system's buckets: S3 commits to replicate within 15 minutes, and is charged by the gigabyte. Without it S3 names no time. Default: false.",
      ),
  });

/** A VPC of a size that the subnet plan can serve. */
const copyRange = where(
  vpcRange,
  (range) => new Netmask(range).bitmask >= 16 && new Netmask(range).bitmask <= 20,
  "a /16 to /20",
);

const databasesOf = (catalog: Catalog, name: string): string[] =>
  Object.entries(catalog[name]?.stores ?? {}).flatMap(([store, { kind }]) =>
    kind === "postgres" ? [store] : [],
  );

/** A second region, and which of the two serves. */
export const standby = (catalog: Catalog) =>
  z.strictObject({
    region: copyRegion.describe("The second region. Not `account.region`."),
    active: choice(["primary", "secondary"])
      .default("primary")
      .describe(
        "Which region's data are written. `secondary` promotes the read replicas of the second region and restores its other databases from the replicated backups: docs/runbooks/fail-over.md. A new block begins with `primary`: there must be something to promote. Default: primary.",
      ),
    copy: integer(1, 99, "copies")
      .default(1)
      .describe(
        "Number of the databases in the second region. One more creates new read replicas beside promoted ones, which AWS keeps: to fail back, since RDS can't demote a database. Default: 1.",
      ),
    protect: flag
      .optional()
      .describe(
        "Protection of the second region's stateful resources. Set it to false before the block is removed. Default: `protect`.",
      ),
    network: z.strictObject({
      cidr: copyRange.describe("Range of the second region's VPC: /16 to /20, unlike every other."),
      zones: list(copyZone, "a list of availability zones", { min: 2, max: 4 }).describe(
        "Its zones, 2 to 4. Add new ones at the end.",
      ),
    }),
    systems: z
      .strictObject(
        Object.fromEntries(
          Object.keys(catalog).map((name) => [name, system(databasesOf(catalog, name)).optional()]),
        ),
      )
      .default({})
      .describe("What more than the default a system has there, by its name."),
  });

export type StandbySettings = z.infer<ReturnType<typeof standby>>;
