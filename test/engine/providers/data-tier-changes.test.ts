import assert from "node:assert/strict";
import { Asked } from "./fixture";
import type { Values } from "./wire";

const proxy = "aws:rds/proxy:Proxy";
const pool = "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup";
const target = "aws:rds/proxyTarget:ProxyTarget";
const cache = "aws:elasticache/replicationGroup:ReplicationGroup";
const cacheParameters = "aws:elasticache/parameterGroup:ParameterGroup";
const cors = "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration";
const queue = "aws:sqs/queue:Queue";
const subscription = "aws:sns/topicSubscription:TopicSubscription";
const rule = "aws:cloudwatch/eventRule:EventRule";
const eventTarget = "aws:cloudwatch/eventTarget:EventTarget";
const logPolicy = "aws:cloudwatch/logResourcePolicy:LogResourcePolicy";
const files = "aws:efs/fileSystem:FileSystem";
const access = "aws:efs/accessPoint:AccessPoint";
const lambda = "aws:lambda/function:Function";
const permission = "aws:lambda/permission:Permission";
const rotation = "aws:secretsmanager/secretRotation:SecretRotation";
const version = "aws:secretsmanager/secretVersion:SecretVersion";

/** Resources outside of the program that may be referred to by name. */
const outside = ["a", "b", "role", "p", "db", "s", "f", "t", "r", "g", "b2", "fs-0"];

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
const labelled = (secretString: string, ...versionStages: string[]) => ({
  secretId: "s",
  secretString,
  versionStages,
});

describe("the in-memory AWS provider, on changes of the data tier,", () => {
  let aws: Asked;
  beforeEach(() => {
    aws = new Asked("aws", { region: "eu-west-1", allowedAccountIds: ["111111111111"] });
    for (const name of outside) aws.cloud.admit(name);
  });
  afterEach(() => aws.end());

  describe("replaces", () => {
    const cases: [what: string, type: string, before: Values, after: Values, replaces: string[]][] = [
      ["a proxy in other subnets", proxy, aProxy, { ...aProxy, vpcSubnetIds: ["a", "b2"] }, ["vpcSubnetIds"]],
      ["a proxy of another engine", proxy, aProxy, { ...aProxy, engineFamily: "MYSQL" }, ["engineFamily"]],
      ["the pool of another proxy", pool, { dbProxyName: "p" }, { dbProxyName: "a" }, ["dbProxyName"]],
      [
        "another target",
        target,
        aTarget,
        { ...aTarget, dbInstanceIdentifier: "b" },
        ["dbInstanceIdentifier"],
      ],
      ["a cache's family", cacheParameters, { family: "valkey7" }, { family: "valkey8" }, ["family"]],
      ["a queue's name", queue, { name: "q" }, { name: "q2" }, ["name"]],
      [
        "a subscription's address",
        subscription,
        { topic: "t", protocol: "email", endpoint: "a@example.com" },
        { topic: "t", protocol: "email", endpoint: "b@example.com" },
        ["endpoint"],
      ],
      [
        "files' key",
        files,
        { encrypted: true, kmsKeyId: "a" },
        { encrypted: true, kmsKeyId: "b" },
        ["kmsKeyId"],
      ],
      [
        "an access point's user",
        access,
        anAccess,
        { ...anAccess, posixUser: { uid: 2, gid: 1 } },
        ["posixUser"],
      ],
      ["a function's name", lambda, aFile("1"), { ...aFile("1"), name: "f3" }, ["name"]],
      ["a permission", permission, allowed, { ...allowed, sourceAccount: "1" }, ["sourceAccount"]],
      [
        "the rotation of another secret",
        rotation,
        rotated(30),
        { ...rotated(30), secretId: "a" },
        ["secretId"],
      ],
      ["a secret's value", version, labelled("1"), labelled("2"), ["secretString"]],
      [
        "a policy of another group",
        logPolicy,
        { policyDocument: "{}", resourceArn: "g" },
        { policyDocument: "{}", resourceArn: "a" },
        ["resourceArn"],
      ],
    ];
    for (const [what, type, before, after, replaces] of cases)
      it(what, async () => {
        const made = await aws.make(type, before);
        assert.deepEqual((await aws.diff(type, made, after)).replaces, replaces);
      });
  });

  describe("changes in place", () => {
    const cases: [what: string, type: string, before: Values, after: Values][] = [
      ["a proxy's name", proxy, aProxy, { ...aProxy, name: "p3" }],
      ["a proxy's logins", proxy, aProxy, { ...aProxy, auths: [{ secretArn: "s" }] }],
      [
        "a pool's share",
        pool,
        { dbProxyName: "p", connectionPoolConfig: { maxConnectionsPercent: 80 } },
        { dbProxyName: "p", connectionPoolConfig: { maxConnectionsPercent: 90 } },
      ],
      [
        "a cache's nodes",
        cache,
        { ...aCache, nodeType: "cache.t4g.micro" },
        { ...aCache, nodeType: "cache.t4g.small" },
      ],
      ["a function's code", lambda, aFile("1"), aFile("2")],
      ["days of rotation", rotation, rotated(30), rotated(40)],
      ["a version's labels", version, labelled("1", "AWSCURRENT"), labelled("1", "AWSCURRENT", "first")],
      ["files' ages", files, {}, { lifecyclePolicies: [{ transitionToIa: "AFTER_30_DAYS" }] }],
    ];
    for (const [what, type, before, after] of cases)
      it(what, async () => {
        const made = await aws.make(type, before);
        assert.deepEqual(await aws.diff(type, made, after), { changes: true, replaces: [], first: "create" });
      });
  });

  describe("settles", () => {
    const rules = (...allowedMethods: string[]) => ({
      bucket: "b",
      corsRules: [{ allowedMethods, allowedOrigins: ["*"] }],
    });
    const cases: [what: string, type: string, made: Values, same: Values][] = [
      ["subnets of a proxy in any order", proxy, aProxy, { ...aProxy, vpcSubnetIds: ["b", "a"] }],
      ["a pool without idle connections", pool, { dbProxyName: "p" }, { dbProxyName: "p" }],
      ["methods of CORS in any order", cors, rules("GET", "PUT"), rules("PUT", "GET")],
      ["labels in any order", version, labelled("1", "x", "AWSCURRENT"), labelled("1", "AWSCURRENT", "x")],
      ["a target of an event", eventTarget, { rule: "r", arn: "a" }, { rule: "r", arn: "a" }],
      [
        "a rule on the default bus",
        rule,
        { eventPattern: "{}" },
        { eventPattern: "{}", eventBusName: "default" },
      ],
      ["rotation without a start", rotation, rotated(30), { ...rotated(30), rotateImmediately: true }],
    ];
    for (const [what, type, made, same] of cases)
      it(what, async () => {
        const it = await aws.make(type, made);
        assert.equal((await aws.diff(type, it, same)).changes, false);
      });
  });

  it("doesn't settle with a cache's parameter that is set to its default", async () => {
    const inputs = (value: string) => ({
      family: "valkey8",
      parameters: [{ name: "maxmemory-policy", value }],
    });
    const usual = await aws.make(cacheParameters, inputs("volatile-lru"), "usual");
    assert.equal((await aws.diff(cacheParameters, usual, inputs("volatile-lru"))).changes, true);
    const other = await aws.make(cacheParameters, inputs("noeviction"), "other");
    assert.equal((await aws.diff(cacheParameters, other, inputs("noeviction"))).changes, false);
  });
});
