import assert from "node:assert/strict";
import type { z } from "zod";
import { bucket } from "../../config/stores/bucket";
import { cache } from "../../config/stores/cache";
import { files } from "../../config/stores/files";
import { mail } from "../../config/stores/mail";
import { nats } from "../../config/stores/nats";
import { queue } from "../../config/stores/queue";

const caches = { version: "8.2", nodeType: "cache.t4g.small", replicas: 1, snapshotDays: 7 };
const buckets = { warmDays: 30, coldDays: 90, expireDays: 365, noncurrentDays: 30 };
const queues = {
  visibilitySeconds: 60,
  retentionDays: 4,
  maxReceives: 5,
  deadLetterDays: 14,
  alarmAgeMinutes: 15,
};
const streams = {
  LOGS: { subjects: ["logs.>"], retention: "workqueue", consumers: {} },
  FINDINGS: { subjects: ["findings.>"], retention: "workqueue", consumers: {} },
} as const;
const servers = {
  chart: "2.14.2",
  servers: 3,
  storage: "10Gi",
  streams: { LOGS: { maxAgeHours: 24, maxBytes: "8Gi" }, FINDINGS: { maxAgeHours: 24, maxBytes: "1Gi" } },
};
const ses = { kind: "ses", domain: "example.com" };

/** Each: what is refused, by which schema, where, and part of what the message must say. */
const refused: readonly [what: string, schema: z.ZodType, value: object, path: string, says: RegExp][] = [
  [
    "a single node in cluster mode",
    cache,
    { ...caches, shards: 1, replicas: 0 },
    "replicas",
    /at least 1 with shards/,
  ],
  [
    "more nodes than the account's quota",
    cache,
    { ...caches, shards: 40, replicas: 2 },
    "shards",
    /40 shards × \(1 \+ 2 replicas\) = 120/,
  ],
  ["an unknown eviction policy", cache, { ...caches, eviction: "lru" }, "eviction", /"noeviction"/],
  ["snapshots beyond 35 days", cache, { ...caches, snapshotDays: 36 }, "snapshotDays", /0 to 35/],
  [
    "expiry before Glacier's minimum storage duration",
    bucket,
    { ...buckets, expireDays: 179 },
    "expireDays",
    /at least coldDays \+ 90 \(180\)/,
  ],
  [
    "cold before warm",
    bucket,
    { ...buckets, coldDays: 60, warmDays: 40 },
    "coldDays",
    /at least warmDays \+ 30 \(70\)/,
  ],
  [
    "a lock that outlives expiry",
    bucket,
    { ...buckets, objectLockDays: 366 },
    "objectLockDays",
    /at most expireDays \(365\)/,
  ],
  ["retention beyond 14 days", queue, { ...queues, retentionDays: 15 }, "retentionDays", /1 to 14/],
  [
    "a dead-letter queue with a shorter retention",
    queue,
    { ...queues, deadLetterDays: 4 },
    "deadLetterDays",
    /more than retentionDays \(4\)/,
  ],
  [
    "an alarm after the message is deleted",
    queue,
    { ...queues, alarmAgeMinutes: 5760 },
    "alarmAgeMinutes",
    /less than retentionDays \(5760 minutes\)/,
  ],
  ["an age that EFS doesn't support", files, { warmDays: 31, coldDays: 90 }, "warmDays", /1, 7, 14, 30/],
  ["files cold before warm", files, { warmDays: 90, coldDays: 90 }, "coldDays", /more than warmDays \(90\)/],
  [
    "streams that don't fit a server's volume",
    nats({ streams }),
    { ...servers, streams: { ...servers.streams, FINDINGS: { maxAgeHours: 24, maxBytes: "1025Mi" } } },
    "storage",
    /room for LOGS 8 GiB \+ FINDINGS 1 GiB = 9 GiB on each server: 90 % of 10Gi are 9 GiB/,
  ],
  [
    "more streams than fit if one server holds all",
    nats({ streams }),
    { ...servers, servers: 5, storage: "5Gi" },
    "storage",
    /= 9 GiB on each server: 90 % of 5Gi are 4\.5 GiB/,
  ],
  [
    "a described stream without settings",
    nats({ streams }),
    { ...servers, streams: { LOGS: servers.streams.LOGS } },
    "streams.FINDINGS",
    /expected object/,
  ],
  [
    "a stream that keeps nothing",
    nats({ streams }),
    { ...servers, streams: { ...servers.streams, LOGS: { maxAgeHours: 0, maxBytes: "1Gi" } } },
    "streams.LOGS.maxAgeHours",
    /1 to 8760/,
  ],
  ["no recipient at all", mail, { ...ses, recipients: [] }, "recipients", /at least 1/],
  [
    "an invalid recipient",
    mail,
    { ...ses, recipients: ["example.com"] },
    "recipients.0",
    /pattern of addresses/,
  ],
  ["credentials before the first", mail, { ...ses, credentialsVersion: 0 }, "credentialsVersion", /1 to/],
];

describe("config: caches, buckets, queues, mail", () => {
  for (const [what, schema, value, path, says] of refused)
    it(`refuses ${what}`, () => {
      const { error } = schema.safeParse(value);
      const issue = error?.issues.find((each) => each.path.join(".") === path);
      assert.ok(issue, `no fault at ${path}: ${JSON.stringify(error?.issues)}`);
      assert.match(issue.message, says);
    });

  it("accepts valid settings, with AWS' own defaults", () => {
    assert.equal(cache.parse(caches).eviction, "volatile-lru");
    assert.equal(cache.parse({ ...caches, shards: 30, replicas: 2 }).shards, 30);
    assert.equal(bucket.parse({ ...buckets, objectLockDays: 365 }).objectLockDays, 365);
    assert.deepEqual(queue.parse(queues), queues);
    assert.deepEqual(mail.parse(ses), { ...ses, credentialsVersion: 1 });
    assert.ok(mail.safeParse({ ...ses, recipients: ["*@example.com", "qa+1@example.com"] }).success);
  });
});
