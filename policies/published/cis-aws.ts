import { account, type PublishedStandard } from "./standard";

const noTrail = "Trails are account-wide. The policies apply to stacks that create one.";

export const cisAws: PublishedStandard = {
  name: "CIS AWS Foundations Benchmark 3.0",
  url: "https://www.cisecurity.org/benchmark/amazon_web_services",
  controls: [
    ["1.4–1.14", "The root user, and passwords and access keys of users, are secured", account],
    [
      "1.15",
      "Users receive permissions only through groups",
      "People use roles. The only users are for sending email: see FSBP IAM.2.",
    ],
    [
      "1.16",
      'Policies that allow full "*:*" administrative privileges are not attached',
      ["iam-no-admin-statement"],
    ],
    ["2.1.1", "S3 bucket policies deny HTTP requests", ["s3-policy-tls-only"]],
    ["2.1.4", "S3 buckets block public access", ["s3-public-access-blocked"]],
    ["2.2.1", "EBS volumes are encrypted", ["ec2-volume-encrypted", "k8s-storage-class-encrypted"]],
    ["2.3.1", "RDS instances are encrypted at rest", ["rds-storage-encrypted", "rds-own-key"]],
    ["2.3.2", "RDS instances have automatic minor version upgrades enabled", ["rds-minor-upgrades"]],
    ["2.3.3", "RDS instances are not publicly accessible", ["rds-not-public"]],
    ["2.4.1", "EFS file systems are encrypted", ["efs-encrypted"]],
    ["3.1", "CloudTrail is enabled in all regions", noTrail],
    ["3.2", "CloudTrail log file validation is enabled", ["cloudtrail-tamper-evident"]],
    ["3.5", "CloudTrail logs are encrypted at rest with KMS keys", ["cloudtrail-tamper-evident"]],
    ["3.6", "Rotation of customer created symmetric KMS keys is enabled", ["kms-rotation"]],
    ["3.7", "VPC flow logging is enabled in all VPCs", ["ec2-vpc-flow-logs"]],
    ["4.1–4.16", "Alarms monitor CloudTrail events", noTrail],
    [
      "5.1",
      "Network ACLs don't allow ingress from 0.0.0.0/0 to remote administration ports",
      "Security groups and network policies control access. Subnets keep the default network ACL.",
    ],
    [
      "5.2, 5.3",
      "Security groups don't allow ingress from the internet to remote administration ports",
      ["ec2-no-world-to-admin"],
    ],
    [
      "5.4",
      "VPC default security groups restrict all traffic",
      ["ec2-default-group-closed", "ec2-default-group-adopted"],
    ],
    ["5.6", "EC2 instances use IMDSv2 only", ["ec2-imds-v2"]],
  ],
};
