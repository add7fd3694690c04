import { z } from "zod";
import { amount } from "./quantity";
import { isBurstable, largestVolume, mostShards, nodeType } from "./search-nodes";
import { arn, bytes, choice, integer, list, logDays, text } from "./values";

/**
 * Store of the logs of all pods: CloudWatch Logs, which is charged per gigabyte, or a domain of Amazon OpenSearch
 * Service, which is charged per hour. See docs/logs.md.
 */

const cloudwatch = z.strictObject({
  store: z.literal("cloudwatch"),
  days: logDays.describe("Days that logs are kept: a retention that CloudWatch Logs offers."),
});

const nodes = z
  .strictObject({
    type: nodeType.describe("Type of the data nodes, such as m6g.large.search."),
    count: integer(1, 30, "nodes").describe("Data nodes: a multiple of `zones`."),
    storage: integer(10, 3072, "GiB").describe("Volume of each data node, in GiB: EBS gp3."),
  })
  .superRefine(({ type, storage }, context) => {
    if (storage <= largestVolume(type)) return;
    context.addIssue({
      code: "custom",
      path: ["storage"],
      message: `at most ${largestVolume(type)} GiB, the maximum of ${type}`,
    });
  });

const managers = z.strictObject({
  type: nodeType.describe("Type of the dedicated managers."),
  count: z
    .union([z.literal(3), z.literal(5)], {
      error: "3 or 5: with two dedicated managers, the loss of one leaves no quorum",
    })
    .describe("Dedicated managers: 3 or 5."),
});

const warm = z.strictObject({
  type: choice(["ultrawarm1.medium.search", "ultrawarm1.large.search"]).describe(
    "Type of the UltraWarm nodes.",
  ),
  count: integer(2, 150, "nodes").describe("UltraWarm nodes: 2 to 150."),
  afterDays: integer(1, 3650, "days").describe("Days after which an index moves to UltraWarm."),
});

/** Replicas of each shard, if there is a second node for them. */
const copies = (count: number) => (count > 1 ? 1 : 0);

/**
 * Bytes of data nodes that a day of logs takes: the index is a tenth larger than its source, a fifth of each volume is the
 * service's own, and a twentieth the operating system's. Source: Amazon OpenSearch Service, sizing domains, which
 * shortens it to 1.45.
 */
const bytesPerDay = (daily: number, count: number): number => daily * (1 + copies(count)) * 1.45;

/** Indexes of one day: one for each system's logs, the platform's, and the traces' two. Each has one shard and its copies. */
const indexesPerDay = 7;

const opensearch = z
  .strictObject({
    store: z.literal("opensearch"),
    version: choice(["OpenSearch_2.19", "OpenSearch_3.1"]).describe("Version of the domain's engine."),
    zones: z
      .union([z.literal(1), z.literal(2), z.literal(3)], { error: "1, 2 or 3 zones" })
      .describe("Number of zones with nodes: 1, 2 or 3, the first of `network.zones`."),
    nodes: nodes.describe("Nodes that hold the data."),
    managers: managers.optional().describe("Dedicated managers, which hold no data. Default: none."),
    warm: warm.optional().describe("UltraWarm nodes, which hold old indexes in S3. Default: none."),
    dailySize: bytes.describe(
      "Expected size of a day's logs and spans, against which the storage of `nodes` is checked.",
    ),
    deleteAfterDays: integer(1, 3650, "days").describe("Days after which logs are deleted."),
    readers: z
      .record(
        text("the name of a system, or `all`"),
        list(arn, "a list of IAM ARNs: who may read these logs"),
        {
          error: "lists of IAM ARNs by system, or under `all`",
        },
      )
      .default({})
      .describe(
        "IAM roles that may read a system's logs, by the system's name; roles under `all` may read all logs. Default: none.",
      ),
  })
  .superRefine((value, context) => {
    for (const [path, message] of domainFaults(value)) context.addIssue({ code: "custom", path, message });
  });

interface Amounts {
  readonly zones: number;
  readonly nodes: { readonly type: string; readonly count: number; readonly storage: number };
  readonly managers?: { readonly type: string; readonly count: number } | undefined;
  readonly warm?: { readonly afterDays: number } | undefined;
  readonly dailySize: string;
  readonly deleteAfterDays: number;
}

type DomainFault = readonly [path: string[], message: string];

/**
 * Settings that AWS rejects, or that wouldn't work. Sources: Amazon OpenSearch Service, multi-AZ domains, UltraWarm,
 * sizing domains.
 */
function domainFaults({ zones, nodes: data, managers: chosen, warm: old, ...rest }: Amounts): DomainFault[] {
  const faults: DomainFault[] = [];
  if (zones === 3 && chosen === undefined)
    faults.push([["managers"], "three dedicated managers where there are three zones"]);
  if (old !== undefined && chosen === undefined)
    faults.push([["managers"], "dedicated managers: UltraWarm needs them"]);
  if (old !== undefined && isBurstable(data.type))
    faults.push([["nodes", "type"], "a type other than t3, which doesn't support UltraWarm"]);
  if (old !== undefined && old.afterDays >= rest.deleteAfterDays)
    faults.push([["warm", "afterDays"], `less than deleteAfterDays, ${rest.deleteAfterDays}`]);
  if (data.count % zones !== 0) {
    const message = `a multiple of ${zones}, the number of zones: each zone has as many nodes as the others`;
    // The storage of a node depends on the number of nodes.
    return [...faults, [["nodes", "count"], message]];
  }
  const days = Math.min(old?.afterDays ?? rest.deleteAfterDays, rest.deleteAfterDays);
  const needed = (days * bytesPerDay(amount(rest.dailySize), data.count)) / 2 ** 30 / data.count;
  if (data.storage < needed)
    faults.push([
      ["nodes", "storage"],
      `at least ${Math.ceil(needed)} GiB on each of ${data.count} nodes, by the estimate of ${days} days with ` +
        `${rest.dailySize} each, ${1 + copies(data.count)} copies and 45 % for indexes and the service`,
    ]);
  const shards = (days * indexesPerDay * (1 + copies(data.count))) / data.count;
  if (shards > mostShards(data.type))
    faults.push([
      ["nodes", "type"],
      `a type with memory for ${Math.ceil(shards)} shards a node; ${data.type} holds ${mostShards(data.type)}`,
    ]);
  return faults;
}

/** Logs of all pods. Default: none; they stay on their nodes until those are replaced. */
export const logs = z
  .discriminatedUnion("store", [cloudwatch, opensearch], {
    error: 'logs with a `store`: "cloudwatch" or "opensearch"',
  })
  .optional();

export type LogSettings = NonNullable<z.infer<typeof logs>>;
export type SearchSettings = Extract<LogSettings, { store: "opensearch" }>;
