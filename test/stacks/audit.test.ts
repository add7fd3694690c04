import assert from "node:assert/strict";
import type { Document } from "yaml";
import type { Recording } from "../../preview/run-program";
import { covers } from "../../policies/lib/statements";
import { drop, itRefuses, set } from "../support/edits";
import { grantsOf } from "../support/iam/grants";
import { identifiedStack } from "../support/iam/recordings";
import { recordingOf, recordingWith } from "../support/recordings";

const account = "333333333333";
const source = `arn:aws:s3:::plinth-prod-access-logs-${account}`;
const target = `arn:aws:s3:::plinth-audit-${account}`;
const firehose = "writer of the stream";

/** A file of each kind of log as its service names it, and who puts it there. */
const files: Readonly<Record<string, readonly [key: string, writer: string]>> = {
  "log groups": ["logs/2026/11/29/plinth-prod-audit-logs-1-2026-11-29-10-00-00-a.gz", firehose],
  "DNS queries": [
    `dns/AWSLogs/${account}/vpcdnsquerylogs/vpc-1/2026/11/29/a.log.gz`,
    "delivery.logs.amazonaws.com",
  ],
  "the load balancer's requests": [
    `load-balancer/AWSLogs/${account}/elasticloadbalancing/ap-northeast-2/2026/11/29/a.log.gz`,
    "logdelivery.elasticloadbalancing.amazonaws.com",
  ],
  "the load balancer's connections": [
    `load-balancer-connections/AWSLogs/${account}/elasticloadbalancing/ap-northeast-2/2026/11/29/a.log.gz`,
    "logdelivery.elasticloadbalancing.amazonaws.com",
  ],
  "TLS connections for syslog": [
    `load-balancer-opmas-syslog/AWSLogs/${account}/elasticloadbalancing/ap-northeast-2/2026/11/29/a.log.gz`,
    "delivery.logs.amazonaws.com",
  ],
  "the CDN's requests": [`cdn/AWSLogs/${account}/CloudFront/a.gz`, "delivery.logs.amazonaws.com"],
};

interface Rule {
  readonly id: string;
  readonly status: string;
  readonly filter: { readonly prefix: string };
  readonly deleteMarkerReplication: { readonly status: string };
  readonly destination: {
    readonly bucket: string;
    readonly encryptionConfiguration: { readonly replicaKmsKeyId: string };
  };
}

const replication = "aws:s3/bucketReplicationConfig:BucketReplicationConfig";
const rulesOf = (recording: Recording) =>
  recording.one(replication, "primary-audit-log-copies").inputs.rules as unknown as Rule[];

/** Whether somebody may do something with an object. */
const may = (recording: Recording, who: (holder: string) => boolean, action: string, arn: string): boolean =>
  grantsOf(recording).some(
    ({ holders, statement }) =>
      statement.allows &&
      holders.some(who) &&
      statement.actions.some((pattern) => covers(pattern, action)) &&
      statement.resources.some((pattern) => covers(pattern, arn)),
  );

/** Physical names of the log groups that are sent, with the filter's pattern. */
const sent = (recording: Recording): string[] =>
  recording
    .ofType("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter")
    .map(({ inputs }) => `${String(inputs.logGroup)} ${String(inputs.filterPattern)}`.trim())
    .sort();

const given = {
  bucket: `plinth-audit-${account}`,
  key: `arn:aws:kms:ap-northeast-2:${account}:key/1`,
  logs: ["cluster", "cdn"],
};

/** The stack file with copies of logs, but for these values. */
const audit =
  (other: Partial<Record<keyof typeof given, unknown>>, ...edits: ReturnType<typeof set>[]) =>
  (file: Document): void => {
    for (const edit of [set("audit", { ...given, ...other }), ...edits]) edit(file);
  };

describe("copies of logs in the audit bucket", () => {
  for (const [what, [key, writer]] of Object.entries(files))
    it(`has ${what}: they may be written, and S3 may copy them to the locked bucket`, async () => {
      const { recording } = await identifiedStack("prod");
      const writes = (holder: string) =>
        writer === firehose ? holder === "role primary-audit-writer" : holder === `Service ${writer}`;
      assert.ok(may(recording, writes, "s3:PutObject", `${source}/${key}`), `${writer} can't write ${key}`);
      const rule = rulesOf(recording).find(({ filter }) => key.startsWith(filter.prefix));
      assert.ok(rule, `no rule copies ${key}`);
      assert.equal(rule.destination.bucket, target);
      const replicator = (holder: string) => holder === "role primary-audit-replicator";
      assert.ok(may(recording, replicator, "s3:GetObjectVersionForReplication", `${source}/${key}`));
      assert.ok(may(recording, replicator, "s3:ReplicateObject", `${target}/${key}`));
      assert.ok(!may(recording, replicator, "s3:ReplicateObject", `${target}/trail/${key}`));
      const { replicaKmsKeyId } = rule.destination.encryptionConfiguration;
      assert.ok(may(recording, replicator, "kms:Encrypt", replicaKmsKeyId));
      // A deletion in the first bucket leaves the copy.
      assert.equal(rule.deleteMarkerReplication.status, "Disabled");
      assert.ok(!may(recording, replicator, "s3:ReplicateDelete", `${target}/${key}`));
    });

  it("has audit events of the cluster, pgaudit's records of each instance, flow logs and AWS WAF's", async () => {
    const recording = await recordingOf("prod");
    const found = sent(recording);
    const instances = recording
      .ofType("aws:rds/instance:Instance")
      .filter(({ name }) => name.startsWith("primary-"));
    assert.equal(found.length, instances.length + 3);
    assert.ok(found.includes('/aws/eks/plinth-prod/cluster { $.apiVersion = "audit.k8s.io/v1" }'));
    assert.ok(found.includes("/plinth-prod/vpc/flow-logs"));
    assert.ok(found.includes("aws-waf-logs-plinth-prod"));
    for (const { inputs } of instances)
      assert.ok(
        found.includes(`/aws/rds/instance/${String(inputs.identifier)}/postgresql ?"AUDIT:" ?"FATAL:"`),
        String(inputs.identifier),
      );
  });

  it("are those that the stack file names", async () => {
    const only = await recordingWith("prod", set("audit.logs", ["flows"]));
    assert.deepEqual(sent(only), ["/plinth-prod/vpc/flow-logs"]);
    assert.deepEqual(
      rulesOf(only).map(({ filter }) => filter.prefix),
      ["logs/"],
    );
    assert.equal(only.ofType("aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig").length, 0);
    const dns = await recordingWith("prod", set("audit.logs", ["dns"]));
    assert.equal(dns.ofType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").length, 0);
    const none = await recordingWith("prod", drop("audit"));
    assert.ok([...none.resources.values()].every(({ name }) => !name.startsWith("primary-audit")));
  });

  it("are missed by people: a late stream, and a copy that failed", async () => {
    const recording = await recordingOf("prod");
    const alarms = recording
      .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
      .filter(({ name }) => name.startsWith("primary-audit"))
      .map(({ inputs }) => String(inputs.metricName));
    assert.deepEqual(alarms.sort(), [
      "DeliveryToS3.DataFreshness",
      ...rulesOf(recording).map(() => "OperationsFailedReplication"),
    ]);
  });

  itRefuses([
    {
      what: "another account's bucket",
      edit: audit({ bucket: "plinth-audit-111111111111" }),
      path: "audit.bucket",
      says: /allowed is a name that ends with "-audit-333333333333".*pulumi stack output audit/s,
    },
    {
      what: "another region's key",
      edit: audit({ key: `arn:aws:kms:us-east-1:${account}:key/1` }),
      path: "audit.key",
      says: /a key of plinth:account, 333333333333 in ap-northeast-2/,
    },
    {
      what: "an alias for the key",
      edit: audit({ key: `arn:aws:kms:ap-northeast-2:${account}:alias/plinth-audit` }),
      path: "audit.key",
      says: /the ARN of the audit bucket's key/,
    },
    {
      what: "a kind of log that there isn't",
      edit: audit({ logs: ["requests"] }),
      path: "audit.logs.0",
      says: /one of "cluster", "databases"/,
    },
    { what: "no log at all", edit: audit({ logs: [] }), path: "audit.logs", says: /at least 1/ },
    {
      what: "logs of a CDN that there isn't",
      edit: audit({}, drop("edge.cdn")),
      path: "audit.logs",
      says: /found cdn; allowed is logs that the environment writes/,
    },
    {
      what: "audit events that the cluster doesn't write",
      edit: audit({}, set("cluster.logs", ["api"])),
      path: "audit.logs",
      says: /add audit to plinth:cluster.logs, or leave cluster out/,
    },
  ]);
});
