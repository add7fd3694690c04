import assert from "node:assert/strict";
import { Asked } from "./fixture";
import type { Values } from "./wire";

const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const database = "aws:rds/instance:Instance";
const proxy = "aws:rds/proxy:Proxy";
const pool = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";
const target = "aws:rds/proxyTarget:ProxyTarget";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const bucket = "aws:s3/bucket:Bucket";
const queue = "aws:sqs/queue:Queue";
const redrive = "aws:sqs/redrivePolicy:RedrivePolicy";
const allow = "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const rule = "aws:cloudwatch/eventRule:EventRule";
const eventTarget = "aws:cloudwatch/eventTarget:EventTarget";
const logPolicy = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const files = "aws:efs/fileSystem:FileSystem";
const access = "aws:efs/accessPoint:AccessPoint";
const mount = "aws:efs/mountTarget:MountTarget";
const lambda = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const rotation = "aws:secretsmanager/secretRotation:SecretRotation";

/** Resources outside of the program that may be referred to by name. */
const outside = ["a", "b", "role", "p", "db", "s", "f", "t", "r", "g", "fs-0"];

const aProxy = { name: "p2", engineFamily: "POSTGRESQL", roleArn: "role", vpcSubnetIds: ["a", "b"] };
const aTarget = { dbProxyName: "p", targetGroupName: "default", dbInstanceIdentifier: "db" };
const aCache = { replicationGroupId: "c", description: "c", numCacheClusters: 2 };
const aFunction = { name: "f2", role: "role", runtime: "nodejs22.x", handler: "index.handler" };
const aFile = (hash: string) => ({ ...aFunction, code: { hash } });
const anAccess = { fileSystemId: "fs-0", posixUser: { uid: 1, gid: 1 }, rootDirectory: { path: "/a" } };
const allowed = { function: "f", action: "lambda:InvokeFunction", principal: "secretsmanager.amazonaws.com" };
const rotated = (automaticallyAfterDays: number) => ({
  secretId: "s",
  rotationRules: { automaticallyAfterDays },
});

describe("the in-memory AWS provider, on references of the data tier,", () => {
  let aws: Asked;
  beforeEach(() => {
    aws = new Asked("aws", { region: "eu-west-1", allowedAccountIds: ["111111111111"] });
    for (const name of outside) aws.cloud.admit(name);
  });
  afterEach(() => aws.end());

  it("returns computed values", async () => {
    const one = await aws.make(cache, aCache, "one");
    assert.match(String(one.state["primaryEndpointAddress"]), /^master\.c\.\w{6}\.eu-west-1\.cache/);
    assert.deepEqual(one.state["memberClusters"], ["c-001", "c-002"]);
    const shards = { numNodeGroups: 2, replicasPerNodeGroup: 1, automaticFailoverEnabled: true };
    const many = await aws.make(cache, { replicationGroupId: "m", description: "m", ...shards }, "many");
    assert.match(String(many.state["configurationEndpointAddress"]), /^clustercfg\.m\./);
    assert.equal(many.state["primaryEndpointAddress"], "");
    assert.deepEqual((many.state["memberClusters"] as string[])[3], "m-0002-002");
    const { state } = await aws.make(permission, allowed);
    assert.match(String(state["statementId"]), /^it-[0-9a-f]{7}$/);
    assert.equal((await aws.make(pool, { dbProxyName: "p" })).state["name"], "default");
    assert.equal(
      (await aws.make(queue, { name: "q" })).state["url"],
      "https://sqs.eu-west-1.amazonaws.com/111111111111/q",
    );
    const waiting = await aws.make(subscription, {
      topic: "t",
      protocol: "email",
      endpoint: "a@example.com",
    });
    assert.equal(waiting.state["pendingConfirmation"], true);
    const told = await aws.make(eventTarget, { rule: "r", arn: "a" });
    assert.match(String(told.state["targetId"]), /^terraform-\w{26}$/);
    const policy = await aws.make(logPolicy, { policyDocument: "{}", resourceArn: "g" });
    assert.equal(policy.state["policyScope"], "RESOURCE");
  });

  describe("refuses references to missing resources", () => {
    const document = (more: Values) => ({ queueUrl: "a", ...more });
    const nothing = "arn:aws:sqs:eu-west-1:111111111111:none";
    const cases: [what: string, type: string, inputs: Values, refusal: RegExp][] = [
      [
        "a target of no proxy",
        target,
        { ...aTarget, dbProxyName: "none" },
        /dbProxyName: .*Proxy "none" doesn't/,
      ],
      [
        "a target of no database",
        target,
        { ...aTarget, dbInstanceIdentifier: "none" },
        /dbInstanceIdentifier: /,
      ],
      ["a login of no secret", proxy, { ...aProxy, auths: [{ secretArn: "none" }] }, /auths.secretArn: /],
      [
        "a missing dead-letter queue",
        redrive,
        document({ redrivePolicy: JSON.stringify({ deadLetterTargetArn: nothing, maxReceiveCount: 5 }) }),
        /redrivePolicy.deadLetterTargetArn: aws:sqs/,
      ],
      ["access to no files", access, { ...anAccess, fileSystemId: "none" }, /fileSystemId: /],
      ["a permission for no function", permission, { ...allowed, function: "none" }, /function: /],
      [
        "rotation by no function",
        rotation,
        { ...rotated(30), rotationLambdaArn: "none" },
        /rotationLambdaArn: /,
      ],
      [
        "a cache with no parameters",
        cache,
        { ...aCache, parameterGroupName: "none" },
        /parameterGroupName: /,
      ],
      [
        "one of several in a text",
        lambda,
        { ...aFile("1"), environment: { variables: { ENTRIES: `a,${nothing}` } } },
        /environment.variables.ENTRIES: nothing has the name "arn:aws:sqs[^,]*none"/,
      ],
    ];
    for (const [what, type, inputs, refusal] of cases)
      it(what, () => assert.rejects(() => aws.make(type, inputs), refusal));

    it("but not AWS' own resources, nor a source that may be created later", async () => {
      await aws.make(cache, { ...aCache, parameterGroupName: "default.valkey8" });
      const redriveAllowPolicy = JSON.stringify({ sourceQueueArns: [nothing] });
      await aws.make(allow, document({ redriveAllowPolicy }));
    });
  });

  it("deletes nothing that others depend on", async () => {
    const network = await aws.make(vpc, { cidrBlock: "10.0.0.0/16" });
    const { id: subnetId } = await aws.make(subnet, { vpcId: network.id, cidrBlock: "10.0.0.0/24" });
    const system = await aws.make(files, {});
    const reached = await aws.make(mount, { fileSystemId: system.id, subnetId });
    await assert.rejects(() => aws.delete(files, system), /use it/);
    await aws.delete(mount, reached);
    await aws.delete(files, system);
    const waiting = await aws.make(rule, { name: "rule", eventPattern: "{}" });
    const told = await aws.make(eventTarget, { rule: "rule", arn: "a" });
    await assert.rejects(() => aws.delete(rule, waiting), /use it/);
    await aws.delete(eventTarget, told);
    await aws.delete(rule, waiting);
    const source = await aws.make(database, {
      identifier: "it",
      engine: "postgres",
      skipFinalSnapshot: true,
    });
    const held = await aws.make(target, { ...aTarget, dbInstanceIdentifier: "it" });
    await assert.rejects(() => aws.delete(database, source), /use it/);
    await aws.delete(target, held);
    await aws.delete(database, source);
    const logs = await aws.make(bucket, { bucket: "logs" });
    await aws.make("aws:s3/bucketLogging:BucketLogging", {
      bucket: "b",
      targetBucket: "logs",
      targetPrefix: "",
    });
    await assert.rejects(() => aws.delete(bucket, logs), /use it/);
  });
});
