import assert from "node:assert/strict";
import { Asked } from "./fixture";
import { secret, UNKNOWN } from "./wire";

const role = "aws:iam/role:Role";
const vpc = "aws:ec2/vpc:Vpc";
const subnet = "aws:ec2/subnet:Subnet";
const bucket = "aws:s3/bucket:Bucket";
const database = "aws:rds/instance:Instance";
const trust = JSON.stringify({ Version: "2012-10-17", Statement: [{ Action: ["a", "b"], Effect: "Allow" }] });
const db = {
  identifier: "db",
  engine: "postgres",
  instanceClass: "db.t4g.micro",
  allocatedStorage: 20,
  username: "u",
};

describe("the in-memory AWS provider", () => {
  let aws: Asked;
  beforeEach(() => (aws = new Asked("aws", { region: "eu-west-1", allowedAccountIds: ["111111111111"] })));
  afterEach(() => aws.end());

  describe("refuses", () => {
    const cases: [what: string, type: string, inputs: Record<string, unknown>, refusal: RegExp][] = [
      ["a missing input", role, {}, /^assumeRolePolicy: required, and missing$/],
      [
        "a missing nested input",
        "aws:eks/cluster:Cluster",
        { roleArn: "r", vpcConfig: {} },
        /^vpcConfig.subnetIds: required/,
      ],
      ["an unknown input", role, { assumeRolePolicy: trust, trust }, /^trust: unknown/],
      ["a value of the wrong kind", vpc, { cidrBlock: 10 }, /^cidrBlock: must be a string, found number$/],
      [
        "a list that isn't one",
        "aws:rds/subnetGroup:SubnetGroup",
        { subnetIds: "a" },
        /^subnetIds: must be a list/,
      ],
      [
        "a name that is too long",
        role,
        { assumeRolePolicy: trust, name: "r".repeat(65) },
        /^name: .*65 characters/,
      ],
      ["a name that is too short", bucket, { bucket: "b" }, /^bucket: .*1 characters; allowed are 3 to 63$/],
      [
        "a name of the wrong form",
        bucket,
        { bucket: "Upper-case" },
        /^bucket: "Upper-case" isn't lower case/,
      ],
      ["a document that isn't JSON", role, { assumeRolePolicy: "{" }, /^assumeRolePolicy: isn't JSON/],
      [
        "a password for a replica",
        database,
        { ...db, replicateSourceDb: "a", password: "p" },
        /^password: a read replica/,
      ],
      ["a network that isn't one", vpc, { cidrBlock: "10.0.0.0" }, /isn't a network in CIDR notation$/],
      [
        "half of Auto Mode",
        "aws:eks/cluster:Cluster",
        { roleArn: "r", vpcConfig: { subnetIds: ["a", "b"] }, computeConfig: { enabled: true } },
        /^computeConfig: Auto Mode needs all/,
      ],
      [
        "a node role without a built-in node pool",
        "aws:eks/cluster:Cluster",
        { roleArn: "r", vpcConfig: { subnetIds: ["a", "b"] }, computeConfig: { nodeRoleArn: "n" } },
        /nodePool value\(s\) must be provided/,
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

    it("a type without a rule", async () => {
      await assert.rejects(() => aws.refusals("aws:sagemaker/app:App", {}), /add a rule/);
    });

    it("a configuration without the one account", () => {
      const reasons = aws.service.checkConfig({ region: "eu-west-1" }).map(({ property }) => property);
      assert.deepEqual(reasons, ["allowedAccountIds"]);
    });
  });

  it("accepts unknown values", async () => {
    assert.deepEqual(await aws.refusals(role, { assumeRolePolicy: UNKNOWN, name: UNKNOWN }), []);
  });

  it("checks the content of secrets", async () => {
    assert.deepEqual(
      await aws.refusals(bucket, { bucket: secret("b") }),
      await aws.refusals(bucket, { bucket: "b" }),
    );
  });

  it("generates a name, and keeps it", async () => {
    const made = await aws.make(role, { assumeRolePolicy: trust }, "it");
    assert.match(String(made.state["name"]), /^it-[0-9a-f]{7}$/);
    assert.deepEqual(await aws.diff(role, made, { assumeRolePolicy: trust }), {
      changes: false,
      replaces: [],
      first: "create",
    });
  });

  it("fills in ids, ARNs and defaults", async () => {
    const { id, state } = await aws.make(vpc, { cidrBlock: "10.0.0.0/16" });
    assert.match(id, /^vpc-[0-9a-f]{17}$/);
    assert.equal(state["arn"], `arn:aws:ec2:eu-west-1:111111111111:vpc/${id}`);
    assert.equal(state["enableDnsSupport"], true);
  });

  it("has no id before creation", async () => {
    const state = await aws.foresee(bucket, { bucket: "named" });
    assert.equal(state["arn"], UNKNOWN);
    assert.equal(state["bucket"], "named");
    assert.equal(aws.cloud.things().length, 0);
  });

  it("refuses a reference to a missing resource, and accepts it once that exists", async () => {
    const inputs = (vpcId: string) => ({ vpcId, cidrBlock: "10.0.0.0/24" });
    await assert.rejects(() => aws.make(subnet, inputs("vpc-0123456789abcdef0")), /doesn't exist/);
    const { id } = await aws.make(vpc, { cidrBlock: "10.0.0.0/16" });
    assert.match((await aws.make(subnet, inputs(id))).id, /^subnet-/);
  });

  it("refuses the ARN of a missing resource", async () => {
    const kmsKeyId = "arn:aws:kms:eu-west-1:111111111111:key/none";
    await assert.rejects(
      () => aws.make(database, { ...db, kmsKeyId, skipFinalSnapshot: true }),
      /nothing has the name/,
    );
  });

  it("refuses a duplicate name", async () => {
    await aws.make(bucket, { bucket: "taken" }, "one");
    await assert.rejects(() => aws.make(bucket, { bucket: "taken" }, "two"), /"taken" already exists/);
  });

  it("distinguishes a replacement from an update", async () => {
    const made = await aws.make(database, db);
    assert.deepEqual(await aws.diff(database, made, { ...db, allocatedStorage: 40 }), {
      changes: true,
      replaces: [],
      first: "create",
    });
    assert.deepEqual(await aws.diff(database, made, { ...db, engine: "mysql" }), {
      changes: true,
      replaces: ["engine"],
      first: "delete",
    });
    assert.deepEqual(await aws.diff(database, made, { ...db, username: UNKNOWN }), {
      changes: true,
      replaces: ["username"],
      first: "delete",
    });
  });

  it("resets a removed input, unless the cloud computes it", async () => {
    const made = await aws.make(database, { ...db, maxAllocatedStorage: 100, backupWindow: "01:00-02:00" });
    assert.equal((await aws.diff(database, made, { ...db, backupWindow: "01:00-02:00" })).changes, true);
    assert.equal((await aws.diff(database, made, { ...db, maxAllocatedStorage: 100 })).changes, false);
  });

  describe("settles", () => {
    it("sets in any order", async () => {
      const group = "aws:elasticache/userGroup:UserGroup";
      const user = (userId: string) => ({
        userId,
        userName: "default",
        engine: "valkey",
        accessString: "on",
      });
      for (const name of ["b", "a"]) await aws.make("aws:elasticache/user:User", user(name), name);
      const inputs = { userGroupId: "g", engine: "valkey", userIds: ["b", "a"] };
      const made = await aws.make(group, inputs);
      assert.deepEqual(made.state["userIds"], ["a", "b"]);
      assert.equal((await aws.diff(group, made, inputs)).changes, false);
    });

    it("equivalent documents", async () => {
      const made = await aws.make(role, { assumeRolePolicy: trust });
      const same = JSON.stringify({
        Statement: { Effect: "Allow", Action: ["b", "a"] },
        Version: "2012-10-17",
      });
      assert.equal((await aws.diff(role, made, { assumeRolePolicy: same })).changes, false);
      const other = trust.replace("Allow", "Deny");
      assert.equal((await aws.diff(role, made, { assumeRolePolicy: other })).changes, true);
    });
  });

  describe("doesn't settle", () => {
    it("upper case that is returned as lower case", async () => {
      const group = "aws:elasticache/subnetGroup:SubnetGroup";
      const made = await aws.make(group, { name: "Cache", subnetIds: [] });
      assert.deepEqual(await aws.diff(group, made, { name: "Cache", subnetIds: [] }), {
        changes: true,
        replaces: ["name"],
        first: "delete",
      });
    });

    it("a parameter that is set to its default", async () => {
      const group = "aws:rds/parameterGroup:ParameterGroup";
      const inputs = (applyMethod: string) => ({
        name: "g",
        family: "postgres16",
        parameters: [{ name: "rds.force_ssl", value: "1", applyMethod }],
      });
      const made = await aws.make(group, inputs("immediate"));
      assert.equal((await aws.diff(group, made, inputs("immediate"))).changes, true);
      await aws.delete(group, made);
      const settled = await aws.make(group, inputs("pending-reboot"));
      assert.equal((await aws.diff(group, settled, inputs("pending-reboot"))).changes, false);
    });
  });

  it("adds its default tags to every taggable resource", async () => {
    aws.service.configure({
      region: "eu-west-1",
      allowedAccountIds: ["111111111111"],
      defaultTags: { tags: { Owner: "me" } },
    });
    const { state } = await aws.make(vpc, { cidrBlock: "10.0.0.0/16", tags: { Name: "v" } });
    assert.deepEqual(state["tags"], { Owner: "me", Name: "v" });
    assert.deepEqual(state["tagsAll"], { Owner: "me", Name: "v" });
  });

  it("refuses to delete resources that are in use, protected, or lack a final snapshot", async () => {
    const network = await aws.make(vpc, { cidrBlock: "10.0.0.0/16" });
    const part = await aws.make(subnet, { vpcId: network.id, cidrBlock: "10.0.0.0/24" });
    await assert.rejects(() => aws.delete(vpc, network), /use it/);
    await aws.delete(subnet, part);
    await aws.delete(vpc, network);
    const made = await aws.make(database, db);
    await assert.rejects(() => aws.delete(database, made), /finalSnapshotIdentifier is required/);
    const kept = { ...made, state: { ...made.state, skipFinalSnapshot: true, deletionProtection: true } };
    await assert.rejects(() => aws.delete(database, kept), /deletionProtection is on/);
  });
});
