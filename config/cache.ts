import { z } from "zod";
import { nodeType } from "./node-types";
import { choice, integer } from "./values";

/** Valkey versions that ElastiCache offers, each with the family of its parameters. Source: ElastiCache user guide. */
export const valkeyFamilies = {
  "7.2": "valkey7",
  "8.0": "valkey8",
  "8.1": "valkey8",
  "8.2": "valkey8",
} as const;

type ValkeyVersion = keyof typeof valkeyFamilies;
const valkeyVersions = Object.keys(valkeyFamilies) as [ValkeyVersion, ...ValkeyVersion[]];

/** What goes when memory is full. Source: Valkey's configuration, `maxmemory-policy`. */
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

/** What ElastiCache does where nobody says otherwise: drops the least used of the keys that expire anyway. */
export const defaultEviction = "volatile-lru";

/** Nodes of one group that an account has by default. Source: ElastiCache quotas, nodes per cluster (cluster mode). */
const mostNodes = 90;

export const cache = z
  .strictObject({
    version: choice(valkeyVersions).describe("Valkey engine version."),
    nodeType,
    shards: integer(1, mostNodes, "shards")
      .optional()
      .describe(
        "Cluster mode: keys are spread over so many shards, and clients must speak it. Left out: one primary, no shards. Which of the two is decided when the cache is made: AWS refuses the change later on.",
      ),
    replicas: integer(0, 5, "replicas").describe(
      "Copies beside the primary, of each shard where there are shards; from 1 on they stand in other zones and fail over by themselves.",
    ),
    eviction: choice(evictions)
      .default(defaultEviction)
      .describe("What goes when memory is full. A job queue needs `noeviction`: it loses jobs otherwise."),
    snapshotDays: integer(0, 35, "days").describe("Daily snapshots kept; 0 turns them off."),
    credentialsVersion: integer(1, 100000, "the password's number")
      .default(1)
      .describe(
        "Number of the password in use. One more makes a new one; the one before stays valid until the next.",
      ),
  })
  .superRefine(({ shards, replicas }, context) => {
    if (shards === undefined) return;
    if (replicas === 0)
      context.addIssue({
        code: "custom",
        path: ["replicas"],
        message:
          "at least 1 with shards: ElastiCache fails over in cluster mode, and a lone node has nothing to",
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
