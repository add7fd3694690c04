import { defaultEviction, type CacheSettings } from "../../config";
import type { Metrics } from "../base/store";

type Shape = Pick<CacheSettings, "shards" | "replicas">;

/**
 * Nodes of a replication group, as arguments of ElastiCache: one primary with replicas, or shards with replicas. The
 * two forms exclude each other. In cluster mode failover is always on.
 */
export function nodes({ shards, replicas }: Shape) {
  const failover = replicas > 0;
  const count =
    shards === undefined
      ? { numCacheClusters: 1 + replicas }
      : { clusterMode: "enabled", numNodeGroups: shards, replicasPerNodeGroup: replicas };
  return { ...count, automaticFailoverEnabled: failover, multiAzEnabled: failover };
}

/** Parameters that differ from ElastiCache's defaults. One set to its default would show as a permanent diff. */
export function cacheParameters({ shards, eviction }: CacheSettings): { name: string; value: string }[] {
  const parameters: { name: string; value: string }[] = [];
  if (shards !== undefined) parameters.push({ name: "cluster-enabled", value: "yes" });
  if (eviction !== defaultEviction) parameters.push({ name: "maxmemory-policy", value: eviction });
  return parameters;
}

const digits = (index: number, length: number) => String(index + 1).padStart(length, "0");

/**
 * Metrics of each node, whose id ElastiCache derives from the group's. Source: ElastiCache user guide, finding
 * endpoints.
 */
export function cacheMetrics(groupId: string, { shards, replicas }: Shape): Metrics {
  const copies = Array.from({ length: 1 + replicas }, (_, index) => digits(index, 3));
  const ids =
    shards === undefined
      ? copies.map((copy) => `${groupId}-${copy}`)
      : Array.from({ length: shards }, (_, index) => digits(index, 4)).flatMap((shard) =>
          copies.map((copy) => `${groupId}-${shard}-${copy}`),
        );
  return {
    namespace: "AWS/ElastiCache",
    dimensions: ids.map((CacheClusterId) => ({ CacheClusterId, CacheNodeId: "0001" })),
  };
}
