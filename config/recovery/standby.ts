import { Netmask } from "netmask";
import { z } from "zod";
import type { Catalog } from "../../systems/spec";
import { registryAddress, imageMirrors } from "../registries";
import { instanceClass } from "../stores/instance-classes";
import type { Parameters } from "../stores/parameters";
import { grantedQuotas } from "../quotas";
import { serviceRange, vpcRange } from "../ranges";
import { copyRegion, copyZone } from "../regions";
import { bytes, choice, cpu, flag, integer, list, where } from "../values";

const database = z.strictObject({
  class: instanceClass.describe(
    "RDS instance class of the read replica, until it is promoted. It must allow as many connections as the primary's.",
  ),
  maxConnections: integer(6, 262_143, "connections")
    .optional()
    .describe(
      "`max_connections` there: at least as many as the primary's. There is neither a proxy nor another replica, so all pods connect to this one. Default: the primary's parameter.",
    ),
});

/** Parameters of a database's read replica. */
export const copyParameters = (
  parameters: Parameters,
  replica: { readonly maxConnections?: number | undefined } | undefined,
): Parameters =>
  replica?.maxConnections === undefined
    ? parameters
    : { ...parameters, max_connections: String(replica.maxConnections) };

/** Settings of a system in the second region. */
const system = (stores: readonly string[], workloads: readonly string[]) =>
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
    workloads: z
      .strictObject(Object.fromEntries(workloads.map((name) => [name, integer(0, 500, "pods").optional()])))
      .optional()
      .describe(
        "Pods of each workload there while the first region is active; 0: none until a failover. They only read. Default of a workload: `minAvailable`, and 1 at least. `{}` takes all defaults. Without this key the system has only data there.",
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
        "Region whose data stores are writable. `secondary` promotes the read replicas of the second region and restores its other databases from the replicated backups: docs/runbooks/fail-over.md. A new block starts with `primary`, since there is nothing to promote yet. Default: primary.",
      ),
    copy: integer(1, 99, "copies")
      .default(1)
      .describe(
        "Generation of the databases in the second region. Increment it to fail back: RDS can't demote a database, so new read replicas are created next to the promoted databases, which stay. Default: 1.",
      ),
    protect: flag
      .optional()
      .describe(
        "Protection of the second region's stateful resources. Set it to false before the block is removed. Default: `protect`.",
      ),
    network: z.strictObject({
      cidr: copyRange.describe("Range of the second region's VPC: /16 to /20, which overlaps no other."),
      zones: list(copyZone, "a list of availability zones", { min: 2, max: 4 }).describe(
        "Its zones, 2 to 4. Add new ones at the end.",
      ),
      serviceCidr: serviceRange
        .optional()
        .describe("Range of the Services of its cluster. Default: `network.serviceCidr`."),
      nat: choice(["gateway", "gateway-per-zone"])
        .optional()
        .describe("One NAT gateway, or one in each zone, where there is a cluster. Default: `network.nat`."),
    }),
    nodePool: z
      .strictObject({
        limits: z.strictObject({ cpu, memory: bytes }).describe("Limits of all nodes together."),
      })
      .optional()
      .describe(
        "Nodes of its cluster. They must be enough for the systems at their full size, after a failover. Default: `cluster.nodePool.limits`.",
      ),
    quotas: grantedQuotas.describe(
      "Quotas that AWS has granted the account in the second region, as in `account.quotas`: each region has its own.",
    ),
    registry: registryAddress
      .optional()
      .describe(
        "Registry of images in the second region. Default: `registry`, with the second region in the name of an ECR registry.",
      ),
    imageMirrors: imageMirrors.describe(
      "Mirrors of public registries in the second region, as in `imageMirrors`. Default: none, so images are pulled over NAT.",
    ),
    systems: z
      .strictObject(
        Object.fromEntries(
          Object.keys(catalog).map((name) => [
            name,
            system(databasesOf(catalog, name), Object.keys(catalog[name]?.workloads ?? {})).optional(),
          ]),
        ),
      )
      .default({})
      .describe("Settings of a system in the second region that differ from the defaults, by its name."),
  });

export type StandbySettings = z.infer<ReturnType<typeof standby>>;
