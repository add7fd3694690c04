import { choice } from "./values";

/**
 * Regions that an environment may be in, with the letters of their zones. Each needs RDS's certificate authorities in
 * `components/workload/trust/authorities-rds.ts` (a test compares): otherwise no workload could verify its database. To add a
 * region, add its bundle there and its zones here (`aws ec2 describe-availability-zones --region <region>`).
 */
const regionZones = { "ap-northeast-2": ["a", "b", "c", "d"] } as const;

type Region = keyof typeof regionZones;
const regions = Object.keys(regionZones) as [Region, ...Region[]];

export const region = choice(
  regions,
  "the only region so far, since its RDS certificate authorities are in the sources; config/regions.ts says how to add one",
);

const zones = regions.flatMap((name) => regionZones[name].map((letter) => `${name}${letter}` as const));
const [first = "ap-northeast-2a", ...more] = zones;

/** Availability zone of a region. */
export const zone = choice([first, ...more]);

/**
 * Regions that may hold an environment's copies: its databases' replicas and backups, its buckets and recovery points. No
 * workload connects from there, so their certificate authorities aren't needed. RDS can replicate automated backups to
 * each from `ap-northeast-2`. Source: Amazon RDS user guide, supported Regions for cross-Region automated backups.
 */
const copyZones = {
  ...regionZones,
  "ap-northeast-1": ["a", "c", "d"],
  "ap-southeast-1": ["a", "b", "c"],
} as const;

type CopyRegion = keyof typeof copyZones;
const copyRegions = Object.keys(copyZones) as [CopyRegion, ...CopyRegion[]];

export const copyRegion = choice(
  copyRegions,
  "regions of the partition aws, since nothing is replicated to another; config/regions.ts says how to add one",
);

/** Availability zone of a region that may hold copies. */
export const copyZone = choice(
  copyRegions.flatMap((name) => copyZones[name].map((letter) => `${name}${letter}`)) as [string, ...string[]],
);
