import { sample, scenario, unknown } from "../scenario";

const older = "aws:ec2/securityGroupRule:SecurityGroupRule";

/** A VPC without public access, and its flow log. */
const vpcAlone = {
  vpc: sample("aws:ec2/vpc:Vpc", { cidrBlock: "10.0.0.0/16" }),
  closed: sample(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    { vpcId: unknown },
    { refs: { vpcId: ["vpc"] } },
  ),
  log: sample(
    "aws:ec2/flowLog:FlowLog",
    { vpcId: unknown, trafficType: "ALL" },
    { refs: { vpcId: ["vpc"] } },
  ),
};

export const network = [
  scenario(
    "a VPC",
    {
      ...vpcAlone,
      subnet: sample("aws:ec2/subnet:Subnet", { vpcId: unknown, cidrBlock: "10.0.0.0/20" }),
      group: sample("aws:ec2/securityGroup:SecurityGroup", { vpcId: unknown, description: "data" }),
      template: sample("aws:ec2/launchTemplate:LaunchTemplate", {
        metadataOptions: { httpTokens: "required" },
        blockDeviceMappings: [{ deviceName: "/dev/xvda", ebs: { encrypted: "true", kmsKeyId: unknown } }],
      }),
      machine: sample("aws:ec2/instance:Instance", { metadataOptions: { httpTokens: "required" } }),
      patches: sample(
        "aws:ssm/association:Association",
        { name: "AWS-RunPatchBaseline" },
        { refs: { targets: ["machine"] } },
      ),
      status: sample(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        { metricName: "StatusCheckFailed" },
        { refs: { dimensions: ["machine"] } },
      ),
      endpoint: sample("aws:ec2/vpcEndpoint:VpcEndpoint", {
        vpcId: unknown,
        serviceName: "com.amazonaws.eu-west-1.s3",
        policy: JSON.stringify({
          Statement: [
            {
              Effect: "Allow",
              Principal: "*",
              Action: "s3:*",
              Resource: "*",
              Condition: { StringEquals: { "aws:ResourceAccount": "123456789012" } },
            },
            { Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::layers/*" },
          ],
        }),
      }),
      volume: sample("aws:ebs/volume:Volume", { availabilityZone: "a", encrypted: true, kmsKeyId: unknown }),
    },
    [
      [
        "ec2-no-inline-rules",
        ({ group }) => (group.props.ingress = [{ fromPort: 1, toPort: 1, protocol: "tcp" }]),
      ],
      [
        "ec2-default-group-closed",
        ({ closed }) => (closed.props.egress = [{ fromPort: 0, toPort: 0, protocol: "-1" }]),
      ],
      ["ec2-default-group-adopted", ({ closed }) => delete closed.refs],
      ["ec2-vpc-flow-logs", ({ log }) => delete log.refs],
      ["ec2-flow-logs-all-traffic", ({ log }) => (log.props.trafficType = "REJECT")],
      ["ec2-endpoint-policy", ({ endpoint }) => delete endpoint.props.policy],
      [
        "ec2-endpoint-policy",
        ({ endpoint }) =>
          (endpoint.props.policy = JSON.stringify({
            Statement: [{ Effect: "Allow", Principal: "*", Action: "s3:GetObject", Resource: "*" }],
          })),
      ],
      ["ec2-no-automatic-public-ip", ({ subnet }) => (subnet.props.mapPublicIpOnLaunch = true)],
      ["ec2-imds-v2", ({ template }) => (template.props.metadataOptions = { httpTokens: "optional" })],
      ["ec2-imds-v2", ({ machine }) => delete machine.props.metadataOptions],
      ["ec2-template-encrypted", ({ template }) => delete template.props.blockDeviceMappings],
      [
        "ec2-template-encrypted",
        ({ template }) =>
          (template.props.blockDeviceMappings = [{ deviceName: "/dev/xvda", ebs: { encrypted: "true" } }]),
      ],
      [
        "ec2-template-encrypted",
        ({ template }) =>
          (template.props.blockDeviceMappings = [{ deviceName: "/dev/xvda", ebs: { kmsKeyId: unknown } }]),
      ],
      ["ec2-volume-encrypted", ({ volume }) => delete volume.props.encrypted],
      ["ec2-volume-encrypted", ({ volume }) => delete volume.props.kmsKeyId],
    ],
  ),
  scenario(
    "a NAT instance",
    {
      ...vpcAlone,
      cluster: sample("aws:eks/cluster:Cluster", { name: "plinth-dev" }),
      group: sample("aws:ec2/securityGroup:SecurityGroup", { vpcId: unknown, description: "NAT instance" }),
      machine: sample(
        "aws:ec2/instance:Instance",
        {
          metadataOptions: { httpTokens: "required" },
          sourceDestCheck: false,
          vpcSecurityGroupIds: [unknown],
        },
        { refs: { vpcSecurityGroupIds: ["group"] } },
      ),
      patches: sample(
        "aws:ssm/association:Association",
        { name: "AWS-RunPatchBaseline", targets: [{ key: "InstanceIds", values: [unknown] }] },
        { refs: { targets: ["machine"] } },
      ),
      status: sample(
        "aws:cloudwatch/metricAlarm:MetricAlarm",
        { metricName: "StatusCheckFailed", dimensions: { InstanceId: unknown } },
        { refs: { dimensions: ["machine"] } },
      ),
      from: sample(
        "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
        {
          securityGroupId: unknown,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv4: "10.0.0.0/19",
        },
        { refs: { securityGroupId: ["group"] } },
      ),
      to: sample(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {
          securityGroupId: unknown,
          ipProtocol: "tcp",
          fromPort: 443,
          toPort: 443,
          cidrIpv4: "0.0.0.0/0",
        },
        { refs: { securityGroupId: ["group"] } },
      ),
      devices: sample(
        "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
        {
          securityGroupId: unknown,
          ipProtocol: "tcp",
          fromPort: 80,
          toPort: 80,
          cidrIpv4: "198.51.100.0/24",
        },
        { refs: { securityGroupId: ["group"] } },
      ),
    },
    [
      [["ec2-nat-gateways", "ec2-rule-within"], ({ machine }) => delete machine.props.sourceDestCheck],
      ["ec2-rule-within", ({ from }) => (from.props.cidrIpv4 = "0.0.0.0/0")],
      ["ec2-rule-within", ({ from }) => (from.props.cidrIpv4 = "203.0.113.0/24")],
      ["ec2-rule-within", ({ devices }) => (devices.props.cidrIpv4 = "0.0.0.0/0")],
      ["ec2-rule-within", ({ devices }) => (devices.props.toPort = 81)],
      ["ec2-rule-within", ({ devices }) => delete devices.refs],
      ["ec2-rule-bounded", ({ to }) => (to.props.ipProtocol = "-1")],
      ["ec2-instance-kept", ({ patches }) => delete patches.refs],
      ["ec2-instance-kept", ({ status }) => delete status.refs],
    ],
  ),
  scenario(
    "ingress rules of security groups",
    {
      web: sample("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        securityGroupId: unknown,
        cidrIpv4: "0.0.0.0/0",
        ipProtocol: "tcp",
        fromPort: 443,
        toPort: 443,
      }),
      database: sample("aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule", {
        securityGroupId: unknown,
        referencedSecurityGroupId: unknown,
        ipProtocol: "tcp",
        fromPort: 5432,
        toPort: 5432,
      }),
      inner: sample(older, {
        type: "ingress",
        cidrBlocks: ["10.0.0.0/8"],
        protocol: "-1",
        fromPort: 0,
        toPort: 0,
      }),
      out: sample(older, {
        type: "egress",
        cidrBlocks: ["0.0.0.0/0"],
        protocol: "-1",
        fromPort: 0,
        toPort: 0,
      }),
    },
    [
      [
        ["ec2-no-world-to-data", "ec2-world-ports"],
        ({ database }) => (database.props.cidrIpv4 = "0.0.0.0/0"),
      ],
      [["ec2-no-world-to-data", "ec2-world-ports"], ({ database }) => (database.props.cidrIpv6 = "::/0")],
      // Two halves cover the whole address space.
      [
        ["ec2-no-world-to-data", "ec2-world-ports"],
        ({ database }) => (database.props.cidrIpv4 = "128.0.0.0/1"),
      ],
      [
        ["ec2-no-world-to-admin", "ec2-world-ports"],
        ({ web }) => Object.assign(web.props, { fromPort: 22, toPort: 22 }),
      ],
      ["ec2-world-ports", ({ web }) => (web.props.toPort = 444)],
      [
        ["ec2-no-world-to-data", "ec2-no-world-to-admin", "ec2-world-ports"],
        ({ web }) => Object.assign(web.props, { ipProtocol: "-1", fromPort: undefined, toPort: undefined }),
      ],
      [
        ["ec2-no-world-to-data", "ec2-no-world-to-admin", "ec2-world-ports"],
        ({ inner }) => (inner.props.cidrBlocks = ["10.0.0.0/8", "0.0.0.0/0"]),
      ],
      [
        ["ec2-no-world-to-data", "ec2-no-world-to-admin", "ec2-world-ports"],
        ({ out }) => (out.props.type = "ingress"),
      ],
    ],
  ),
  scenario(
    "an EKS cluster",
    {
      cluster: sample(
        "aws:eks/cluster:Cluster",
        {
          version: "1.36",
          computeConfig: { enabled: true },
          encryptionConfig: { resources: ["secrets"], provider: { keyArn: unknown } },
          vpcConfig: {
            subnetIds: [unknown],
            endpointPrivateAccess: true,
            endpointPublicAccess: true,
            publicAccessCidrs: ["203.0.113.0/24"],
          },
          enabledClusterLogTypes: ["api", "audit", "authenticator"],
          accessConfig: { authenticationMode: "API", bootstrapClusterCreatorAdminPermissions: false },
          deletionProtection: true,
        },
        { protect: true },
      ),
      addon: sample("aws:eks/addon:Addon", {
        addonName: "metrics-server",
        addonVersion: "v0.9.0-eksbuild.11",
      }),
    },
    [
      ["eks-secrets-encrypted", ({ cluster }) => delete cluster.props.encryptionConfig],
      [
        "eks-secrets-encrypted",
        ({ cluster }) => (cluster.props.encryptionConfig = { resources: ["secrets"] }),
      ],
      ["eks-private-endpoint", ({ cluster }) => delete cluster.props.vpcConfig?.endpointPrivateAccess],
      ["eks-public-endpoint-limited", ({ cluster }) => delete cluster.props.vpcConfig?.publicAccessCidrs],
      [
        "eks-public-endpoint-limited",
        ({ cluster }) => cluster.props.vpcConfig?.publicAccessCidrs?.push("0.0.0.0/0"),
      ],
      ["eks-audit-logs", ({ cluster }) => (cluster.props.enabledClusterLogTypes = ["audit"])],
      ["eks-audit-logs", ({ cluster }) => delete cluster.props.enabledClusterLogTypes],
      [
        "eks-access-by-api",
        ({ cluster }) =>
          Object.assign(cluster.props.accessConfig ?? {}, { authenticationMode: "API_AND_CONFIG_MAP" }),
      ],
      [
        "eks-no-creator-admin",
        ({ cluster }) => delete cluster.props.accessConfig?.bootstrapClusterCreatorAdminPermissions,
      ],
      ["eks-deletion-protection", ({ cluster }) => delete cluster.props.deletionProtection],
      ["eks-version-pinned", ({ cluster }) => delete cluster.props.version],
      [
        "eks-own-node-pools",
        ({ cluster }) => (cluster.props.computeConfig = { enabled: true, nodePools: ["system"] }),
      ],
      ["eks-addon-pinned", ({ addon }) => delete addon.props.addonVersion],
    ],
  ),
];
