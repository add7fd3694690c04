import assert from "node:assert/strict";
import { Asked } from "./fixture";
import { UNKNOWN, type Values } from "./wire";

const proxy = "aws:rds/proxy:Proxy";
const pool = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";
const target = "aws:rds/proxyTarget:ProxyTarget";
const parameterGroup = "aws:rds/parameterGroup:ParameterGroup";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const lock = "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration";
const logging = "aws:s3/bucketLogging:BucketLogging";
const cors = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";
const queue = "aws:sqs/queue:Queue";
const logGroup = "aws:cloudwatch/logGroup:LogGroup";
const logPolicy = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const rule = "aws:cloudwatch/eventRule:EventRule";
const events = "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination";
const files = "aws:efs/fileSystem:FileSystem";
const access = "aws:efs/accessPoint:AccessPoint";
const lambda = "aws:lambda/function:Function";
const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
const version = "aws:secretsmanager/secretVersion:SecretVersion";

const aProxy = { name: "p", engineFamily: "POSTGRESQL", roleArn: "r", vpcSubnetIds: ["a", "b"] };
const aPool = (connectionPoolConfig: Values) => ({ dbProxyName: "p", connectionPoolConfig });
const aTarget = { dbProxyName: "p", targetGroupName: "default", dbInstanceIdentifier: "db" };
const group = (...parameters: Values[]) => ({ name: "g", family: "postgres16", parameters });
const aCache = { replicationGroupId: "c", description: "c", nodeType: "cache.t4g.micro" };
const retained = (defaultRetention: Values) => ({ bucket: "b", rule: { defaultRetention } });
const logged = (targetObjectKeyFormat: Values) => ({
  bucket: "b",
  targetBucket: "l",
  targetPrefix: "s3/",
  targetObjectKeyFormat,
});
const told = (eventDestination: Values) => ({
  configurationSetName: "s",
  eventDestinationName: "d",
  eventDestination: { matchingEventTypes: ["BOUNCE"], ...eventDestination },
});
const bus = (name: string) => ({
  eventBridgeDestination: { eventBusArn: `arn:aws:events:eu-west-1:111111111111:event-bus/${name}` },
});
const aFunction = {
  name: "f",
  role: "arn:aws:iam::111111111111:role/r",
  runtime: "nodejs22.x",
  handler: "index.handler",
  code: {},
};
const withVariables = (variables: Values) => ({ ...aFunction, environment: { variables } });
const rotated = (rotationRules: Values) => ({ secretId: "s", rotationLambdaArn: "f", rotationRules });

describe("the in-memory AWS provider, on the data tier,", () => {
  let aws: Asked;
  beforeEach(() => (aws = new Asked("aws", { region: "eu-west-1", allowedAccountIds: ["111111111111"] })));
  afterEach(() => aws.end());

  describe("refuses", () => {
    const cases: [what: string, type: string, inputs: Values, refusal: RegExp][] = [
      ["a proxy in one zone", proxy, { ...aProxy, vpcSubnetIds: ["a"] }, /^vpcSubnetIds: two subnets/],
      ["a proxy without a login", proxy, { ...aProxy, auths: [] }, /^auths: one login at least/],
      ["a proxy of another engine", proxy, { ...aProxy, engineFamily: "POSTGRES" }, /isn't one of MYSQL/],
      ["idle clients for a day", proxy, { ...aProxy, idleClientTimeout: 86_400 }, /1 to 28800$/],
      ["a proxy's name with two -", proxy, { ...aProxy, name: "a--b" }, /^name: "a--b" isn't letters/],
      ["more idle connections than any", pool, aPool({ maxConnectionsPercent: 40 }), /50 where .* 40$/],
      ["a pool of 101 percent", pool, aPool({ maxConnectionsPercent: 101 }), /1 to 100$/],
      ["a wait of 301 seconds", pool, aPool({ connectionBorrowTimeout: 301 }), /0 to 300$/],
      ["two targets in one", target, { ...aTarget, dbClusterIdentifier: "c" }, /give one of db.*and/],
      ["no target", target, { ...aTarget, dbInstanceIdentifier: undefined }, /found none$/],
      ["a target group by another name", target, { ...aTarget, targetGroupName: "g" }, /one of default$/],
      [
        "a static parameter at once",
        parameterGroup,
        group({ name: "max_connections", value: "100", applyMethod: "immediate" }),
        /^parameters\[0\]\.applyMethod: cannot use immediate apply method for static parameter/,
      ],
      [
        "a static parameter where nothing says when",
        parameterGroup,
        group({ name: "shared_preload_libraries", value: "pgaudit" }),
        /cannot use immediate/,
      ],
      [
        "a parameter twice",
        parameterGroup,
        group({ name: "work_mem", value: "1" }, { name: "work_mem", value: "2" }),
        /^parameters\[1\]\.name: work_mem is given twice$/,
      ],
      [
        "shards without failover",
        cache,
        { ...aCache, clusterMode: "enabled", numNodeGroups: 2, replicasPerNodeGroup: 1 },
        /^automaticFailoverEnabled: is always on/,
      ],
      ["nodes and shards", cache, { ...aCache, numCacheClusters: 2, numNodeGroups: 2 }, /numCacheClusters$/],
      ["a lock for days and years", lock, retained({ mode: "GOVERNANCE", days: 1, years: 1 }), /days and /],
      ["a lock for no time", lock, retained({ mode: "GOVERNANCE" }), /found none$/],
      ["a lock of another mode", lock, retained({ mode: "LEGAL", days: 1 }), /GOVERNANCE, COMPLIANCE$/],
      ["keys of no form", logging, logged({}), /partitionedPrefix: give one of/],
      [
        "a method that CORS doesn't have",
        cors,
        { bucket: "b", corsRules: [{ allowedMethods: ["PATCH"], allowedOrigins: ["*"] }] },
        /^corsRules.allowedMethods: "PATCH"/,
      ],
      ["a FIFO queue only by name", queue, { name: "q.fifo" }, /^name: ends in .fifo without/],
      ["a FIFO queue with another name", queue, { name: "q", fifoQueue: true }, /^name: ends in .fifo/],
      ["a message hidden for a day", queue, { name: "q", visibilityTimeoutSeconds: 86_400 }, /0 to 43200$/],
      ["two keys for a queue", queue, { kmsMasterKeyId: "k", sqsManagedSseEnabled: true }, /give one of kms/],
      ["logs for eight days", logGroup, { retentionInDays: 8 }, /^retentionInDays: 8 isn't one of 0, 1, 3/],
      [
        "a policy of the account and of a group",
        logPolicy,
        { policyDocument: "{}", policyName: "p", resourceArn: "g" },
        /^resourceArn: give one of/,
      ],
      ["a rule without events or schedule", rule, { name: "r" }, /^eventPattern: give eventPattern or/],
      ["events without a destination", events, told({}), /^eventDestination: give one of .*found 0$/],
      ["events on another bus", events, told(bus("own")), /isn't the default bus$/],
      [
        "a transition to cold storage after 45 days",
        files,
        { lifecyclePolicies: [{ transitionToIa: "AFTER_45_DAYS" }] },
        /^lifecyclePolicies.transitionToIa: "AFTER_45_DAYS"/,
      ],
      ["a user below zero", access, { fileSystemId: "f", posixUser: { uid: -1, gid: 0 } }, /^posixUser.uid/],
      ["code and an image", lambda, { ...aFunction, imageUri: "i" }, /^imageUri: give one of code/],
      ["code without a runtime", lambda, { ...aFunction, runtime: undefined }, /^runtime: required for code/],
      ["a function for an hour", lambda, { ...aFunction, timeout: 3600 }, /^timeout: 3600 isn't within 1 to/],
      [
        "a reserved variable of Lambda",
        lambda,
        withVariables({ AWS_REGION: "r" }),
        /AWS_REGION: is Lambda's/,
      ],
      ["a variable of one letter", lambda, withVariables({ A: "a" }), /variables.A: isn't two or more/],
      ["5000 bytes of variables", lambda, withVariables({ LONG: "a".repeat(5000) }), /5004 bytes; .*4096$/],
      ["rotation every 0 days", rotation, rotated({ automaticallyAfterDays: 0 }), /1 to 1000$/],
      ["rotation without a schedule", rotation, rotated({}), /give one of rotationRules/],
      [
        "two values of a secret",
        version,
        { secretId: "s", secretString: "a", secretBinary: "b" },
        /give one/,
      ],
    ];
    for (const [what, type, inputs, refusal] of cases)
      it(what, async () => {
        const refusals = await aws.refusals(type, inputs);
        assert.ok(
          refusals.some((text) => refusal.test(text)),
          `found ${JSON.stringify(refusals)}`,
        );
      });
  });

  describe("accepts", () => {
    const cases: [what: string, type: string, inputs: Values][] = [
      ["a target whose database isn't known yet", target, { ...aTarget, dbInstanceIdentifier: UNKNOWN }],
      ["a group whose ARN isn't known yet", logPolicy, { policyDocument: "{}", resourceArn: UNKNOWN }],
      ["rotation at times that aren't known yet", rotation, { ...rotated({}), rotationRules: UNKNOWN }],
      [
        "a pool with fewer idle connections",
        pool,
        aPool({ maxConnectionsPercent: 40, maxIdleConnectionsPercent: 20 }),
      ],
      [
        "a static parameter at the next start",
        parameterGroup,
        group({ name: "max_connections", value: "100", applyMethod: "pending-reboot" }),
      ],
      ["the account's default bus", events, told(bus("default"))],
      [
        "keys of access logs by day",
        logging,
        logged({ partitionedPrefix: { partitionDateSource: "EventTime" } }),
      ],
      ["a minimal function", lambda, aFunction],
      ["a FIFO queue", queue, { name: "q.fifo", fifoQueue: true }],
    ];
    for (const [what, type, inputs] of cases)
      it(what, async () => assert.deepEqual(await aws.refusals(type, inputs), []));
  });
});
