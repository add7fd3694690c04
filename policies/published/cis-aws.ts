import { account, type PublishedStandard } from "./standard";

const noTrail = "A trail is the account's, for all its stacks; the rule is there for a stack that makes one.";

export const cisAws: PublishedStandard = {
  name: "CIS AWS Foundations Benchmark 3.0",
  url: "https://www.cisecurity.org/benchmark/amazon_web_services",
  controls: [
    ["1.4–1.14", "Root user and people's passwords and keys", account],
    [
      "1.15",
      "Users get rights by groups alone",
      "People log in by roles. The users that there are send mail, see FSBP IAM.2.",
    ],
    ["1.16", "No policy allows everything", ["iam-no-admin-statement"]],
    ["2.1.1", "Buckets refuse HTTP", ["s3-policy-tls-only"]],
    ["2.1.4", "Buckets block public access", ["s3-public-access-blocked"]],
    ["2.2.1", "Volumes are encrypted", ["ec2-volume-encrypted", "k8s-storage-class-encrypted"]],
    ["2.3.1", "Databases are encrypted", ["rds-storage-encrypted", "rds-own-key"]],
    ["2.3.2", "Minor versions upgrade automatically", ["rds-minor-upgrades"]],
    ["2.3.3", "Databases aren't public", ["rds-not-public"]],
    ["2.4.1", "File systems are encrypted", ["efs-encrypted"]],
    ["3.1", "CloudTrail is on everywhere", noTrail],
    ["3.2", "Log file validation is on", ["cloudtrail-tamper-evident"]],
    ["3.5", "Trails are encrypted with KMS", ["cloudtrail-tamper-evident"]],
    ["3.6", "Keys rotate", ["kms-rotation"]],
    ["3.7", "VPCs have flow logs", ["ec2-vpc-flow-logs"]],
    ["4.1–4.16", "Alarms on the trail", noTrail],
    ["5.1", "Network ACLs", "Security groups and network policies decide; subnets keep the default ACL."],
    ["5.2, 5.3", "No port of administration is open to all", ["ec2-no-world-to-admin"]],
    [
      "5.4",
      "Default security groups let nothing through",
      ["ec2-default-group-closed", "ec2-default-group-adopted"],
    ],
    ["5.6", "Instances use IMDSv2", ["ec2-imds-v2"]],
  ],
};
