import { z } from "zod";
import {
  accountId,
  choice,
  email,
  flag,
  integer,
  ordinal,
  logDays,
  pattern,
  list,
  text,
  where,
} from "./values";
import { serviceRange, vpcRange } from "./ranges";
import { region, zone } from "./regions";
import { cidr, dataSlotCount, networkFaults } from "./cidr";
import { maintenance, receivers } from "./cluster/alert-routes";
import { grantedQuotas } from "./quotas";
import { imageMirrors, registryAddress } from "./registries";
import { tags } from "./tags";

export { tags };

/** The settings of an environment that aren't a system's, one schema per top-level key. */

export const account = z.strictObject({
  id: accountId.describe("The only AWS account that this environment may change: every provider checks it."),
  region,
  quotas: grantedQuotas,
});

/** Prefix of every physical name, at most 20 characters, so names stay within the lowest limit (32, load balancer). */
export const prefix = pattern(
  /^[a-z](?!.*--)[a-z0-9-]{1,18}[a-z0-9]$/,
  "3 to 20 characters: a-z, 0-9 and single -",
);

/** Protection of stateful resources: Pulumi's `protect` and the services' deletion protection. */
export const protect = flag;

/**
 * Whether `destroy` deletes everything. Default: false. Then databases and caches leave a final snapshot, databases
 * also their automated backups, and buckets, shared files, volumes and their encryption keys are kept until they are
 * deleted manually. It is independent of `protect`, which must be turned off before a stack can be destroyed.
 */
export const disposable = flag.default(false);

/**
 * Whether the databases hold only test data, so the systems' test data sets may be loaded (`gates.seed`). Default:
 * false.
 */
export const testData = flag
  .default(false)
  .describe("Whether the databases hold only test data, so `gates.seed` may load the test data set.");

/** Permissions boundary of every role and user that the environment creates. Default: none. */
export const permissionsBoundary = pattern(
  /^arn:aws:iam::\d{12}:policy\/([!-.0-~]+\/)*[\w+=,.@-]{1,128}$/,
  'the ARN of a managed policy, such as "arn:aws:iam::012345678901:policy/plinth-boundary"',
  610,
)
  .optional()
  .describe(
    "ARN of the permissions boundary of every role and user that the environment creates, which the foundation's deploy role requires. Default: none.",
  );

/** Registry of images without one in their name. */
export const registry = registryAddress;
export { imageMirrors };

export const network = z
  .strictObject({
    cidr: vpcRange.describe("The VPC's range: /16 to /20."),
    serviceCidr: serviceRange.describe("Range of the cluster's Services: outside the VPC."),
    reservedCidrs: list(cidr, "a list of ranges")
      .default([])
      .describe("Ranges of other networks that this one may be connected to, so it must not overlap them."),
    zones: list(zone, "a list of availability zones"),
    nat: choice(["gateway", "gateway-per-zone", "instance"]).describe(
      "How private subnets reach the internet: one NAT gateway for all zones; one in each zone; or one small EC2 instance for all zones, which costs a fifth of a gateway and has no failover. Only where `protect` is false and there is no `standby`: see docs/network.md.",
    ),
    dataSlots: z
      .record(text("the name of a system"), ordinal(0, dataSlotCount - 1, "the number of a slot"), {
        error: "a slot for each system with a database, a cache or files, by its name: { ams: 0, opmas: 1 }",
      })
      .describe(
        "Slot of each system's data stores in the isolated range of every zone, 0 to 7. Never change a system's number: that would replace its subnets, and with them its databases. The number of a removed system is free once its stores are deleted.",
      ),
    flowLogDays: logDays,
    interfaceEndpoints: list(
      choice(["ecr.api", "ecr.dkr", "eks-auth", "secretsmanager", "sqs", "sts"]),
      "a list of AWS services",
    )
      .default([])
      .describe(
        "AWS services with an interface endpoint. Each is charged per zone and hour, and doesn't depend on NAT. Only services that are called from the VPC: see docs/network.md.",
      ),
    shellAccess: z
      .boolean({ error: "true or false" })
      .default(false)
      .describe(
        "Whether there is a security group for CloudShell VPC environments, which may connect to the databases, the search domain and the cluster's API server: see docs/access.md.",
      ),
  })
  .superRefine((value, context) => {
    for (const { path, message } of networkFaults(value)) context.addIssue({ code: "custom", path, message });
  });

/** Subscribers of alarms. AWS asks each address once for confirmation. */
export const alarms = z.strictObject({
  emails: list(email, "a list of e-mail addresses", { min: 1 }),
  receivers,
  maintenance,
});

export const storage = z.strictObject({
  accessLogDays: integer(30, 3650, "days").describe("Retention of the buckets' access logs in days."),
  databaseLogDays: logDays.describe(
    "Retention of the databases' logs in days, including pgaudit's records of changes to schemas, roles and privileges.",
  ),
  serviceLogDays: logDays
    .default(90)
    .describe("Days that the logs of caches, proxies, functions, upgrades and bounced mail are kept."),
});

/**
 * Minimum days between two rotations. The previous login stays valid until the next rotation, so every pod must have
 * restarted by then, at the latest with its node, which Auto Mode keeps for at most 21 days (ours: 14).
 */
const leastRotationDays = 30;

export const credentials = z.strictObject({
  rotationDays: where(
    integer(0, 365, "days"),
    (days) => days === 0 || days >= leastRotationDays,
    `0 for none, or at least ${leastRotationDays} days: pods must restart before the next rotation, at the latest with their nodes`,
  ).describe("Days between two rotations of the databases' logins; 0: no rotation."),
  versionDays: where(
    integer(0, 365, "days"),
    (days) => days === 0 || days >= leastRotationDays,
    `0 for none, or at least ${leastRotationDays} days: each change releases the workloads`,
  )
    .default(0)
    .describe(
      "Days after which a `credentialsVersion` or `originSecret` must be incremented: a workflow opens a pull request, and an alarm is raised 30 days later. 0: never.",
    ),
});

export type AccountSettings = z.infer<typeof account>;
export type NetworkSettings = z.infer<typeof network>;
export type AlarmSettings = z.infer<typeof alarms>;
export type CredentialsSettings = z.infer<typeof credentials>;
export type MirrorSettings = Readonly<Record<string, string | undefined>>;
