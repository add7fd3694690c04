import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { beside } from "../lib/beside";
import { isGiven, isLater, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/vpc/latest/userguide";

/** VPCs, security groups and instances. Ingress from the internet is in `ingress.ts`. */
export const ec2: Policies = [
  onType(
    "aws:ec2/securityGroup:SecurityGroup",
    {
      name: "ec2-no-inline-rules",
      description: "Security groups must not have inline rules.",
      severity: "high",
      remediation:
        "Use aws.vpc.SecurityGroupIngressRule and aws.vpc.SecurityGroupEgressRule, which the other policies check. Inline rules overwrite them.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
    },
    (group, { report }) => {
      const found = (["ingress", "egress"] as const).filter(
        (side) => isGiven(group, side) && group[side]?.length !== 0,
      );
      if (found.length > 0) report(`${found.join(" and ")} must not be set on the security group.`);
    },
  ),
  onType(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    {
      name: "ec2-default-group-closed",
      description: "VPC default security groups must not allow inbound or outbound traffic.",
      severity: "medium",
      remediation:
        "Remove ingress and egress. Resources that use the default security group by mistake then have no network access.",
      url: `${guide}/default-security-group.html`,
    },
    (group, { report }) => {
      const count = (group.ingress?.length ?? 0) + (group.egress?.length ?? 0);
      if (count > 0) report(`the default security group must have no rules; found ${count}.`);
    },
  ),
  beside(
    {
      name: "ec2-default-group-adopted",
      description:
        "VPC default security groups should be managed by the stack, so that their rules are removed.",
      // AWS creates the group with access for its own members: a risk only for resources that use it by mistake.
      level: "advisory",
      severity: "low",
      remediation: "Add an aws.ec2.DefaultSecurityGroup without rules for the VPC.",
      url: `${guide}/default-security-group.html`,
    },
    [
      [
        "aws:ec2/vpc:Vpc.id",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup.vpcId",
        "removes the rules of its default security group",
      ],
    ],
  ),
  beside(
    {
      name: "ec2-vpc-flow-logs",
      description: "VPCs must have flow logs.",
      severity: "medium",
      remediation: "Add an aws.ec2.FlowLog with vpcId set to the VPC's ID.",
      url: `${guide}/flow-logs.html`,
    },
    [["aws:ec2/vpc:Vpc.id", "aws:ec2/flowLog:FlowLog.vpcId", "records its traffic"]],
  ),
  onType(
    "aws:ec2/flowLog:FlowLog",
    {
      name: "ec2-flow-logs-all-traffic",
      description: "VPC flow logs must record accepted and rejected traffic.",
      severity: "low",
      remediation: "Set trafficType to ALL.",
      url: `${guide}/flow-logs.html`,
    },
    (log, { report }) => {
      if (log.trafficType !== "ALL") report(`trafficType is ${shown(log.trafficType)}; it must be "ALL".`);
    },
  ),
  onType(
    "aws:ec2/subnet:Subnet",
    {
      name: "ec2-no-automatic-public-ip",
      description: "Subnets must not automatically assign public IP addresses.",
      severity: "high",
      remediation: "Remove mapPublicIpOnLaunch. NAT gateways and load balancers don't need it.",
      url: `${guide}/subnet-public-ip.html`,
    },
    (subnet, { report }) => {
      if (subnet.mapPublicIpOnLaunch === true) report("mapPublicIpOnLaunch is true; it must be false.");
    },
  ),
  onTypes<KnownTypes["aws:ec2/launchTemplate:LaunchTemplate"]>(
    (type) => type === "aws:ec2/launchTemplate:LaunchTemplate" || type === "aws:ec2/instance:Instance",
    {
      name: "ec2-imds-v2",
      description: "EC2 instances must require IMDSv2.",
      severity: "high",
      remediation: "Set metadataOptions.httpTokens to required.",
      url: "https://docs.aws.amazon.com/AWSEC2/latest/UserGuide/configuring-instance-metadata-service.html",
    },
    (machine, { report }) => {
      const found = machine.metadataOptions?.httpTokens;
      if (found !== "required")
        report(`metadataOptions.httpTokens is ${shown(found)}; it must be "required".`);
    },
  ),
  beside(
    {
      name: "ec2-instance-kept",
      description: "EC2 instances must install security updates and have an alarm on their status checks.",
      severity: "medium",
      remediation:
        "Add an aws.ssm.Association of AWS-RunPatchBaseline that targets the instance, and an aws.cloudwatch.MetricAlarm on StatusCheckFailed.",
      url: "https://docs.aws.amazon.com/systems-manager/latest/userguide/patch-manager.html",
    },
    [
      [
        "aws:ec2/instance:Instance.id",
        "aws:ssm/association:Association.targets",
        "installs security updates",
      ],
      [
        "aws:ec2/instance:Instance.id",
        "aws:cloudwatch/metricAlarm:MetricAlarm.dimensions",
        "monitors its status checks",
      ],
    ],
  ),
  onType(
    "aws:ec2/launchTemplate:LaunchTemplate",
    {
      name: "ec2-template-encrypted",
      description: "EC2 launch templates must encrypt volumes with a customer managed KMS key.",
      severity: "high",
      remediation:
        'In each entry of blockDeviceMappings, including the root device, set ebs.encrypted to "true" and ebs.kmsKeyId.',
      url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    },
    ({ blockDeviceMappings }, { report }) => {
      if (isLater(blockDeviceMappings)) return;
      const devices = blockDeviceMappings ?? [];
      if (devices.length === 0)
        report("blockDeviceMappings is not set, so the image determines the encryption.");
      for (const { deviceName, ebs } of devices)
        if (ebs?.encrypted !== "true" || !isGiven(ebs, "kmsKeyId"))
          report(`the device ${shown(deviceName)} is not encrypted with a customer managed KMS key.`);
    },
  ),
  onType(
    "aws:ebs/volume:Volume",
    {
      name: "ec2-volume-encrypted",
      description: "EBS volumes must be encrypted at rest with a customer managed KMS key.",
      severity: "high",
      remediation: "Set encrypted to true and kmsKeyId to the ARN of a customer managed KMS key.",
      url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    },
    (volume, { report }) => {
      if (volume.encrypted !== true) report(`encrypted is ${shown(volume.encrypted)}; it must be true.`);
      if (!isGiven(volume, "kmsKeyId")) report("kmsKeyId must be set.");
    },
  ),
];
