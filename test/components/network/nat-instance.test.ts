import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import { previewProgram, type Recording } from "../../../preview/run-program";
import { awsOnly, named, networkSettings, regionBase, waitsFor } from "./fixture";

const outbound = [
  { cidr: "0.0.0.0/0", port: 443 },
  { cidr: "198.51.100.0/24", port: 80 },
];

describe("NatInstance", () => {
  let recording: Recording;
  const instance = () => recording.one("aws:ec2/instance:Instance");
  const dependencies = (type: string, property: string, name?: string) => {
    const { propertyDependencies } = recording.one(type, name);
    return named(recording, propertyDependencies[property] ?? []).sort();
  };
  before(async () => {
    recording = await previewProgram(() => {
      const opts = awsOnly();
      const { network } = regionBase(opts, { nat: "instance" }, false, [], ["ams"], outbound);
      new aws.ssm.Parameter("node", { type: "String", value: network.nodeSubnetIds[0] ?? "" }, opts);
    });
  });

  it("replaces the NAT gateways: one for all zones, with one address", () => {
    assert.equal(recording.ofType("aws:ec2/natGateway:NatGateway").length, 0);
    assert.equal(recording.ofType("aws:ec2/eip:Eip").length, 1);
    for (const zone of networkSettings.zones)
      assert.deepEqual(
        dependencies("aws:ec2/route:Route", "networkInterfaceId", `net-gateways-private-${zone}`),
        ["Instance net-gateways-instance-instance"],
      );
  });

  it("is reached by routes once it has its address, and by nodes once there are routes", () => {
    const needs = named(recording, waitsFor(recording, recording.one("aws:ssm/parameter:Parameter", "node")));
    for (const each of [
      "Route net-gateways-private-ap-northeast-2a",
      "EipAssociation net-gateways-instance-address-association",
      "Instance net-gateways-instance-instance",
      "Route net-gateways-public-0",
      "InternetGateway net-gateways-internet",
    ])
      assert.ok(needs.includes(each), each);
  });

  it("starts in a public subnet with egress, as a role that has its policy", () => {
    assert.deepEqual(dependencies("aws:ec2/instance:Instance", "subnetId"), [
      "Route net-gateways-public-0",
      "RouteTableAssociation net-public-ap-northeast-2a-association",
      "Subnet net-public-ap-northeast-2a",
    ]);
    assert.ok(
      dependencies("aws:ec2/instance:Instance", "iamInstanceProfile").includes(
        "RolePolicyAttachment net-gateways-instance-role-systems-manager",
      ),
    );
    assert.equal(instance().inputs.sourceDestCheck, false);
    assert.equal(instance().inputs.keyName, undefined);
  });

  it("has an encrypted disk with cost tags, and IMDSv2", () => {
    const template = recording.one("aws:ec2/launchTemplate:LaunchTemplate");
    const { blockDeviceMappings, tagSpecifications, metadataOptions } = template.inputs;
    assert.deepEqual(named(recording, template.propertyDependencies.blockDeviceMappings ?? []), [
      "Key keys-cluster",
    ]);
    const [{ ebs }] = blockDeviceMappings as [{ ebs: Record<string, unknown> }];
    assert.deepEqual([ebs.encrypted, ebs.deleteOnTermination], ["true", "true"]);
    assert.deepEqual(
      (tagSpecifications as { resourceType: string; tags: Record<string, string> }[]).map((one) => [
        one.resourceType,
        one.tags.CostCenter,
      ]),
      [
        ["volume", "1000"],
        ["network-interface", "1000"],
      ],
    );
    for (const options of [metadataOptions, instance().inputs.metadataOptions])
      assert.equal((options as { httpTokens: string }).httpTokens, "required");
  });

  it("is replaced when its script changes, since cloud-init runs it once", () => {
    assert.equal(instance().inputs.userDataReplaceOnChange, true);
    assert.match(
      String(instance().inputs.userData),
      /-A POSTROUTING -s 10\.30\.0\.0\/16 ! -d 10\.30\.0\.0\/16 -j MASQUERADE/,
    );
  });

  it("accepts traffic from the private subnets only, and forwards only to configured destinations", () => {
    const rules = (kind: "Ingress" | "Egress") =>
      recording
        .ofType(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
        .filter(({ name }) => name.startsWith("net-gateways"))
        .map(({ inputs: { ipProtocol, fromPort, toPort, cidrIpv4 } }) => [
          ipProtocol,
          fromPort,
          toPort,
          cidrIpv4,
        ])
        .sort();
    const cidrs = ["10.30.0.0/19", "10.30.32.0/19", "10.30.64.0/19"];
    assert.deepEqual(
      rules("Ingress"),
      [443, 80].flatMap((port) => cidrs.map((cidr) => ["tcp", port, port, cidr])),
    );
    assert.deepEqual(
      rules("Egress"),
      outbound.map(({ cidr, port }) => ["tcp", port, port, cidr]),
    );
  });

  it("installs security updates once a week, and not while the first deployment runs", () => {
    const { inputs } = recording.one("aws:ssm/association:Association");
    assert.deepEqual(
      [inputs.name, inputs.parameters, inputs.applyOnlyAtCronInterval],
      ["AWS-RunPatchBaseline", { Operation: "Install", RebootOption: "RebootIfNeeded" }, true],
    );
    assert.match(String(inputs.scheduleExpression), /^cron\(\d+ \d+ \? \* [A-Z]{3} \*\)$/);
  });
});
