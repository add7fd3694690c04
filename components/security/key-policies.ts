import type { Context } from "../base/context";

/** Statements of the policies of KMS keys. */

/**
 * Leaves access to IAM policies, for the identities of this account. RDS, ElastiCache, S3, EBS, EKS and Secrets Manager
 * use a key with the caller's permissions, so none of them is named here.
 */
export const accountByIam = ({ accountId }: Pick<Context, "accountId">) => ({
  Sid: "AccountByIam",
  Effect: "Allow",
  Principal: { AWS: `arn:aws:iam::${accountId}:root` },
  Action: "kms:*",
  Resource: "*",
});

/**
 * Lets AWS Backup of another account copy recovery points that the key encrypts. The principal is that account, since a
 * policy can't name its role before AWS Backup has created it. Source: AWS Support, "How do I troubleshoot
 * cross-account copy in AWS Backup?".
 */
export const backupsOfAccount = (accountId: string) => {
  const common = { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${accountId}:root` }, Resource: "*" };
  const itsRole = {
    ArnEquals: {
      "aws:PrincipalArn": `arn:aws:iam::${accountId}:role/aws-service-role/backup.amazonaws.com/AWSServiceRoleForBackup`,
    },
  };
  return [
    {
      ...common,
      Sid: "CopiesToAccount",
      Action: ["kms:Decrypt", "kms:DescribeKey", "kms:Encrypt", "kms:GenerateDataKey*", "kms:ReEncrypt*"],
      Condition: itsRole,
    },
    {
      ...common,
      Sid: "CopiesToAccountGrants",
      Action: ["kms:CreateGrant", "kms:ListGrants", "kms:RevokeGrant"],
      Condition: { ...itsRole, Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
};

/**
 * Lets EC2 start Spot Instances with disks that the key encrypts. EC2 Spot starts them with its service-linked role,
 * whose own policy allows no key. KMS rejects a key policy that names a role before it exists: `npm run preflight`
 * checks for it. Sources: EC2 user guide, service-linked role for Spot Instance requests; AWS managed policy
 * AWSEC2SpotServiceRolePolicy.
 */
export const spotInstances = ({ accountId }: Pick<Context, "accountId">) => {
  const role = `arn:aws:iam::${accountId}:role/aws-service-role/spot.amazonaws.com/AWSServiceRoleForEC2Spot`;
  const common = { Effect: "Allow", Principal: { AWS: role }, Resource: "*" };
  return [
    {
      ...common,
      Sid: "SpotInstances",
      Action: [
        "kms:Decrypt",
        "kms:DescribeKey",
        "kms:Encrypt",
        "kms:GenerateDataKey",
        "kms:GenerateDataKeyWithoutPlaintext",
        "kms:ReEncryptFrom",
        "kms:ReEncryptTo",
      ],
    },
    {
      ...common,
      Sid: "SpotInstancesGrants",
      Action: "kms:CreateGrant",
      Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
    },
  ];
};

/**
 * CloudWatch Logs uses the key as a service principal, for this account's log groups. Source: CloudWatch Logs user
 * guide, encrypt log data using KMS.
 */
export const cloudWatchLogs = ({ accountId, region }: Context) => ({
  Sid: "CloudWatchLogs",
  Effect: "Allow",
  Principal: { Service: `logs.${region}.amazonaws.com` },
  Action: ["kms:Encrypt*", "kms:Decrypt*", "kms:ReEncrypt*", "kms:GenerateDataKey*", "kms:Describe*"],
  Resource: "*",
  Condition: {
    ArnLike: { "kms:EncryptionContext:aws:logs:arn": `arn:aws:logs:${region}:${accountId}:log-group:*` },
  },
});

/**
 * Lets CloudWatch publish to an encrypted topic, only for alarms of this account. Source: SNS developer guide, key
 * management, event sources of AWS services and encrypted topics.
 */
export const cloudWatchAlarms = ({ accountId }: Pick<Context, "accountId">) => ({
  Sid: "CloudWatchAlarms",
  Effect: "Allow",
  Principal: { Service: "cloudwatch.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
  Condition: { StringEquals: { "aws:SourceAccount": accountId } },
});

/**
 * Lets EventBridge publish to encrypted topics of this environment. The encryption context names the topic: SNS doesn't
 * support `aws:SourceArn` and `aws:SourceAccount` in a key policy for EventBridge. Source: SNS developer guide, key
 * management, event sources of AWS services and encrypted topics.
 */
export const eventRules = ({
  accountId,
  region,
  prefix,
}: Pick<Context, "accountId" | "region" | "prefix">) => ({
  Sid: "EventBridge",
  Effect: "Allow",
  Principal: { Service: "events.amazonaws.com" },
  Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
  Resource: "*",
  Condition: {
    ArnLike: { "kms:EncryptionContext:aws:sns:topicArn": `arn:aws:sns:${region}:${accountId}:${prefix}-*` },
  },
});
