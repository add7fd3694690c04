import { identities } from "./deploy";
import type { Place, Statement } from "./statement";
import { stateStatements, type States } from "./state";

/**
 * Calls of a refresh: the properties of resources, without their content. `test/foundation/refresh.ts` has the calls by
 * type.
 */
const looks = [
  "acm:DescribeCertificate",
  "acm:ListTagsForCertificate",
  "aps:DescribeWorkspace*",
  "aps:ListTagsForResource",
  "backup:Describe*",
  "backup:ListTags",
  "budgets:ListTagsForResource",
  "cloudfront:ListTagsForResource",
  "cloudwatch:Describe*",
  "cloudwatch:ListTagsForResource",
  "ec2:Describe*",
  "eks:Describe*",
  "eks:List*",
  "elasticache:Describe*",
  "elasticache:ListTagsForResource",
  "elasticfilesystem:Describe*",
  "elasticloadbalancing:Describe*",
  "es:Describe*",
  "es:ListTags",
  "events:Describe*",
  "events:ListTagsForResource",
  "events:ListTargetsByRule",
  "firehose:DescribeDeliveryStream",
  "firehose:ListTagsForDeliveryStream",
  "fis:ListTagsForResource",
  "kms:DescribeKey",
  "kms:ListAliases",
  "kms:ListResourceTags",
  "lambda:ListTags",
  "lambda:ListVersionsByFunction",
  "logs:DescribeLogGroups",
  "logs:DescribeResourcePolicies",
  "logs:DescribeSubscriptionFilters",
  "logs:ListTagsForResource",
  "rds:Describe*",
  "rds:ListTagsForResource",
  "route53:List*",
  "route53resolver:ListTagsForResource",
  "s3:ListBucket",
  "s3:ListTagsForResource",
  "scheduler:ListTagsForResource",
  "secretsmanager:DescribeSecret",
  "ses:ListTagsForResource",
  "shield:DescribeProtection",
  "shield:DescribeSubscription",
  "shield:ListTagsForResource",
  "sns:ListTagsForResource",
  "sqs:ListQueueTags",
  "ssm:DescribeAssociation",
  "ssm:ListTagsForResource",
  "wafv2:ListTagsForResource",
];

/** The same, of calls for one resource. */
const looksAtOne = [
  "backup:GetBackupPlan",
  "backup:GetBackupSelection",
  "backup:GetRestoreTestingPlan",
  "backup:GetRestoreTestingSelection",
  "budgets:ViewBudget",
  "cloudfront:GetCachePolicy",
  "cloudfront:GetDistribution",
  "cloudfront:GetResponseHeadersPolicy",
  "cloudwatch:GetAlarmMuteRule",
  "fis:GetExperimentTemplate",
  "kms:GetKeyPolicy",
  "kms:GetKeyRotationStatus",
  "lambda:GetFunction",
  "lambda:GetFunctionCodeSigningConfig",
  "lambda:GetPolicy",
  "logs:GetDelivery",
  "logs:GetDeliveryDestination",
  "logs:GetDeliverySource",
  "route53:GetHealthCheck",
  "route53:GetHostedZone",
  "route53resolver:GetResolverQueryLogConfig",
  "route53resolver:GetResolverQueryLogConfigAssociation",
  "s3:GetAccelerateConfiguration",
  "s3:GetBucketAcl",
  "s3:GetBucketCORS",
  "s3:GetBucketLocation",
  "s3:GetBucketLogging",
  "s3:GetBucketObjectLockConfiguration",
  "s3:GetBucketOwnershipControls",
  "s3:GetBucketPolicy",
  "s3:GetBucketPublicAccessBlock",
  "s3:GetBucketRequestPayment",
  "s3:GetBucketTagging",
  "s3:GetBucketVersioning",
  "s3:GetBucketWebsite",
  "s3:GetEncryptionConfiguration",
  "s3:GetLifecycleConfiguration",
  "s3:GetReplicationConfiguration",
  "scheduler:GetSchedule",
  "scheduler:GetScheduleGroup",
  "secretsmanager:GetResourcePolicy",
  "ses:GetConfigurationSet",
  "ses:GetConfigurationSetEventDestinations",
  "ses:GetEmailIdentity",
  "sns:GetSubscriptionAttributes",
  "sns:GetTopicAttributes",
  "sqs:GetQueueAttributes",
  "wafv2:GetIPSet",
  "wafv2:GetLoggingConfiguration",
  "wafv2:GetWebACL",
];

/**
 * Permissions of a preview: to read the state, the secrets in its own environment's state, and resources, but not their
 * data.
 */
export function previewRights(place: Place, environment: string, buckets: States): Statement[] {
  const { prefix, accountId, region, secondRegion } = place;
  const regions = [region, ...(secondRegion === undefined ? [] : [secondRegion])];
  const ofAccount = { "aws:ResourceAccount": accountId };
  // CloudFront, Route 53 and budgets are in us-east-1.
  const here = { "aws:RequestedRegion": [...regions, "us-east-1"] };
  return [
    ...stateStatements(environment, buckets, {
      objects: ["s3:GetObject"],
      key: ["kms:Decrypt"],
      secrets: ["kms:Decrypt"],
    }),
    { Sid: "Look", Effect: "Allow", Action: looks, Resource: "*", Condition: { StringEquals: here } },
    {
      Sid: "LookAtOne",
      Effect: "Allow",
      Action: looksAtOne,
      Resource: "*",
      Condition: { StringEquals: { ...here, ...ofAccount } },
    },
    {
      Sid: "LookAtIdentities",
      Effect: "Allow",
      Action: [
        "iam:GetInstanceProfile",
        "iam:GetRole",
        "iam:GetRolePolicy",
        "iam:GetUser",
        "iam:GetUserPolicy",
        "iam:List*",
      ],
      Resource: identities(place, ["role", "user", "instance-profile"]),
    },
    {
      // Lambda returns a function's variables only to callers who may decrypt them. Without them, a refresh would show
      // all variables as deleted. Source: Lambda developer guide, Securing environment variables.
      Sid: "VariablesOfFunctions",
      Effect: "Allow",
      Action: "kms:Decrypt",
      Resource: regions.map((each) => `arn:aws:kms:${each}:${accountId}:key/*`),
      Condition: {
        StringEquals: {
          "kms:ViaService": regions.map((each) => `lambda.${each}.amazonaws.com`),
          ...ofAccount,
        },
      },
    },
    {
      // Invokes the report of the secrets' ages, which contains no values.
      Sid: "AskForAges",
      Effect: "Allow",
      Action: "lambda:InvokeFunction",
      Resource: `arn:aws:lambda:${region}:${accountId}:function:${prefix}-*-secret-ages`,
    },
    {
      // Denied whatever else the role may do. A refresh excludes the versions of secrets: see `.ci/drift`.
      Sid: "NoSecretValues",
      Effect: "Deny",
      Action: ["secretsmanager:BatchGetSecretValue", "secretsmanager:GetSecretValue"],
      Resource: "*",
    },
  ];
}
