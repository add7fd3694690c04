import assert from "node:assert/strict";
import type { Document } from "yaml";
import type { Recording } from "../../preview/run-program";
import { covers } from "../../policies/lib/statements";
import { drop, itRefuses, set } from "../support/edits";
import { grantsOf } from "../support/iam/grants";
import { identifiedStack } from "../support/iam/recordings";
import { recordingOf, recordingWith } from "../support/recordings";
import { inputsOf } from "../support/inputs";

const account = "333333333333";
const target = `arn:aws:s3:::plinth-audit-${account}`;
const firehose = "writer of the stream";

/** The regions that write logs: names of their resources, their bucket of access logs, and their kinds of files. */
const regions = {
  "ap-northeast-2": {
    name: "primary-audit",
    source: `arn:aws:s3:::plinth-prod-access-logs-${account}`,
    without: [],
  },
  "ap-northeast-1": {
    name: "standby-audit",
    source: `arn:aws:s3:::plinth-prod-standby-access-logs-${account}`,
    without: ["the CDN's requests", "TLS connections for syslog"],
  },
};

/** A file of each kind of log, with the service's name for it, and who writes it. */
const filesOf = (region: string): Readonly<Record<string, readonly [key: string, writer: string]>> => ({
  "log groups": ["logs/2026/11/29/plinth-prod-audit-logs-1-2026-11-29-10-00-00-a.gz", firehose],
  "DNS queries": [
    `dns/AWSLogs/${account}/vpcdnsquerylogs/vpc-1/2026/11/29/a.log.gz`,
    "delivery.logs.amazonaws.com",
  ],
  "the load balancer's requests": [
    `load-balancer/AWSLogs/${account}/elasticloadbalancing/${region}/2026/11/29/a.log.gz`,
    "logdelivery.elasticloadbalancing.amazonaws.com",
  ],
  "the load balancer's connections": [
    `load-balancer-connections/AWSLogs/${account}/elasticloadbalancing/${region}/2026/11/29/a.log.gz`,
    "logdelivery.elasticloadbalancing.amazonaws.com",
  ],
  "TLS connections for syslog": [
    `load-balancer-opmas-syslog/AWSLogs/${account}/elasticloadbalancing/${region}/2026/11/29/a.log.gz`,
    "delivery.logs.amazonaws.com",
  ],
  "the CDN's requests": [`cdn/AWSLogs/${account}/CloudFront/a.gz`, "delivery.logs.amazonaws.com"],
});

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
const rulesOf = (recording: Recording, name = "primary-audit") =>
  inputsOf<{ rules: Rule[] }>(recording.one(replication, `${name}-log-copies`)).rules;

/** Whether a principal may do something with an object. */
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

/** The stack file with copies of logs, except for these values. */
const audit =
  (other: Partial<Record<keyof typeof given, unknown>>, ...edits: ReturnType<typeof set>[]) =>
  (file: Document): void => {
    for (const edit of [set("audit", { ...given, ...other }), ...edits]) edit(file);
  };

describe("copies of logs in the audit bucket", () => {
  for (const [region, { name, source, without }] of Object.entries(regions))
    for (const [what, [key, writer]] of Object.entries(filesOf(region)))
      if (!(without as string[]).includes(what))
        it(`have ${what} of ${region}: the service can write them, and S3 can copy them to the locked bucket`, async () => {
          const { recording } = await identifiedStack("prod");
          const writes = (holder: string) =>
            writer === firehose ? holder === `role ${name}-writer` : holder === `Service ${writer}`;
          assert.ok(
            may(recording, writes, "s3:PutObject", `${source}/${key}`),
            `${writer} can't write ${key}`,
          );
          const rule = rulesOf(recording, name).find(({ filter }) => key.startsWith(filter.prefix));
          assert.ok(rule, `no rule copies ${key}`);
          assert.equal(rule.destination.bucket, target);
          const replicator = (holder: string) => holder === `role ${name}-replicator`;
          assert.ok(may(recording, replicator, "s3:GetObjectVersionForReplication", `${source}/${key}`));
          assert.ok(may(recording, replicator, "s3:ReplicateObject", `${target}/${key}`));
          assert.ok(!may(recording, replicator, "s3:ReplicateObject", `${target}/trail/${key}`));
          const { replicaKmsKeyId } = rule.destination.encryptionConfiguration;
          assert.ok(may(recording, replicator, "kms:Encrypt", replicaKmsKeyId));
          // A deletion in the first bucket keeps the copy.
          assert.equal(rule.deleteMarkerReplication.status, "Disabled");
          assert.ok(!may(recording, replicator, "s3:ReplicateDelete", `${target}/${key}`));
        });

  it("have every log group for auditors, of both regions and of the CDN", async () => {
    const found = sent(await recordingOf("prod"));
    for (const prefix of ["plinth-prod", "plinth-prod-standby"]) {
      assert.ok(found.includes(`/aws/eks/${prefix}/cluster { $.apiVersion = "audit.k8s.io/v1" }`));
      assert.ok(found.includes(`/${prefix}/vpc/flow-logs`));
      assert.ok(found.includes(`aws-waf-logs-${prefix}`));
      assert.ok(
        found.includes(`/aws/rds/instance/${prefix}-asset-management/postgresql ?"AUDIT:" ?"FATAL:"`),
        prefix,
      );
    }
    assert.ok(found.includes("aws-waf-logs-plinth-prod-cdn"));
    // A proxy also refuses logins.
    assert.ok(found.includes("/aws/rds/proxy/plinth-prod-ams-postgres"));
    assert.ok(found.includes("/aws/OpenSearchService/domains/plinth-prod-logs/audit-logs"));
  });

  it("of the second region without a cluster are those of its databases and network", async () => {
    const recording = await recordingWith("prod", (file) => {
      drop("standby.systems.asset-management.workloads")(file);
      set("systems.asset-management.objectives.recovery.notCovered", ["wrong-files", "lost-region"])(file);
    });
    assert.deepEqual(
      rulesOf(recording, "standby-audit").map(({ filter }) => filter.prefix),
      ["logs/", "dns/"],
    );
    const none = await recordingWith("prod", set("audit.logs", ["cdn"]));
    assert.ok([...none.resources.values()].every(({ name }) => !name.startsWith("standby-audit")));
  });

  it("are those that the stack file names", async () => {
    const only = await recordingWith("prod", set("audit.logs", ["flows"]));
    assert.deepEqual(sent(only), ["/plinth-prod-standby/vpc/flow-logs", "/plinth-prod/vpc/flow-logs"]);
    assert.deepEqual(
      rulesOf(only).map(({ filter }) => filter.prefix),
      ["logs/"],
    );
    assert.equal(only.ofType("aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig").length, 0);
    const dns = await recordingWith("prod", set("audit.logs", ["dns"]));
    assert.equal(dns.ofType("aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream").length, 0);
    const none = await recordingWith("prod", drop("audit"));
    assert.ok([...none.resources.values()].every(({ name }) => !/^(primary|standby)-audit/.test(name)));
  });

  for (const { name } of Object.values(regions))
    it(`raise alarms on a late stream and a failed copy (${name})`, async () => {
      const recording = await recordingOf("prod");
      const alarms = recording
        .ofType("aws:cloudwatch/metricAlarm:MetricAlarm")
        .filter((alarm) => alarm.name.startsWith(name))
        .map(({ inputs }) => String(inputs.metricName));
      assert.deepEqual(alarms.sort(), [
        "DeliveryToS3.DataFreshness",
        ...rulesOf(recording, name).map(() => "OperationsFailedReplication"),
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
      what: "the search for logs that there isn't",
      edit: audit({ logs: ["search"] }, set("logs", { store: "cloudwatch", days: 30 }), drop("traces")),
      path: "audit.logs",
      says: /found search; allowed is logs that the environment writes: plinth:logs.store isn't opensearch/,
    },
    {
      what: "audit events that the cluster doesn't write",
      edit: audit({}, set("cluster.logs", ["api"])),
      path: "audit.logs",
      says: /add audit to plinth:cluster.logs, or remove cluster/,
    },
  ]);
});
