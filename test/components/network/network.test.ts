import assert from "node:assert/strict";
import * as aws from "@pulumi/aws";
import type { NetworkSettings } from "../../../config";
import { previewProgram, type Recording } from "../../../preview/run-program";
import { awsOnly, regionBase, named, networkSettings, waitsFor } from "./fixture";
import { statementsOf } from "../../support/inputs";

const preview = (change: Partial<NetworkSettings> = {}): Promise<Recording> =>
  previewProgram(() => {
    const provider = new aws.Provider("aws", { region: "ap-northeast-2" });
    const { network } = regionBase({ provider }, change);
    // Readers of the outputs, whose dependencies are those of the output.
    const outputs = {
      node: network.nodeSubnetIds,
      private: network.privateSubnetIds,
      public: network.publicSubnetIds,
    };
    for (const [key, [value]] of Object.entries(outputs))
      new aws.ssm.Parameter(key, { type: "String", value: value ?? "none" }, { provider });
  });

const namesOf = (recording: Recording, type: string) => recording.ofType(type).map(({ name }) => name);

describe("Network", () => {
  let recording: Recording;
  let modest: Recording;
  before(async () => {
    recording = await preview();
    modest = await preview({ nat: "gateway", interfaceEndpoints: [], shellAccess: false });
  });

  it("has in each zone a public and a private subnet and one per system with data, none with automatic public addresses", () => {
    const subnets = recording.ofType("aws:ec2/subnet:Subnet");
    const found = subnets.map(({ name, inputs }) => [name, inputs.availabilityZone, inputs.cidrBlock]);
    const expected = ["isolated-ams", "private", "public"].flatMap((kind) =>
      networkSettings.zones.map((zone) => [`net-${kind}-${zone}`, zone]),
    );
    assert.deepEqual(
      found.map(([name, zone]) => [name, zone]),
      expected,
    );
    assert.equal(new Set(found.map(([, , cidr]) => cidr)).size, 9);
    for (const { inputs } of subnets) assert.equal(inputs.mapPublicIpOnLaunch, false);
  });

  it("tags subnets for the load balancers of the cluster, and the isolated ones not", () => {
    const roles = (kind: string) => {
      const { tags } = recording.one("aws:ec2/subnet:Subnet", `net-${kind}-ap-northeast-2a`).inputs;
      return Object.keys(tags as object).filter((key) => key.startsWith("kubernetes.io/"));
    };
    assert.deepEqual(roles("public").sort(), ["kubernetes.io/cluster/plinth-test", "kubernetes.io/role/elb"]);
    assert.deepEqual(roles("private").sort(), [
      "kubernetes.io/cluster/plinth-test",
      "kubernetes.io/role/internal-elb",
    ]);
    assert.deepEqual(roles("isolated-ams"), []);
  });

  it("has a NAT gateway and a default route for each zone, and none for isolated subnets", () => {
    assert.equal(recording.ofType("aws:ec2/natGateway:NatGateway").length, 3);
    assert.deepEqual(namesOf(recording, "aws:ec2/route:Route"), [
      "net-gateways-private-ap-northeast-2a",
      "net-gateways-private-ap-northeast-2b",
      "net-gateways-private-ap-northeast-2c",
      "net-gateways-public-0",
    ]);
    const tables = namesOf(recording, "aws:ec2/routeTable:RouteTable");
    assert.ok(tables.includes("net-isolated-routes"));
    assert.equal(tables.length, 5);
    for (const route of recording.ofType("aws:ec2/route:Route"))
      assert.ok(!named(recording, waitsFor(recording, route)).some((name) => name.includes("net-isolated")));
  });

  it("shares one NAT gateway among the zones if configured as gateway", () => {
    assert.deepEqual(namesOf(modest, "aws:ec2/natGateway:NatGateway"), ["net-gateways-nat-ap-northeast-2a"]);
    assert.equal(modest.ofType("aws:ec2/eip:Eip").length, 1);
    assert.equal(modest.ofType("aws:ec2/route:Route").length, 4);
  });

  it("changes no other zone when one is added", async () => {
    const grown = await preview({ zones: [...networkSettings.zones, "ap-northeast-2d"] });
    for (const { urn, type, inputs } of recording.ofType("aws:ec2/subnet:Subnet"))
      assert.deepEqual(grown.resources.get(urn)?.inputs, inputs, `${type} ${urn}`);
  });

  it("gives each system with data its own isolated subnets, and moves none when one is added or removed", async () => {
    const cidrs = async (...dataSystems: string[]) => {
      const run = await previewProgram(() => void regionBase(awsOnly(), {}, true, [], dataSystems));
      const isolated = run.ofType("aws:ec2/subnet:Subnet").filter(({ name }) => name.includes("-isolated-"));
      return Object.fromEntries(isolated.map(({ name, inputs }) => [name, inputs.cidrBlock]));
    };
    const both = await cidrs("opmas", "ams");
    assert.equal(new Set(Object.values(both)).size, 6);
    assert.equal(both["net-isolated-ams-ap-northeast-2b"], "10.30.146.0/23");
    assert.deepEqual({ ...(await cidrs("opmas")), ...(await cidrs("ams")) }, both);
    await assert.rejects(cidrs("tapwork"), /tapwork has data stores but no slot in dataSlots/);
  });

  it("closes the default security group", () => {
    const { inputs } = recording.one("aws:ec2/defaultSecurityGroup:DefaultSecurityGroup");
    assert.equal(inputs.ingress, undefined);
    assert.equal(inputs.egress, undefined);
  });

  it("admits only the nodes to each data store on its port", () => {
    const rules = modest
      .ofType("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule")
      .filter(({ name }) => name.startsWith("net-groups"));
    const found = rules.map(({ name, inputs, propertyDependencies }) => ({
      name,
      ports: [inputs.fromPort, inputs.toPort],
      cidr: inputs.cidrIpv4,
      from: named(modest, propertyDependencies.referencedSecurityGroupId ?? []),
      to: named(modest, propertyDependencies.securityGroupId ?? []),
    }));
    const rule = (store: string, port: number) => ({
      name: `net-groups-${store}-nodes`,
      ports: [port, port],
      cidr: undefined,
      from: ["SecurityGroup net-groups-nodes"],
      to: [`SecurityGroup net-groups-${store}`],
    });
    assert.deepEqual(found, [rule("ams-cache", 6379), rule("ams-postgres", 5432)]);
    assert.equal(modest.ofType("aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule").length, 0);
    for (const { inputs } of modest.ofType("aws:ec2/securityGroup:SecurityGroup")) {
      assert.equal(inputs.ingress, undefined);
      assert.equal(inputs.egress, undefined);
    }
  });

  it("allows the rotation function egress to the store and Secrets Manager, and no ingress", async () => {
    const rotating = async (interfaceEndpoints: ("secretsmanager" | "sts")[]) => {
      const run = await previewProgram(
        () => void regionBase(awsOnly(), { interfaceEndpoints }, true, ["ams-postgres"]),
      );
      const about = (kind: "Ingress" | "Egress") =>
        run
          .ofType(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
          .filter(({ name }) => name.includes("rotation"))
          .map(({ inputs, propertyDependencies }) => [
            ...named(run, propertyDependencies.securityGroupId ?? []),
            ...named(run, propertyDependencies.referencedSecurityGroupId ?? []),
            ...(inputs.cidrIpv4 === undefined ? [] : [inputs.cidrIpv4]),
            inputs.toPort,
          ]);
      return { in: about("Ingress"), out: about("Egress") };
    };
    const [group, store] = [
      "SecurityGroup net-groups-ams-postgres-rotation",
      "SecurityGroup net-groups-ams-postgres",
    ];
    const expected = (cidr: string) => ({
      in: [[store, group, 5432]],
      out: [
        [group, store, 5432],
        [group, cidr, 443],
      ],
    });
    assert.deepEqual(await rotating(["secretsmanager"]), expected(networkSettings.cidr));
    assert.deepEqual(await rotating(["sts"]), expected("0.0.0.0/0"));
  });

  it("doesn't tag the nodes' group with the cluster's name, which the load balancer's controller looks for", () => {
    const { tags } = recording.one("aws:ec2/securityGroup:SecurityGroup", "net-groups-nodes").inputs;
    assert.deepEqual(tags, { Name: "plinth-test-nodes" });
  });

  it("logs all flows under the logs key, with a role that only this account's flow logs can assume", () => {
    const { inputs } = recording.one("aws:ec2/flowLog:FlowLog");
    assert.equal(inputs.trafficType, "ALL");
    const group = recording.one("aws:cloudwatch/logGroup:LogGroup", "net-flows-group");
    assert.equal(group.inputs.retentionInDays, 365);
    assert.equal(group.protect, true);
    assert.deepEqual(named(recording, group.propertyDependencies.kmsKeyId ?? []), ["Key keys-logs"]);
    const { assumeRolePolicy } = recording.one("aws:iam/role:Role", "net-flows-role").inputs;
    assert.deepEqual(statementsOf(assumeRolePolicy)[0]?.Condition, {
      StringEquals: { "aws:SourceAccount": "123456789012" },
      ArnLike: { "aws:SourceArn": "arn:aws:ec2:ap-northeast-2:123456789012:vpc-flow-log/*" },
    });
  });

  it("creates the flow log only once its role has its policy", () => {
    const log = recording.one("aws:ec2/flowLog:FlowLog");
    const needed = named(recording, log.propertyDependencies.iamRoleArn ?? []);
    assert.deepEqual(needed.sort(), ["Role net-flows-role", "RolePolicy net-flows-role-policy"]);
  });

  it("routes S3 past NAT for private and isolated subnets, and allows writes only to own buckets", () => {
    const s3 = recording.one("aws:ec2/vpcEndpoint:VpcEndpoint", "net-endpoints-s3");
    assert.equal(s3.inputs.vpcEndpointType, "Gateway");
    const tables = named(recording, s3.propertyDependencies.routeTableIds ?? []).sort();
    assert.deepEqual(tables, [
      "RouteTable net-isolated-routes",
      ...networkSettings.zones.map((zone) => `RouteTable net-private-${zone}-routes`),
    ]);
    const unconditional = statementsOf(s3.inputs.policy).filter(({ Condition }) => Condition === undefined);
    assert.deepEqual(
      unconditional.map(({ Action, Resource }) => [Action, Resource]),
      [
        [
          "s3:GetObject",
          [
            "arn:aws:s3:::prod-ap-northeast-2-starport-layer-bucket/*",
            "arn:aws:s3:::prod-registry-k8s-io-ap-northeast-2/*",
          ],
        ],
      ],
    );
  });

  it("allows only the account's identities through an interface endpoint, and other accounts' resources only for images", () => {
    const statements = (service: string) =>
      statementsOf(
        recording.one("aws:ec2/vpcEndpoint:VpcEndpoint", `net-endpoints-${service}`).inputs.policy,
      );
    const own = { "aws:PrincipalAccount": "123456789012", "aws:ResourceAccount": "123456789012" };
    assert.deepEqual(
      statements("secretsmanager").map(({ Action, Condition }) => [Action, Condition]),
      [["secretsmanager:*", { StringEquals: own }]],
    );
    const [first, foreign, ...none] = statements("ecr.api");
    assert.deepEqual([first?.Action, first?.Condition, none], ["ecr:*", { StringEquals: own }, []]);
    assert.deepEqual(foreign?.Condition, { StringEquals: { "aws:PrincipalAccount": "123456789012" } });
    for (const action of foreign?.Action ?? []) assert.match(action, /^ecr:(Get|BatchGet|BatchCheck)/);
  });

  it("has the configured interface endpoints, open to the VPC on 443", () => {
    const services = recording
      .ofType("aws:ec2/vpcEndpoint:VpcEndpoint")
      .filter(({ inputs }) => inputs.vpcEndpointType === "Interface")
      .map(({ inputs }) => inputs.serviceName);
    assert.deepEqual(services, [
      "com.amazonaws.ap-northeast-2.ecr.api",
      "com.amazonaws.ap-northeast-2.secretsmanager",
    ]);
    const rule = recording.one(
      "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
      "net-endpoints-group-vpc",
    );
    assert.equal(rule.inputs.cidrIpv4, "10.30.0.0/16");
    assert.equal(rule.inputs.fromPort, 443);
    assert.deepEqual(namesOf(modest, "aws:ec2/vpcEndpoint:VpcEndpoint"), ["net-endpoints-s3"]);
  });

  it("allows people's CloudShell to reach databases and HTTPS, and nothing to reach CloudShell", () => {
    const rules = (kind: "Ingress" | "Egress", from: Recording) =>
      from
        .ofType(`aws:vpc/securityGroup${kind}Rule:SecurityGroup${kind}Rule`)
        .filter(({ name }) => name.includes("shell"));
    const [ingress, ...others] = rules("Ingress", recording);
    assert.deepEqual([ingress?.name, others], ["net-groups-ams-postgres-from-shell", []]);
    assert.deepEqual(
      [ingress?.inputs.fromPort, ingress?.inputs.toPort, ingress?.inputs.cidrIpv4],
      [5432, 5432, undefined],
    );
    const groups = ingress?.propertyDependencies ?? {};
    assert.deepEqual(named(recording, groups.securityGroupId ?? []), [
      "SecurityGroup net-groups-ams-postgres",
    ]);
    assert.deepEqual(named(recording, groups.referencedSecurityGroupId ?? []), [
      "SecurityGroup net-groups-shell",
    ]);
    assert.deepEqual(
      rules("Egress", recording).map(({ inputs }) => [inputs.fromPort, inputs.toPort, inputs.cidrIpv4]),
      [
        [5432, 5432, undefined],
        [443, 443, "10.30.0.0/16"],
      ],
    );
    assert.deepEqual([rules("Ingress", modest), rules("Egress", modest)], [[], []]);
    assert.ok(!namesOf(modest, "aws:ec2/securityGroup:SecurityGroup").includes("net-groups-shell"));
  });

  it("gives nodes their subnets once they have egress, and the control plane at once", () => {
    const needs = (key: string) => {
      const { propertyDependencies } = recording.one("aws:ssm/parameter:Parameter", key);
      return named(recording, propertyDependencies.value ?? []).sort();
    };
    const zone = "ap-northeast-2a";
    assert.deepEqual(needs("node"), [
      `Route net-gateways-private-${zone}`,
      `RouteTableAssociation net-private-${zone}-association`,
      `Subnet net-private-${zone}`,
    ]);
    assert.deepEqual(needs("private"), [`Subnet net-private-${zone}`]);
    assert.deepEqual(needs("public"), [
      "Route net-gateways-public-0",
      `RouteTableAssociation net-public-${zone}-association`,
      `Subnet net-public-${zone}`,
    ]);
  });
});
