import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onType, onTypes } from "../lib/control";
import { beside } from "../lib/beside";
import { isGiven, isLater, shown } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/vpc/latest/userguide";

/** The network; ingress rules of its security groups are in `ingress.ts`. */
export const ec2: Policies = [
  onType(
    "aws:ec2/securityGroup:SecurityGroup",
    {
      name: "ec2-no-inline-rules",
      description: "Security group rules are separate resources, so that the other policies see them.",
      severity: "high",
      remediation:
        "Use aws.vpc.SecurityGroupIngressRule and SecurityGroupEgressRule; inline rules undo theirs.",
      url: "https://www.pulumi.com/registry/packages/aws/api-docs/ec2/securitygroup/",
    },
    (group, { report }) => {
      const found = (["ingress", "egress"] as const).filter(
        (side) => isGiven(group, side) && group[side]?.length !== 0,
      );
      if (found.length > 0) report(`${found.join(" and ")} stand on the group itself.`);
    },
  ),
  onType(
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    {
      name: "ec2-default-group-closed",
      description: "A VPC's default security group has no rules.",
      severity: "medium",
      remediation: "Leave ingress and egress out: a resource in the group by mistake then reaches nothing.",
      url: `${guide}/default-security-group.html`,
    },
    (group, { report }) => {
      const count = (group.ingress?.length ?? 0) + (group.egress?.length ?? 0);
      if (count > 0) report(`it has ${count} rules; none is allowed.`);
    },
  ),
  beside(
    {
      name: "ec2-default-group-adopted",
      description: "A VPC's default security group should be adopted, so that its rules can be removed.",
      // AWS creates the group open to its own members: a risk only for resources that are in it by mistake.
      level: "advisory",
      severity: "low",
      remediation: "Add an aws.ec2.DefaultSecurityGroup without rules for the VPC.",
      url: `${guide}/default-security-group.html`,
    },
    [
      [
        "aws:ec2/vpc:Vpc.id",
        "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup.vpcId",
        "empties its default group",
      ],
    ],
  ),
  beside(
    {
      name: "ec2-vpc-flow-logs",
      description: "Every VPC records its traffic.",
      severity: "medium",
      remediation: "Add an aws.ec2.FlowLog with the VPC's id.",
      url: `${guide}/flow-logs.html`,
    },
    [["aws:ec2/vpc:Vpc.id", "aws:ec2/flowLog:FlowLog.vpcId", "records its traffic"]],
  ),
  onType(
    "aws:ec2/flowLog:FlowLog",
    {
      name: "ec2-flow-logs-all-traffic",
      description: "Flow logs record accepted and rejected traffic.",
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
      description: "No subnet assigns public addresses automatically.",
      severity: "high",
      remediation:
        "Leave mapPublicIpOnLaunch out: NAT gateways and load balancers bring their own addresses.",
      url: `${guide}/subnet-public-ip.html`,
    },
    (subnet, { report }) => {
      if (subnet.mapPublicIpOnLaunch === true) report("mapPublicIpOnLaunch is true.");
    },
  ),
  onTypes<KnownTypes["aws:ec2/launchTemplate:LaunchTemplate"]>(
    (type) => type === "aws:ec2/launchTemplate:LaunchTemplate" || type === "aws:ec2/instance:Instance",
    {
      name: "ec2-imds-v2",
      description: "Instances require IMDSv2.",
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
      description: "Every instance gets security updates, and has an alarm on its status checks.",
      severity: "medium",
      remediation:
        "Add an aws.ssm.Association of AWS-RunPatchBaseline with the instance's id, and an aws.cloudwatch.MetricAlarm on StatusCheckFailed.",
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
        "is raised when it fails",
      ],
    ],
  ),
  onType(
    "aws:ec2/launchTemplate:LaunchTemplate",
    {
      name: "ec2-template-encrypted",
      description: "A launch template encrypts the volumes of its instances with a customer managed KMS key.",
      severity: "high",
      remediation: "Set encrypted and kmsKeyId in blockDeviceMappings, the root device's among them.",
      url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    },
    ({ blockDeviceMappings }, { report }) => {
      if (isLater(blockDeviceMappings)) return;
      const devices = blockDeviceMappings ?? [];
      if (devices.length === 0) report("blockDeviceMappings is not set: the volumes are the image's.");
      for (const { deviceName, ebs } of devices)
        if (ebs?.encrypted !== "true" || !isGiven(ebs, "kmsKeyId"))
          report(`${shown(deviceName)} is not encrypted with a key of the stack.`);
    },
  ),
  onType(
    "aws:ebs/volume:Volume",
    {
      name: "ec2-volume-encrypted",
      description: "Every volume is encrypted with a customer managed KMS key.",
      severity: "high",
      remediation: "Set encrypted to true and kmsKeyId to the ARN of a KMS key of the stack.",
      url: "https://docs.aws.amazon.com/ebs/latest/userguide/ebs-encryption.html",
    },
    (volume, { report }) => {
      if (volume.encrypted !== true) report(`encrypted is ${shown(volume.encrypted)}; it must be true.`);
      if (!isGiven(volume, "kmsKeyId")) report("kmsKeyId is not set.");
    },
  ),
];
