import { document, type FixedQuota, type RaisedQuota, regional, split } from "./quota";
import { characters, variables } from "./counts";
import { edge, network } from "./network-rows";

/** Sources: the quotas' pages of IAM and STS, AWS KMS, AWS Secrets Manager and AWS Lambda. */
const access: readonly (FixedQuota | RaisedQuota)[] = [
  regional("iam", "L-FE177D64", 1000, "roles of the account", "aws:iam/role:Role", { of: "account" }),
  regional(
    "iam",
    "L-0DA4ABF3",
    10,
    "managed policies of a role",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    { of: "role" },
  ),
  regional("iam", "L-C07B4B0D", 2048, "characters of a role's trust policy", "aws:iam/role:Role", {
    of: "itself",
    counts: characters("assumeRolePolicy"),
  }),
  {
    what: "characters of all inline policies of a role",
    most: 10_240,
    type: "aws:iam/rolePolicy:RolePolicy",
    of: "role",
    counts: characters("policy"),
    instead: `${split}; or attach a managed policy, which has its own limit`,
  },
  {
    what: "characters of all inline policies of a user",
    most: 2048,
    type: "aws:iam/userPolicy:UserPolicy",
    of: "user",
    counts: characters("policy"),
    instead: split,
  },
  {
    what: "access keys of a user",
    most: 2,
    type: "aws:iam/accessKey:AccessKey",
    of: "user",
    instead: "create another user for the third key",
  },
  document("a managed policy", 6144, "aws:iam/policy:Policy"),
  document("a key's policy", 32_768, "aws:kms/key:Key"),
  document("a secret's policy", 20_480, "aws:secretsmanager/secretPolicy:SecretPolicy"),
  {
    what: "characters of a function's environment variables",
    most: 4096,
    type: "aws:lambda/function:Function",
    of: "itself",
    counts: variables,
    instead: "move long values to a file in the function's code",
  },
];

/** Sources: the quotas' pages of Amazon S3, Amazon EFS, Amazon RDS, Amazon ElastiCache, Amazon ECR and AWS Backup. */
const data: readonly (FixedQuota | RaisedQuota)[] = [
  document("a bucket's policy", 20_480, "aws:s3/bucketPolicy:BucketPolicy"),
  document("a file system's policy", 20_000, "aws:efs/fileSystemPolicy:FileSystemPolicy"),
  document("a repository's policy", 10_240, "aws:ecr/repositoryPolicy:RepositoryPolicy"),
  document("a registry's policy", 10_240, "aws:ecr/registryPolicy:RegistryPolicy"),
  regional("rds", "L-D94C7EA3", 20, "RDS proxies in the region", "aws:rds/proxy:Proxy"),
  regional(
    "rds",
    "L-DE55804A",
    50,
    "RDS parameter groups in the region",
    "aws:rds/parameterGroup:ParameterGroup",
  ),
  regional("rds", "L-48C6BF61", 50, "RDS subnet groups in the region", "aws:rds/subnetGroup:SubnetGroup"),
  regional("rds", "L-272F1212", 100, "manual RDS snapshots in the region", "aws:rds/snapshot:Snapshot"),
  regional("rds", "L-5BC124EF", 15, "read replicas of a database", "aws:rds/instance:Instance", {
    of: "replicateSourceDb",
  }),
  // As many as there may be instances. Source: RDS API reference, StartDBInstanceAutomatedBackupsReplication.
  regional(
    "rds",
    "L-7B6409FD",
    40,
    "replicated automated backups in the region",
    "aws:rds/instanceAutomatedBackupsReplication:InstanceAutomatedBackupsReplication",
  ),
  regional(
    "elasticache",
    "L-AD484FC5",
    200,
    "ElastiCache user groups in the region",
    "aws:elasticache/userGroup:UserGroup",
  ),
  {
    what: "selections of a restore testing plan",
    most: 30,
    type: "aws:backup/restoreTestingSelection:RestoreTestingSelection",
    of: "restoreTestingPlanName",
    instead: "store the systems' data in fewer stores, or remove plinth:backups.vault.restoreTests",
  },
];

/** Sources: the quotas' pages of Amazon CloudWatch Logs, Amazon EventBridge, Amazon SNS and Amazon SQS, and AWS CloudTrail. */
const signals: readonly (FixedQuota | RaisedQuota)[] = [
  {
    what: "subscription filters of a log group",
    most: 2,
    type: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    of: "logGroup",
    instead: "send the events to one stream for all consumers",
  },
  {
    what: "resource policies of CloudWatch Logs in the region",
    most: 10,
    type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    // One of a log group itself doesn't count.
    counts: ({ resourceArn }) => (resourceArn === undefined ? 1 : 0),
    instead: "attach them to their log groups with resourceArn",
  },
  document(
    "a resource policy of CloudWatch Logs",
    5120,
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "policyDocument",
  ),
  regional("events", "L-244521F2", 300, "rules of the event bus", "aws:cloudwatch/eventRule:EventRule"),
  {
    what: "targets of a rule",
    most: 5,
    code: "L-388D1D08",
    type: "aws:cloudwatch/eventTarget:EventTarget",
    of: "rule",
    instead: "send the event to a topic with several subscribers",
  },
  document("a topic's policy", 30 * 1024, "aws:sns/topicPolicy:TopicPolicy"),
  document("a queue's policy", 8192, "aws:sqs/queuePolicy:QueuePolicy"),
];

/** What a stack's shape can exceed. What follows from amounts is in `config/quotas.ts`. */
export const quotas: readonly (FixedQuota | RaisedQuota)[] = [
  ...network,
  ...edge,
  ...access,
  ...data,
  ...signals,
];
