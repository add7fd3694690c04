import assert from "node:assert/strict";
import { Asked } from "./fixture";
import type { Values } from "./wire";

const instanceType = "aws:ec2/instance:Instance";
const routeType = "aws:ec2/route:Route";

describe("the in-memory AWS provider: a NAT instance", () => {
  let aws: Asked;
  let inputs: Values;
  let instance: Awaited<ReturnType<Asked["make"]>>;
  let route: Awaited<ReturnType<Asked["make"]>>;
  beforeEach(async () => {
    aws = new Asked("aws", { region: "eu-west-1", allowedAccountIds: ["111111111111"] });
    const vpc = await aws.make("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" });
    const subnet = await aws.make("aws:ec2/subnet:Subnet", { vpcId: vpc.id, cidrBlock: "10.0.0.0/24" });
    const group = await aws.make("aws:ec2/securityGroup:SecurityGroup", { vpcId: vpc.id, name: "nat" });
    const role = await aws.make("aws:iam/role:Role", {
      name: "nat",
      assumeRolePolicy: JSON.stringify({ Version: "2012-10-17", Statement: [] }),
    });
    const profile = await aws.make("aws:iam/instanceProfile:InstanceProfile", { name: "nat", role: role.id });
    const template = await aws.make("aws:ec2/launchTemplate:LaunchTemplate", {
      name: "nat",
      imageId: "resolve:ssm:/al2023",
    });
    inputs = {
      launchTemplate: { id: template.id, version: String(template.state.latestVersion) },
      subnetId: subnet.id,
      vpcSecurityGroupIds: [group.id],
      iamInstanceProfile: profile.id,
      sourceDestCheck: false,
      userData: "#!/bin/bash\n",
    };
    instance = await aws.make(instanceType, inputs);
    const address = await aws.make("aws:ec2/eip:Eip", { domain: "vpc" });
    await aws.make("aws:ec2/eipAssociation:EipAssociation", {
      allocationId: address.id,
      instanceId: instance.id,
    });
    await aws.make("aws:ssm/association:Association", {
      name: "AWS-RunPatchBaseline",
      targets: [{ key: "InstanceIds", values: [instance.id] }],
    });
    const table = await aws.make("aws:ec2/routeTable:RouteTable", { vpcId: vpc.id });
    route = await aws.make(routeType, {
      routeTableId: table.id,
      destinationCidrBlock: "0.0.0.0/0",
      networkInterfaceId: instance.state.primaryNetworkInterfaceId,
    });
  });
  afterEach(() => aws.end());

  it("is replaced by another template's version and another script, and not by another size", async () => {
    const replaces = async (change: Values) =>
      (await aws.diff(instanceType, instance, { ...inputs, ...change })).replaces;
    const { launchTemplate } = inputs as { launchTemplate: object };
    assert.deepEqual(await replaces({}), []);
    assert.deepEqual(await replaces({ launchTemplate: { ...launchTemplate, version: "2" } }), [
      "launchTemplate",
    ]);
    assert.deepEqual(await replaces({ userData: "#!/bin/sh\n" }), ["userData"]);
    assert.deepEqual(await replaces({ instanceType: "t4g.micro" }), []);
  });

  it("isn't changed by a second update", async () => {
    assert.equal((await aws.diff(instanceType, instance, inputs)).changes, false);
  });

  it("keeps its routes when it is replaced: they only get another interface", async () => {
    const found = await aws.diff(routeType, route, {
      ...route.inputs,
      networkInterfaceId: "eni-0123456789abcdef0",
    });
    assert.deepEqual([found.changes, found.replaces], [true, []]);
  });
});
