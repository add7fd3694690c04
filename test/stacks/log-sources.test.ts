import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import type { Recording } from "../../preview/run-program";
import { identifiedStack } from "../support/iam/recordings";
import { settingsOf, stacks } from "../support/stacks";
import { specOf } from "../support/inputs";

/** Log groups without a copy in the locked bucket, by name, with the reason. */
const withoutCopy: readonly (readonly [name: RegExp, reason: string])[] = [
  [/^\/aws\/lambda\//, "output of functions: what they call is in CloudTrail"],
  [
    /^\/aws\/OpenSearchService\/.*\/(es-application|index-slow|search-slow)-logs$/,
    "errors and slow requests",
  ],
  [/^\/aws\/vendedlogs\/elasticache\//, "slow commands of the cache"],
  [/^\/aws\/rds\/instance\/.*\/upgrade$/, "output of upgrades of the engine"],
  [
    /^\/aws\/events\//,
    "what became of mails, by address: personal data that must not outlive their retention",
  ],
];

const text = (value: unknown) => String(value);
const groupType = "aws:cloudwatch/logGroup:LogGroup";

/** Log groups that are sent to a stream. */
const sentGroups = (recording: Recording): Set<string> =>
  new Set(
    recording
      .ofType("aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter")
      .map(({ inputs, provider }) => {
        const group = recording
          .ofType(groupType)
          .find((one) => one.inputs.name === inputs.logGroup && one.provider === provider);
        assert.ok(group, `${text(inputs.logGroup)} isn't in the region of its subscription`);
        return group.urn;
      }),
  );

/** Key prefixes that are copied to the locked bucket, by source bucket. */
const copied = (recording: Recording): Map<string, string[]> =>
  new Map(
    recording.ofType("aws:s3/bucketReplicationConfig:BucketReplicationConfig").flatMap(({ inputs }) => {
      const rules = inputs.rules as { filter: { prefix: string }; destination: { bucket: string } }[];
      const toAudit = rules.filter(({ destination }) => /-audit-\d{12}$/.test(destination.bucket));
      return toAudit.length === 0
        ? []
        : [[text(inputs.bucket), toAudit.map(({ filter }) => filter.prefix)] as const];
    }),
  );

interface Attribute {
  readonly key: string;
  readonly value: string;
}

/** Buckets and prefixes that services deliver logs to, by service. */
function deliveries(recording: Recording): Record<string, { bucket: string; prefix: string }> {
  const found: Record<string, { bucket: string; prefix: string }> = {};
  const add = (who: string, arn: unknown) => {
    const [, bucket = "", prefix = ""] = /^arn:aws:s3:::([^/]+)\/(.+)$/.exec(text(arn)) ?? [];
    assert.ok(bucket !== "" && prefix !== "", `${who} delivers to ${text(arn)}`);
    found[who] = { bucket, prefix: `${prefix}/` };
  };
  for (const { name, inputs } of recording.ofType(
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
  ))
    add(name, inputs.destinationArn);
  for (const { name, inputs } of recording.ofType(
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
  ))
    add(
      name,
      (inputs.deliveryDestinationConfiguration as { destinationResourceArn: unknown }).destinationResourceArn,
    );
  for (const { name, inputs } of recording.ofType("aws:lb/loadBalancer:LoadBalancer")) {
    const { bucket, prefix } = inputs.accessLogs as { bucket: string; prefix: string };
    add(name, `arn:aws:s3:::${bucket}/${prefix}`);
  }
  for (const { name, inputs } of recording.ofType("kubernetes:eks.amazonaws.com/v1:IngressClassParams")) {
    const { loadBalancerAttributes } = specOf<{ loadBalancerAttributes: Attribute[] }>(inputs);
    const values = Object.fromEntries(loadBalancerAttributes.map(({ key, value }) => [key, value]));
    for (const log of ["access_logs", "connection_logs"])
      add(
        `${name} ${log}`,
        `arn:aws:s3:::${text(values[`${log}.s3.bucket`])}/${text(values[`${log}.s3.prefix`])}`,
      );
  }
  return found;
}

const dependsOnOne = ({ dependencies }: Registration, urns: ReadonlySet<string>) =>
  dependencies.some((urn) => urns.has(urn));

for (const stack of stacks)
  describe(`log sources of ${stack}`, () => {
    it("are copied to the locked bucket, or have a reason here", async () => {
      const { audit } = await settingsOf(stack);
      const { recording } = await identifiedStack(stack);
      const sent = sentGroups(recording);
      const groups = recording.ofType(groupType).filter(({ urn }) => !sent.has(urn));
      if (audit === undefined) {
        assert.equal(sent.size, 0);
        return;
      }
      const missing = groups.filter(
        ({ inputs }) => !withoutCopy.some(([name]) => name.test(text(inputs.name))),
      );
      assert.deepEqual(
        missing.map(({ inputs }) => inputs.name),
        [],
        "send them in components/audit-copies.ts, or give a reason",
      );
      const prefixes = copied(recording);
      const lost = Object.entries(deliveries(recording)).filter(
        ([, { bucket, prefix }]) => !(prefixes.get(bucket) ?? []).some((one) => prefix.startsWith(one)),
      );
      assert.deepEqual(lost, []);
    });

    it("write to a copied destination: web ACLs, flow logs, clusters, databases", async () => {
      if ((await settingsOf(stack)).audit === undefined) return;
      const { recording } = await identifiedStack(stack);
      const sent = sentGroups(recording);
      for (const type of [
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        "aws:ec2/flowLog:FlowLog",
      ])
        for (const source of recording.ofType(type)) assert.ok(dependsOnOne(source, sent), source.name);
      // Every resource that can log has a log.
      const counts = (type: string) => recording.ofType(type).length;
      assert.equal(
        counts("aws:wafv2/webAcl:WebAcl"),
        counts("aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration"),
      );
      assert.equal(counts("aws:ec2/vpc:Vpc"), counts("aws:ec2/flowLog:FlowLog"));
      assert.equal(
        counts("aws:ec2/vpc:Vpc"),
        counts("aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation"),
      );
      const names = new Set(
        recording
          .ofType(groupType)
          .filter(({ urn }) => sent.has(urn))
          .map(({ inputs }) => inputs.name),
      );
      for (const { inputs } of recording.ofType("aws:eks/cluster:Cluster"))
        assert.ok(names.has(`/aws/eks/${text(inputs.name)}/cluster`), text(inputs.name));
      for (const { inputs } of recording.ofType("aws:rds/instance:Instance"))
        assert.ok(
          names.has(`/aws/rds/instance/${text(inputs.identifier)}/postgresql`),
          text(inputs.identifier),
        );
      for (const { inputs } of recording.ofType("aws:rds/proxy:Proxy"))
        assert.ok(names.has(`/aws/rds/proxy/${text(inputs.name)}`), text(inputs.name));
    });

    // CloudTrail records requests to objects, and its files are in the locked bucket.
    it("exclude S3's own access logs", async () => {
      const { recording } = await identifiedStack(stack);
      const prefixes = copied(recording);
      const logging = recording.ofType("aws:s3/bucketLogging:BucketLogging");
      assert.ok(logging.length > 0);
      assert.ok(logging.every(({ inputs }) => text(inputs.targetBucket).includes("-access-logs-")));
      for (const { name, inputs } of logging)
        for (const prefix of prefixes.get(text(inputs.targetBucket)) ?? [])
          assert.ok(!text(inputs.targetPrefix).startsWith(prefix), `${name}: ${prefix}`);
    });
  });

describe("log groups without a copy", () => {
  it("exist: each reason has one", async () => {
    const names = (
      await Promise.all(
        stacks.map(async (stack) => (await identifiedStack(stack)).recording.ofType(groupType)),
      )
    )
      .flat()
      .map(({ inputs }) => text(inputs.name));
    const idle = withoutCopy.filter(([name]) => !names.some((one) => name.test(one)));
    assert.deepEqual(idle, []);
  });
});
