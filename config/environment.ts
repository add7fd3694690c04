import { z } from "zod";
import {
  accountId,
  arn,
  choice,
  cpu,
  domain,
  bytes,
  flag,
  integer,
  kubernetesVersion,
  logDays,
  pattern,
  list,
  text,
  where,
} from "./values";
import { serviceRange, sourceNetworks, vpcRange } from "./ranges";
import { region, zone } from "./regions";
import { cidr, dataSlotCount, networkFaults } from "./cidr";
import { addonFaults, addons } from "./addons";
import { operators } from "./operators";
import { cdn } from "./cdn";
import { checkShield, shieldKeys } from "./shield";
import { waf } from "./waf";

/** The amounts of everything that isn't a system, one schema a top-level key. */

export const account = z.strictObject({
  id: accountId.describe("The AWS account that this environment may touch: every provider carries it."),
  region,
});

/** Prefix of every physical name, at most 20 characters, so that the tightest limit (32, load balancer) holds. */
export const prefix = pattern(
  /^[a-z](?!.*--)[a-z0-9-]{1,18}[a-z0-9]$/,
  "3 to 20 characters: a-z, 0-9 and single -",
);

export { tags } from "./tags";

/** State can't be lost by accident: Pulumi's `protect` and the services' deletion protection. */
export const protect = flag;

/**
 * Nothing outlives `destroy`. Default: false. Then databases and caches leave a final snapshot, databases their automated
 * backups, and buckets, shared files, volumes and the keys that all of it is encrypted with stay until somebody deletes
 * them on purpose. It is no matter of `protect`, which is lifted before a stack can be destroyed.
 */
export const disposable = flag.default(false);

/**
 * The databases hold test data alone, so that the systems' own test data set may be written into them (`gates.seed`).
 * Default: false.
 */
export const testData = flag
  .default(false)
  .describe("Whether the databases hold test data alone, so that `gates.seed` may write the test data set.");

const registryAddress = pattern(
  /^[a-z0-9.-]+\.[a-z]{2,}(:\d+)?(\/[a-z0-9._-]+)*$/,
  "a registry's address, without a scheme",
);

/** Where images without a registry of their own come from. */
export const registry = registryAddress;

/**
 * What stands for public registries, by their names: the prefix of a pull-through cache in the account's own registry.
 * Without one, images come anonymously over NAT, within the registry's limits. Default: none.
 */
export const imageMirrors = z
  .partialRecord(choice(["docker.io"]), registryAddress, { error: "prefixes by registry: docker.io" })
  .default({});

export const network = z
  .strictObject({
    cidr: vpcRange.describe("The VPC's range: /16 to /20."),
    serviceCidr: serviceRange.describe("Range of the cluster's Services: outside the VPC."),
    reservedCidrs: list(cidr, "a list of ranges")
      .default([])
      .describe("Ranges of other networks that this one may be joined to, and so must not overlap."),
    zones: list(zone, "a list of availability zones"),
    natGateways: choice(["single", "per-zone"]).describe("One NAT gateway, or one in each zone."),
    dataSlots: z
      .record(text("the name of a system"), integer(0, dataSlotCount - 1, "slots, counted from 0"), {
        error: "a number from 0 for each system, by its name",
      })
      .describe(
        "Place of each system's data stores in the isolated range of every zone, 0 to 7. A system keeps its number: another one would move its subnets, and with them its databases. The number of a system that is gone is free once its stores are deleted.",
      ),
    flowLogDays: logDays,
    interfaceEndpoints: list(
      choice(["ecr.api", "ecr.dkr", "eks-auth", "secretsmanager", "sqs", "sts"]),
      "a list of AWS services",
    )
      .default([])
      .describe(
        "AWS services reached over interface endpoints: each costs by zone and hour, and goes on working while NAT doesn't. Only those that something in the VPC calls: see docs/network.md.",
      ),
  })
  .superRefine((value, context) => {
    for (const { path, message } of networkFaults(value)) context.addIssue({ code: "custom", path, message });
  });

const logTypes = ["api", "audit", "authenticator", "controllerManager", "scheduler"] as const;
const principals = (what: string) => list(arn, `a list of IAM ARNs: ${what}`);

const clusterParts = z.strictObject({
  version: kubernetesVersion,
  logs: list(choice(logTypes), `a list of ${logTypes.join(", ")}`),
  logDays,
  publicAccessCidrs: sourceNetworks(40)
    .default([])
    .describe(
      "Networks that may reach the public endpoint; none: it is closed, and only the VPC reaches the API.",
    ),
  access: z.strictObject({
    admin: list(arn, "a list of IAM ARNs: the identity that runs Pulumi, and other administrators", {
      min: 1,
    }).describe("Who administers the cluster. The identity that runs Pulumi must be among them."),
    operator: principals("operators"),
    viewer: principals("viewers"),
  }),
  nodePool: z.strictObject({
    architecture: choice(["amd64", "arm64"]),
    capacity: choice(["on-demand", "spot"]),
    limits: z.strictObject({ cpu, memory: bytes }).describe("Nodes together never exceed this."),
    largestNode: z
      .strictObject({ cpu, memory: bytes })
      .default({ cpu: "16", memory: "64Gi" })
      .describe("The largest node: no container may use more. Default: m.4xlarge."),
  }),
  addons,
  operators,
});

/** The cluster, with add-ons that EKS offers for its version. */
export const cluster = clusterParts.superRefine(({ version, addons: chosen }, context) => {
  for (const { path, message } of addonFaults(version, chosen))
    context.addIssue({ code: "custom", path, message });
});

/** Load balancer policies that speak TLS 1.2 and newer with forward secrecy only. Source: AWS ELB, security policies. */
const tlsPolicies = [
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
] as const;

const edgeParts = z.strictObject({
  zones: z
    .record(domain, pattern(/^Z[A-Z0-9]{8,31}$/, "the id of a Route 53 hosted zone"), {
      error: "hosted zone ids by domain",
    })
    .describe("Route 53 hosted zones by domain: every host lies in one of them."),
  tlsPolicy: choice(tlsPolicies),
  inboundCidrs: sourceNetworks(50, "; leave the key out to let everybody in")
    .default([])
    .describe(
      "Networks that the load balancer lets in; none: everybody. It stands for all hosts of the environment.",
    ),
  idleSeconds: integer(1, 4000, "seconds")
    .default(60)
    .describe(
      "Seconds after which the load balancer ends a connection without data, 1 to 4000. A server's own keep-alive must be longer, or the load balancer answers 502 now and then. Default: 60, as AWS'.",
    ),
  waf,
  cdn: cdn
    .optional()
    .describe(
      "CloudFront in front of the hosts whose descriptions ask for a CDN (systems/). Default: none; the load balancer serves them.",
    ),
  ...shieldKeys,
});

/** Where the public comes in. */
export const edge = edgeParts.superRefine(checkShield);

/** Subscribers of alarms. AWS asks each address once whether it wants them. */
export const alarms = z.strictObject({
  emails: list(
    pattern(
      /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
      'an e-mail address in lower case, such as "platform-team@example.com"',
      254,
    ),
    "a list of e-mail addresses",
    { min: 1 },
  ),
});

export const storage = z.strictObject({
  accessLogDays: integer(30, 3650, "days").describe(
    "Days that the record of who asked a bucket for what is kept.",
  ),
  databaseLogDays: logDays.describe(
    "Days that the databases' logs are kept, with pgaudit's record of who changed schema, roles and rights.",
  ),
  serviceLogDays: logDays
    .default(90)
    .describe("Days that the logs of caches, proxies, functions, upgrades and bounced mail are kept."),
});

/**
 * Fewest days between two rotations. The login before stays valid until the next one, so every pod must have started
 * again by then; it does so with its node, which Auto Mode keeps for 21 days at most (ours: 14).
 */
const leastRotationDays = 30;

export const credentials = z.strictObject({
  rotationDays: where(
    integer(0, 365, "days"),
    (days) => days === 0 || days >= leastRotationDays,
    `0 for none, or at least ${leastRotationDays} days: pods restart with their nodes, and must before the next`,
  ).describe("Days between two rotations of the databases' logins; 0: they aren't rotated."),
});

export type AccountSettings = z.infer<typeof account>;
export type NetworkSettings = z.infer<typeof network>;
export type ClusterSettings = z.infer<typeof cluster>;
export type EdgeSettings = z.infer<typeof edge>;
export type AlarmSettings = z.infer<typeof alarms>;
export type CredentialsSettings = z.infer<typeof credentials>;
export type MirrorSettings = Readonly<Record<string, string | undefined>>;
export type StorageSettings = z.infer<typeof storage>;
