import type { Document } from "yaml";
import { drop, itRefuses, set } from "../support/edits";
import { settingsOf } from "../support/frozen";
import assert from "node:assert/strict";

interface Case {
  readonly what: string;
  readonly edit: (file: Document) => void;
  /** Path of the fault, without the project's prefix. */
  readonly path: string;
  readonly says: RegExp;
}

const cases: Case[] = [
  {
    what: "logs without a store",
    edit: drop("logs.store"),
    path: "logs.store",
    says: /one of "cloudwatch", "opensearch"/,
  },
  {
    what: "two dedicated managers, of which none is elected when one is lost",
    edit: set("logs.managers.count", 2),
    path: "logs.managers.count",
    says: /3 or 5/,
  },
  {
    what: "three zones without dedicated managers",
    edit: drop("logs.managers"),
    path: "logs.managers",
    says: /three dedicated managers where there are three zones/,
  },
  {
    what: "nodes that don't spread evenly over the zones",
    edit: set("logs.nodes.count", 4),
    path: "logs.nodes.count",
    says: /a multiple of 3/,
  },
  {
    what: "a type of node that the table doesn't have",
    edit: set("logs.nodes.type", "m5.large.search"),
    path: "logs.nodes.type",
    says: /config\/search-nodes\.ts/,
  },
  {
    what: "a volume that the type doesn't take",
    edit: set("logs.nodes.storage", 2000),
    path: "logs.nodes.storage",
    says: /at most 1024 GiB, the maximum of r6g\.large\.search/,
  },
  {
    what: "more days than the nodes can hold, with the estimate",
    edit: set("logs.deleteAfterDays", 60),
    path: "logs.nodes.storage",
    says: /at least 464 GiB on each of 3 nodes, by the estimate of 60 days with 8Gi each/,
  },
  {
    what: "UltraWarm with nodes that burst",
    edit: (file) => {
      set("logs.warm", { type: "ultrawarm1.medium.search", count: 2, afterDays: 7 })(file);
      set("logs.nodes", { type: "t3.medium.search", count: 3, storage: 200 })(file);
    },
    path: "logs.nodes.type",
    says: /a type other than t3/,
  },
  {
    what: "UltraWarm that begins after the end",
    edit: set("logs.warm", { type: "ultrawarm1.medium.search", count: 2, afterDays: 30 }),
    path: "logs.warm.afterDays",
    says: /less than deleteAfterDays, 30/,
  },
  {
    what: "a domain without subnets of its own",
    edit: drop("network.dataSlots.platform"),
    path: "network.dataSlots.platform",
    says: /a number that no other system has/,
  },
  {
    what: "more than every trace",
    edit: set("traces.sharePercent", 101),
    path: "traces.sharePercent",
    says: /0 to 100/,
  },
];

describe("logs and traces in the stack file", () => {
  itRefuses(cases);

  it("can go to CloudWatch, without traces", async () => {
    const { logs, traces } = await settingsOf("dev");
    assert.deepEqual([logs?.store, traces], ["cloudwatch", undefined]);
  });
});
