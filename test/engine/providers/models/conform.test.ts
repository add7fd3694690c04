import assert from "node:assert/strict";
import { Asked } from "../fixture";
import { UNKNOWN, type Values } from "../wire";
import { mappings } from "./calls";
import { refusedByModels, unmappedProperties, whole } from "./conform";
import { limits } from "./limits";
import { botocoreVersion, inputOf, serviceModels } from "./model";
import { requestOf } from "./request";

const refusals = (type: string, inputs: Values) =>
  refusedByModels(type, inputs).map(({ property, reason }) => `${property}: ${reason}`);

const key = "aws:kms/key:Key";
const group = "aws:ec2/securityGroup:SecurityGroup";
const ingress = "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule";
const role = "aws:iam/role:Role";
const rolePolicy = "aws:iam/rolePolicy:RolePolicy";
const queue = "aws:sqs/queue:Queue";
const lifecycle = "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration";
const trust = { name: "it", assumeRolePolicy: "{}" };
const document = (length: number) => ({ Statement: "x".repeat(length) });

/** Inputs with one fault, the expected failure, and the same inputs without the fault. */
const mutations: readonly [kind: string, type: string, wrong: Values, refused: RegExp, right: Values][] = [
  [
    "a pattern",
    role,
    { ...trust, description: "→ S3" },
    /^description: CreateRole Description: "→ S3" doesn't match/,
    { ...trust, description: "to S3" },
  ],
  [
    "an enumeration",
    key,
    { keyUsage: "ENCRYPT" },
    /^keyUsage: CreateKey KeyUsage: "ENCRYPT" isn't one of SIGN_VERIFY, /,
    { keyUsage: "ENCRYPT_DECRYPT" },
  ],
  [
    "a range",
    role,
    { ...trust, maxSessionDuration: 43_201 },
    /^maxSessionDuration: .*allowed are 3600 to 43200, found 43201/,
    { ...trust, maxSessionDuration: 43_200 },
  ],
  [
    "a length",
    role,
    { ...trust, name: "r".repeat(65) },
    /^name: CreateRole RoleName: allowed are 1 to 64, found 65 characters/,
    { ...trust, name: "r".repeat(64) },
  ],
  [
    "the size of a list",
    "aws:lambda/function:Function",
    lambda({ architectures: ["arm64", "x86_64"] }),
    /^architectures: .*allowed are 1 to 1, found 2 items/,
    lambda({ architectures: ["arm64"] }),
  ],
  [
    "a required member",
    role,
    { name: "it" },
    /^: CreateRole AssumeRolePolicyDocument: required, and missing/,
    trust,
  ],
  [
    "a nested required member",
    lifecycle,
    rules({ id: "old" }),
    /LifecycleConfiguration\.Rules\.Status: required, and missing/,
    rules({ id: "old", status: "Enabled" }),
  ],
  [
    "a nested enumeration",
    lifecycle,
    rules({ status: "Enabled", transitions: [{ storageClass: "COLD" }] }),
    /^rules\.transitions\.storageClass: .*"COLD" isn't one of/,
    rules({ status: "Enabled", transitions: [{ storageClass: "GLACIER_IR" }] }),
  ],
  [
    "a description's characters",
    group,
    { name: "it", description: "The cluster's" },
    /^description: CreateSecurityGroup Description: "The cluster's" isn't allowed \(Valid characters/,
    { name: "it", description: "a-Z 09 ._-:/()#,@[]+=&;{}!$*" },
  ],
  [
    "the characters of a rule for a group",
    ingress,
    rule({ referencedSecurityGroupId: "sg-1", description: "It's" }),
    /^description: .*UserIdGroupPairs\.Description: "It's" isn't allowed/,
    rule({ referencedSecurityGroupId: "sg-1", description: "Its" }),
  ],
  [
    "the characters of a rule for a network",
    ingress,
    rule({ cidrIpv4: "10.0.0.0/8", description: "It's" }),
    /^description: .*IpRanges\.Description: "It's" isn't allowed/,
    rule({ cidrIpv4: "10.0.0.0/8", description: "Its" }),
  ],
  [
    "a number with a limit only in the documentation",
    queue,
    { name: "it", receiveWaitTimeSeconds: 21 },
    /^receiveWaitTimeSeconds: .*allowed are 0 to 20, found 21/,
    { name: "it", receiveWaitTimeSeconds: 20 },
  ],
  [
    "an enumeration only in the documentation",
    "aws:cloudwatch/logGroup:LogGroup",
    { name: "it", retentionInDays: 91 },
    /^retentionInDays: .*"91" isn't allowed \(Possible values/,
    { name: "it", retentionInDays: 90 },
  ],
  [
    "a document's size",
    rolePolicy,
    { name: "it", role: "it", policy: document(10_300) },
    /^policy: PutRolePolicy PolicyDocument: \d+ bytes of JSON/,
    { name: "it", role: "it", policy: document(10_200) },
  ],
  [
    "a tag",
    group,
    { name: "it", tags: { "aws:mine": "1" } },
    /^tags: .*TagSpecifications\.Tags\.Key: "aws:mine" isn't allowed/,
    { name: "it", tags: { mine: "1" } },
  ],
];

function lambda(more: Values): Values {
  return { name: "it", role: "arn:aws:iam::111111111111:role/it", ...more };
}

function rules(...items: Values[]): Values {
  return { bucket: "a-bucket", rules: items };
}

function rule(more: Values): Values {
  return { securityGroupId: "sg-0", ipProtocol: "tcp", fromPort: 1, toPort: 1, ...more };
}

describe("what AWS' service models refuse", () => {
  for (const [kind, type, wrong, refused, right] of mutations)
    it(`${kind}`, () => {
      const found = refusals(type, wrong);
      assert.equal(found.length, 1, found.join("\n"));
      assert.match(found[0] ?? "", refused);
      assert.deepEqual(refusals(type, right), []);
    });

  it("no unknown values", () => {
    assert.deepEqual(
      refusals(role, { name: UNKNOWN, assumeRolePolicy: UNKNOWN, description: `→ ${UNKNOWN}` }),
      [],
    );
    assert.deepEqual(refusals(rolePolicy, { name: "it", role: UNKNOWN, policy: { Resource: UNKNOWN } }), []);
  });

  it("a document by its known part", () => {
    const policy = { Resource: UNKNOWN, ...document(10_300) };
    assert.equal(refusals(rolePolicy, { name: "it", role: UNKNOWN, policy }).length, 1);
  });

  it("through the in-memory provider as well", async () => {
    const aws = new Asked("aws", { region: "ap-northeast-2", allowedAccountIds: ["111111111111"] });
    try {
      const inputs = { vpcId: "vpc-0", description: "The cluster's" };
      const [refused, ...more] = await aws.refusals(group, inputs);
      assert.match(
        refused ?? "",
        /^description: CreateSecurityGroup Description: "The cluster's" isn't allowed/,
      );
      assert.deepEqual(more, []);
      assert.deepEqual(await aws.refusals(group, { ...inputs, description: "The cluster" }), []);
    } finally {
      aws.end();
    }
  });
});

describe("how a resource becomes a call", () => {
  const [put] = mappings["aws:sns/topic:Topic"]?.calls ?? [];

  it("places members, and records the property of each", () => {
    assert.ok(put);
    const { values, origins } = requestOf(put, { name: "it", kmsMasterKeyId: "key", tags: { Owner: "me" } });
    assert.deepEqual(values, {
      Name: "it",
      Attributes: { KmsMasterKeyId: "key" },
      Tags: [{ Key: "Owner", Value: "me" }],
    });
    assert.equal(origins.get("Attributes.KmsMasterKeyId"), "kmsMasterKeyId");
  });

  it("reports properties without a member, at any depth", () => {
    assert.deepEqual(unmappedProperties("aws:sns/topic:Topic", { name: "it", sound: "loud" }), ["sound"]);
    assert.deepEqual(unmappedProperties(lifecycle, rules({ status: "Enabled", mood: "old" })), [
      "rules.mood",
    ]);
    assert.deepEqual(unmappedProperties(group, { name: "it", revokeRulesOnDelete: true }), []);
  });
});

describe("the service models", () => {
  it("are from a specific release", () => {
    assert.match(botocoreVersion, /^\d+\.\d+\.\d+$/);
  });

  it("contain every call of the table", () => {
    for (const { calls } of Object.values(mappings))
      for (const { service, operation } of calls) assert.ok(inputOf(service, operation));
  });

  it("contain every member with a limit", () => {
    const missing = Object.keys(limits).filter((at) => {
      const [service = "", name = "", member = ""] = at.split(".");
      const shape = serviceModels[service]?.shapes[name];
      const keys = serviceModels[service]?.shapes[shape?.key ?? ""]?.enum;
      return shape?.members?.[member] === undefined && keys?.includes(member) !== true;
    });
    assert.deepEqual(missing, []);
  });

  it("have patterns that JavaScript supports", () => {
    for (const { shapes } of Object.values(serviceModels))
      for (const { pattern } of Object.values(shapes)) if (pattern !== undefined) whole(pattern);
  });
});
