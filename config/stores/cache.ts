import { z } from "zod";
import { nodeType } from "./node-types";
import { choice, integer, ordinal } from "../values";

/** Valkey versions that ElastiCache offers, each with its parameter group family. Source: ElastiCache user guide. */
export const valkeyFamilies = {
  "7.2": "valkey7",
  "8.0": "valkey8",
  "8.1": "valkey8",
  "8.2": "valkey8",
} as const;

type ValkeyVersion = keyof typeof valkeyFamilies;
const valkeyVersions = Object.keys(valkeyFamilies) as [ValkeyVersion, ...ValkeyVersion[]];

/** Eviction policies. Source: Valkey's configuration, `maxmemory-policy`. */
const evictions = [
  "volatile-lru",
  "volatile-lfu",
  "volatile-ttl",
  "volatile-random",
  "allkeys-lru",
  "allkeys-lfu",
  "allkeys-random",
  "noeviction",
] as const;

/** ElastiCache's default: evicts the least recently used of the keys with an expiration. */
export const defaultEviction = "volatile-lru";

/** Default quota of nodes in one group. Source: ElastiCache quotas, nodes per cluster (cluster mode). */
const mostNodes = 90;

export const cache = z
  .strictObject({
    version: choice(valkeyVersions).describe("Valkey engine version."),
    nodeType,
    shards: integer(1, mostNodes, "shards")
      .optional()
      .describe(
        "Cluster mode: the number of shards that keys are spread across. Clients must support it. Default: one primary, no shards. AWS refuses to switch between the two after creation.",
      ),
    replicas: integer(0, 5, "replicas").describe(
      "Replicas of the primary, or of each shard. With 1 or more, they are in other zones and failover is automatic.",
    ),
    eviction: choice(evictions)
      .default(defaultEviction)
      .describe("Eviction policy when memory is full. A job queue needs `noeviction`, or it loses jobs."),
    snapshotDays: integer(0, 35, "days").describe("Daily snapshots kept; 0 turns them off."),
    credentialsVersion: ordinal(1, 100000, "the password's number")
      .default(1)
      .describe(
        "Version of the password. Increment it for a new password; the previous one stays valid until the next change.",
      ),
  })
  .superRefine(({ shards, replicas }, context) => {
    if (shards === undefined) return;
    if (replicas === 0)
      context.addIssue({
        code: "custom",
        path: ["replicas"],
        message: "at least 1 with shards: cluster mode requires automatic failover, which needs a replica",
      });
    const nodes = shards * (1 + replicas);
    if (nodes > mostNodes)
      context.addIssue({
        code: "custom",
        path: ["shards"],
        message: `at most ${mostNodes} nodes together: ${shards} shards × (1 + ${replicas} replicas) = ${nodes}`,
      });
  });

export type CacheSettings = z.infer<typeof cache>;
