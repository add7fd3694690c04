import { z } from "zod";

/** One type of an Amazon OpenSearch Service node. */
interface NodeType {
  /** GiB of memory. */
  readonly memory: number;
  /** Largest EBS volume of a data node, in GiB. */
  readonly volume: number;
  /** Burstable, so it can't be a dedicated manager of many nodes, nor have UltraWarm. */
  readonly burstable?: true;
}

/**
 * The node types that a domain may have. Source: Amazon OpenSearch Service developer guide, quotas; the API's own list
 * of types. The volume sizes are those of gp2, half of gp3's, so AWS accepts all of them. To allow another type, add a
 * line.
 */
const nodeTypes: Readonly<Record<string, NodeType>> = {
  "t3.small.search": { memory: 2, volume: 100, burstable: true },
  "t3.medium.search": { memory: 4, volume: 200, burstable: true },
  "m6g.large.search": { memory: 8, volume: 512 },
  "m6g.xlarge.search": { memory: 16, volume: 1024 },
  "r6g.large.search": { memory: 16, volume: 1024 },
  "r6g.xlarge.search": { memory: 32, volume: 1536 },
};

const known = Object.keys(nodeTypes).join(", ");

/** Name of a node type that the table has. */
export const nodeType = z
  .string({ error: "a quoted string, a node type of Amazon OpenSearch Service" })
  .refine((name) => Object.hasOwn(nodeTypes, name), {
    error: `a node type that config/search-nodes.ts knows: ${known}`,
    abort: true,
  });

export const largestVolume = (type: string): number => nodeTypes[type]?.volume ?? 0;
export const isBurstable = (type: string): boolean => nodeTypes[type]?.burstable === true;

/**
 * Maximum shards of a node: 25 for each GiB of heap, which is half of its memory. Source: OpenSearch Service, best
 * practices.
 */
export const mostShards = (type: string): number => 25 * ((nodeTypes[type]?.memory ?? 0) / 2);
