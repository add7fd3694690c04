import assert from "node:assert/strict";
import { statements } from "../../policies/lib/statements";
import type { Recording } from "../../preview/run-program";
import { foundationOf, foundationWith } from "../support/foundations";
import { testsOf } from "../support/iam/grants";

describe("the audit trail", () => {
  it("records all regions and access to objects, but not the writing of logs", async () => {
    const { recording, settings } = await foundationOf("prod");
    const { inputs } = recording.one("aws:cloudtrail/trail:Trail");
    assert.equal(inputs.isMultiRegionTrail, true);
    const text = JSON.stringify(inputs.advancedEventSelectors);
    assert.match(text, /"equals":\["Management"\]/);
    assert.match(text, new RegExp(`"arn:aws:s3:::plinth-audit-${settings.account.id}/"`));
    const lock = (name: string) =>
      recording.one("aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration", name).inputs.rule;
    assert.deepEqual(lock("foundation-audit-lock"), { defaultRetention: { days: 365, mode: "COMPLIANCE" } });
    // Versions of the state are its backups.
    assert.deepEqual(lock("foundation-state-lock"), { defaultRetention: { days: 90, mode: "GOVERNANCE" } });
  });

  it("lets only the trail write, and keeps files for a day longer than the lock", async () => {
    const { recording } = await foundationOf("prod");
    const policy = recording.one("aws:s3/bucketPolicy:BucketPolicy", "foundation-audit-policy");
    const writers = (statements(policy.inputs.policy) ?? []).filter(
      ({ allows, actions }) => allows && actions.includes("s3:PutObject"),
    );
    assert.deepEqual(
      writers.map(({ principals }) => principals.map(({ value }) => value)),
      [["cloudtrail.amazonaws.com"]],
    );
    const type = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
    const { rules } = recording.one(type, "foundation-audit-lifecycle").inputs;
    assert.match(JSON.stringify(rules), /"expiration":\{"days":366\}/);
  });

  it("lets the trail use its key, also by the S3 Bucket Key, which takes the right to decrypt", async () => {
    const { recording } = await foundationOf("dev");
    const policy = recording.one("aws:kms/key:Key", "foundation-audit-audit").inputs.policy;
    const [trail] = (statements(policy) ?? []).filter(({ principals }) =>
      principals.some(({ value }) => value === "cloudtrail.amazonaws.com"),
    );
    const type = "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration";
    const { rules } = recording.one(type, "foundation-audit-encryption").inputs;
    assert.equal((rules as { bucketKeyEnabled: boolean }[])[0]?.bucketKeyEnabled, true);
    assert.deepEqual(trail?.actions, ["kms:GenerateDataKey*", "kms:Decrypt", "kms:DescribeKey"]);
  });

  it("has an auditor's first queries, on the trail's files", async () => {
    const { recording } = await foundationOf("prod");
    const found = new Map(
      recording
        .ofType("aws:athena/namedQuery:NamedQuery")
        .map(({ inputs }) => [String(inputs.name), String(inputs.query)]),
    );
    assert.deepEqual([...found.keys()].sort(), [
      "blocked-requests",
      "cdn-errors",
      "cdn-table",
      "cluster-refused",
      "cluster-secrets-and-shells",
      "connections-table",
      "database-audit",
      "database-logins-failed",
      "dns-queries",
      "dns-table",
      "failed-handshakes",
      "failed-logins",
      "load-balancer-table",
      "log-reads",
      "logs-table",
      "other-regions",
      "refused-connections",
      "refused-requests",
      "secret-reads",
      "security-group-changes",
      "server-errors",
      "syslog-connections",
      "syslog-table",
      "table",
    ]);
    const { s3KeyPrefix } = recording.one("aws:cloudtrail/trail:Trail").inputs;
    const bucket = "s3://plinth-audit-333333333333";
    assert.ok(found.get("table")?.includes(`${bucket}/${String(s3KeyPrefix)}/AWSLogs/`));
    // The day is part of the path of Firehose's and the resolver's files.
    assert.ok(found.get("logs-table")?.includes(`'${bucket}/logs/\${day}'`));
    assert.ok(
      found
        .get("dns-table")
        ?.includes(`'${bucket}/dns/AWSLogs/333333333333/vpcdnsquerylogs/\${vpc}/\${day}'`),
    );
  });
});

describe("the queue for a SIEM", () => {
  it("gets a message for each file, from the audit bucket only", async () => {
    const { recording } = await foundationOf("prod");
    const [queue] = recording.one("aws:s3/bucketNotification:BucketNotification").inputs.queues as [
      { events: string[]; filterPrefix?: string },
    ];
    assert.deepEqual([queue.events, queue.filterPrefix], [["s3:ObjectCreated:*"], undefined]);
    const policy = statements(recording.one("aws:sqs/queuePolicy:QueuePolicy").inputs.policy) ?? [];
    const key = statements(recording.one("aws:kms/key:Key", "foundation-audit-audit").inputs.policy) ?? [];
    for (const [document, actions] of [
      [policy, ["sqs:SendMessage"]],
      [key, ["kms:GenerateDataKey", "kms:Decrypt"]],
    ] as const) {
      const given = document.filter(
        ({ allows, principals }) => allows && principals.some(({ value }) => value === "s3.amazonaws.com"),
      );
      assert.deepEqual(
        given.map((statement) => [statement.actions, testsOf(statement)]),
        [
          [
            actions,
            {
              "stringequals aws:sourceaccount": ["333333333333"],
              "arnequals aws:sourcearn": ["arn:aws:s3:::plinth-audit-333333333333"],
            },
          ],
        ],
      );
    }
  });

  it("exists if the stack file has it", async () => {
    const { recording } = await foundationOf("dev");
    assert.deepEqual(recording.ofType("aws:sqs/queue:Queue"), []);
  });
});

describe("AWS Config", () => {
  it("records with its service-linked role, delivers to the bucket, starts after its channel, then has rules", async () => {
    const { recording } = await foundationOf("prod");
    const recorder = recording.one("aws:cfg/recorder:Recorder", "foundation-recorder-recorder");
    const channel = recording.one("aws:cfg/deliveryChannel:DeliveryChannel", "foundation-recorder-channel");
    const status = recording.one("aws:cfg/recorderStatus:RecorderStatus", "foundation-recorder-started");
    assert.deepEqual(recorder.inputs.recordingMode, { recordingFrequency: "DAILY" });
    assert.equal(channel.inputs.s3BucketName, "plinth-access-logs-333333333333");
    assert.ok(channel.dependencies.includes(recorder.urn));
    assert.ok(status.dependencies.includes(channel.urn));
    const rules = recording.ofType("aws:cfg/rule:Rule");
    assert.equal(rules.length, 3);
    for (const rule of rules) assert.ok(rule.dependencies.includes(status.urn), rule.name);
    // It supports no bucket with a default retention: S3 copies its files to the locked one.
    const copied = recording.one(
      "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
      "foundation-audit-log-copies",
    );
    assert.match(
      JSON.stringify(copied.inputs.rules),
      /"prefix":"config\/".*arn:aws:s3:::plinth-audit-333333333333/,
    );
  });

  it("uses the account's existing role", async () => {
    const { recording } = await foundationWith("prod", (file) =>
      file.setIn(["config", "plinth-foundation:detectors", "config"], { role: "exists" }),
    );
    assert.equal(recording.ofType("aws:iam/serviceLinkedRole:ServiceLinkedRole").length, 0);
    const roles = recording.ofType("aws:cfg/recorder:Recorder").map(({ inputs }) => inputs.roleArn);
    const role =
      "arn:aws:iam::333333333333:role/aws-service-role/config.amazonaws.com/AWSServiceRoleForConfig";
    assert.deepEqual(roles, [role, role]);
    assert.equal(recording.ofType("aws:cfg/rule:Rule").length, 0);
  });

  it("is off by default, without permission to write", async () => {
    const { recording } = await foundationOf("dev");
    assert.equal(recording.ofType("aws:cfg/recorder:Recorder").length, 0);
    const { policy } = recording.one(
      "aws:s3/bucketPolicy:BucketPolicy",
      "foundation-access-logs-policy",
    ).inputs;
    assert.ok(!JSON.stringify(policy).includes("config.amazonaws.com"));
  });
});

/** Sources of findings that notify people. */
const sourcesOf = (recording: Recording): string[] =>
  recording
    .ofType("aws:cloudwatch/eventRule:EventRule")
    .flatMap(({ inputs }) =>
      [...String(inputs.eventPattern).matchAll(/"source":\["([^"]*)"\]/g)].map(([, source = ""]) => source),
    );

describe("detectors of the account", () => {
  it("are off by default, each with its own switch", async () => {
    const without = await foundationWith("dev", (file) =>
      file.deleteIn(["config", "plinth-foundation:detectors"]),
    );
    assert.equal(without.recording.ofType("aws:guardduty/detector:Detector").length, 0);
    const some = await foundationWith("dev", (file) =>
      file.setIn(["config", "plinth-foundation:detectors"], { securityHub: false, inspector: false }),
    );
    assert.equal(some.recording.ofType("aws:guardduty/detectorFeature:DetectorFeature").length, 6);
    assert.equal(some.recording.ofType("aws:securityhub/account:Account").length, 0);
    assert.deepEqual(sourcesOf(some.recording), ["aws.guardduty", "aws.access-analyzer"]);
    const { inputs } = some.recording.one("aws:cloudwatch/eventRule:EventRule");
    assert.match(String(inputs.eventPattern), /"aws.guardduty".*"numeric":\[">=",7\]/);
  });

  // The provider would replace a feature in each update to remove what GuardDuty returns and nobody has set.
  it("names every agent of GuardDuty's, and leaves alone what it adds to the other features", async () => {
    const { recording } = await foundationOf("dev");
    const features = recording.ofType("aws:guardduty/detectorFeature:DetectorFeature");
    const [runtime] = features.filter(({ inputs }) => inputs.name === "RUNTIME_MONITORING");
    assert.deepEqual(runtime?.inputs.additionalConfigurations, [
      { name: "EKS_ADDON_MANAGEMENT", status: "ENABLED" },
      { name: "ECS_FARGATE_AGENT_MANAGEMENT", status: "DISABLED" },
      { name: "EC2_AGENT_MANAGEMENT", status: "DISABLED" },
    ]);
    for (const each of features)
      if (each !== runtime)
        assert.deepEqual(each.options.ignoreChanges, ["additionalConfigurations"], each.name);
  });

  it("report their own findings without Security Hub", async () => {
    const only = async (detector: string) => {
      const off = { guardDuty: false, securityHub: false, accessAnalyzer: false, inspector: false };
      const { recording } = await foundationWith("dev", (file) =>
        file.setIn(["config", "plinth-foundation:detectors"], {
          ...off,
          ...(detector === "none" ? {} : { [detector]: true }),
        }),
      );
      return sourcesOf(recording);
    };
    assert.deepEqual(await only("inspector"), ["aws.inspector2"]);
    assert.deepEqual(await only("accessAnalyzer"), ["aws.access-analyzer"]);
    assert.deepEqual(await only("securityHub"), ["aws.securityhub"]);
    assert.deepEqual(await only("none"), []);
  });

  it("watch the second region as well, and record there what the first doesn't", async () => {
    const { recording } = await foundationOf("prod");
    for (const type of [
      "aws:guardduty/detector:Detector",
      "aws:securityhub/account:Account",
      "aws:accessanalyzer/analyzer:Analyzer",
      "aws:cfg/recorder:Recorder",
      "aws:cfg/recorderStatus:RecorderStatus",
    ]) {
      const regions = recording
        .ofType(type)
        .map(({ provider }) => /::(primary|standby)::/.exec(provider ?? "")?.[1]);
      assert.deepEqual(regions.sort(), ["primary", "standby"], type);
    }
    const groups = recording.ofType("aws:cfg/recorder:Recorder").map(({ inputs }) => inputs.recordingGroup);
    assert.deepEqual(groups, [
      { allSupported: true, includeGlobalResourceTypes: true },
      { allSupported: true, includeGlobalResourceTypes: false },
    ]);
    // Images of the second region are copies.
    assert.equal(recording.ofType("aws:inspector2/enabler:Enabler").length, 1);
    const standards = recording
      .ofType("aws:securityhub/standardsSubscription:StandardsSubscription")
      .filter(({ name }) => name.includes("standby"));
    assert.ok(standards.every(({ inputs }) => String(inputs.standardsArn).includes(":ap-northeast-1:")));
  });

  it("have one rule about IAM in the account, and rules about resources in each region", async () => {
    const { recording } = await foundationWith("prod", (file) =>
      file.setIn(["config", "plinth-foundation:detectors", "config"], {
        rules: ["IAM_USER_MFA_ENABLED", "ENCRYPTED_VOLUMES"],
      }),
    );
    assert.deepEqual(
      recording
        .ofType("aws:cfg/rule:Rule")
        .map(({ inputs }) => inputs.name)
        .sort(),
      ["plinth-encrypted-volumes", "plinth-iam-user-mfa-enabled", "plinth-standby-encrypted-volumes"],
    );
  });

  it("send findings of HIGH and above to the alarm topic, which admits the rule", async () => {
    const { recording } = await foundationOf("prod");
    for (const [region, name] of [
      ["ap-northeast-2", "foundation"],
      ["ap-northeast-1", "foundation-standby"],
    ] as const) {
      const { inputs } = recording.one("aws:cloudwatch/eventRule:EventRule", `${name}-detectors-findings`);
      assert.match(String(inputs.eventPattern), /"Label":\["HIGH","CRITICAL"\]/);
      const policy =
        statements(recording.one("aws:sns/topicPolicy:TopicPolicy", `${name}-alarms-policy`).inputs.policy) ??
        [];
      const rule = `arn:aws:events:${region}:333333333333:rule/${String(inputs.name)}`;
      assert.ok(
        policy.some(({ allows, tests }) => allows && tests.some(({ values }) => values.includes(rule))),
        region,
      );
      const target = recording.one(
        "aws:cloudwatch/eventTarget:EventTarget",
        `${name}-detectors-findings-target`,
      );
      const topic = recording.one("aws:sns/topicPolicy:TopicPolicy", `${name}-alarms-policy`);
      assert.ok(target.dependencies.includes(topic.urn), region);
    }
  });
});
