/** Allowed values: exactly one of these kinds. */
type Rule =
  /** Allowed characters of a text, and its length. */
  | { readonly pattern: RegExp; readonly min?: number; readonly max?: number }
  /** Minimum and maximum of a number. */
  | { readonly number: readonly [least: number, most: number] }
  | { readonly oneOf: readonly (string | number)[] }
  /** Bytes of a JSON document without white space. */
  | { readonly document: number };

export type Limit = Rule & {
  /** The sentence with the limit. */
  readonly says: string;
  /** Source of the sentence, if not the documentation of the member. `derive.ts` looks for the others there. */
  readonly from?: string;
};

const identifier = /^[A-Za-z](?!.*--)[A-Za-z0-9-]*(?<!-)$/;

/** The characters in the documentation, where HTML duplicates the semicolon. */
const groupText = (says: string, pattern = /^[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/): Limit => ({
  pattern,
  max: 255,
  says,
});

const rdsName = (max: number, says: string): Limit => ({ pattern: identifier, min: 1, max, says });
const quota = "IAM user guide, IAM and STS character limits";
const iam = (document: number, says: string): Limit => ({ document, says, from: quota });
const sqs = (says: string, least: number, most: number): Limit => ({
  number: [least, most],
  says,
  from: "CreateQueueRequest.Attributes",
});
const day = "(sun|mon|tue|wed|thu|fri|sat)";
const time = "([01]\\d|2[0-3]):[0-5]\\d";
const daily = new RegExp(`^${time}-${time}$`);
const weekly = new RegExp(`^${day}:${time}-${day}:${time}$`);
const cidr = (least: number, most: number) => {
  const lengths = Array.from({ length: most - least + 1 }, (_, i) => least + i).join("|");
  return new RegExp(`^(\\d{1,3}\\.){3}\\d{1,3}/(${lengths})$`);
};
const retention: Limit = { number: [0, 35], says: "Must be a value from 0 to 35." };
const window = { pattern: daily, says: "Must be in the format hh24:mi-hh24:mi ." };
const maintenance = { pattern: weekly, says: "Must be in the format ddd:hh24:mi-ddd:hh24:mi ." };
const monitoring = [0, 1, 5, 10, 15, 30, 60];

/** Limits that are only in the models' documentation or in a guide, by `<service>.<shape>.<member>`. */
export const limits: Readonly<Record<string, Limit>> = {
  "ec2.CreateSecurityGroupRequest.Description": groupText(
    "Valid characters: a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*",
  ),
  "ec2.CreateSecurityGroupRequest.GroupName": groupText(
    "Can't start with sg- .",
    /^(?!sg-)[a-zA-Z0-9 ._\-:/()#,@[\]+=&;{}!$*]*$/,
  ),
  "ec2.IpRange.Description": groupText(
    "Allowed characters are a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=&;{}!$*",
  ),
  "ec2.UserIdGroupPair.Description": groupText(
    "Allowed characters are a-z, A-Z, 0-9, spaces, and ._-:/()#,@[]+=;{}!$*",
    /^[a-zA-Z0-9 ._\-:/()#,@[\]+=;{}!$*]*$/,
  ),
  "ec2.Tag.Key": {
    pattern: /^(?!aws:)/,
    max: 127,
    says: "Tag keys are case-sensitive and accept a maximum of 127 Unicode characters.",
  },
  "ec2.Tag.Value": {
    pattern: /^/,
    max: 256,
    says: "Tag values are case-sensitive and accept a maximum of 256 Unicode characters.",
  },
  "ec2.CreateVpcRequest.CidrBlock": {
    pattern: cidr(16, 28),
    says: "The allowed block size is between a /16 netmask and a /28 netmask.",
    from: "VPC user guide, VPC CIDR blocks",
  },
  "ec2.CreateSubnetRequest.CidrBlock": {
    pattern: cidr(16, 28),
    says: "The allowed block size is between a /28 netmask and a /16 netmask.",
    from: "VPC user guide, subnet CIDR blocks",
  },
  "ec2.CreateFlowLogsRequest.MaxAggregationInterval": {
    oneOf: [60, 600],
    says: "The possible values are 60 seconds (1 minute) or 600 seconds (10 minutes).",
  },
  "ec2.CreateVpcEndpointRequest.PolicyDocument": {
    document: 20_480,
    says: "The maximum size of a VPC endpoint policy is 20,480 characters, including white space.",
    from: "VPC user guide, quotas",
  },

  "iam.PutRolePolicyRequest.PolicyDocument": iam(
    10_240,
    "The total aggregate policy size of all inline policies of a role can't exceed 10,240 characters.",
  ),
  "iam.PutUserPolicyRequest.PolicyDocument": iam(
    2048,
    "The total aggregate policy size of all inline policies of a user can't exceed 2,048 characters.",
  ),
  "iam.CreatePolicyRequest.PolicyDocument": iam(
    6144,
    "The size of each managed policy can't exceed 6,144 characters.",
  ),
  "iam.CreateRoleRequest.AssumeRolePolicyDocument": iam(
    2048,
    "The trust policy of a role has at most 2,048 characters.",
  ),
  "kms.CreateKeyRequest.Policy": {
    document: 32_768,
    says: "The maximum size of a key policy document is 32 KB.",
    from: "KMS developer guide, resource quotas",
  },
  "kms.ScheduleKeyDeletionRequest.PendingWindowInDays": {
    number: [7, 30],
    says: "If you include a value, it must be between 7 and 30, inclusive.",
  },
  "kms.CreateAliasRequest.AliasName": {
    pattern: /^alias\/(?!aws\/)[A-Za-z0-9/_-]+$/,
    says: "It can contain only alphanumeric characters, forward slashes (/), underscores (_), and dashes (-).",
  },
  "secretsmanager.CreateSecretRequest.Name": {
    pattern: /^[A-Za-z0-9/_+=.@-]+$/,
    says: "The secret name can contain ASCII letters, numbers, and the following characters: /_+=.@-",
  },
  "secretsmanager.DeleteSecretRequest.RecoveryWindowInDays": {
    number: [7, 30],
    says: "The number of days from 7 to 30 that Secrets Manager waits before permanently deleting the secret.",
  },

  "rds.CreateDBInstanceMessage.DBInstanceIdentifier": rdsName(
    63,
    "Must contain from 1 to 63 letters, numbers, or hyphens.",
  ),
  "rds.CreateDBInstanceReadReplicaMessage.DBInstanceIdentifier": {
    ...rdsName(63, "Must contain from 1 to 63 letters, numbers, or hyphens."),
    from: "CreateDBInstanceMessage.DBInstanceIdentifier",
  },
  "rds.CreateDBInstanceMessage.MasterUsername": {
    pattern: /^[A-Za-z]\w*$/,
    max: 16,
    says: "Must be 1 to 16 letters, numbers, or underscores.",
  },
  "rds.CreateDBInstanceMessage.BackupRetentionPeriod": retention,
  "rds.ModifyDBInstanceMessage.BackupRetentionPeriod": retention,
  "rds.CreateDBInstanceMessage.PreferredBackupWindow": window,
  "rds.ModifyDBInstanceMessage.PreferredBackupWindow": window,
  "rds.CreateDBInstanceMessage.PreferredMaintenanceWindow": maintenance,
  "rds.ModifyDBInstanceMessage.PreferredMaintenanceWindow": maintenance,
  "rds.CreateDBInstanceMessage.MonitoringInterval": {
    oneOf: monitoring,
    says: "Valid Values: 0 | 1 | 5 | 10 | 15 | 30 | 60",
  },
  "rds.CreateDBInstanceReadReplicaMessage.MonitoringInterval": {
    oneOf: monitoring,
    says: "Valid Values: 0, 1, 5, 10, 15, 30, 60",
  },
  "rds.CreateDBInstanceMessage.StorageType": {
    oneOf: ["gp2", "gp3", "io1", "io2", "standard"],
    says: "Valid Values: gp2 | gp3 | io1 | io2 | standard",
  },
  "rds.CreateDBInstanceMessage.EnableCloudwatchLogsExports": {
    oneOf: ["postgresql", "upgrade", "iam-db-auth-error"],
    says: "RDS for PostgreSQL - postgresql | upgrade | iam-db-auth-error",
  },
  "rds.DeleteDBInstanceMessage.FinalDBSnapshotIdentifier": rdsName(
    255,
    "Can't end with a hyphen or contain two consecutive hyphens.",
  ),
  "rds.CreateDBSnapshotMessage.DBSnapshotIdentifier": rdsName(
    255,
    "Must contain from 1 to 255 letters, numbers, or hyphens",
  ),
  "rds.CreateDBParameterGroupMessage.DBParameterGroupName": rdsName(
    255,
    "Must be 1 to 255 letters, numbers, or hyphens.",
  ),
  "rds.CreateDBSubnetGroupMessage.DBSubnetGroupName": {
    pattern: /^(?!default$)[A-Za-z][A-Za-z0-9._ -]*$/,
    max: 255,
    says: "Must contain no more than 255 letters, numbers, periods, underscores, spaces, or hyphens.",
  },
  "rds.ConnectionPoolConfiguration.MaxConnectionsPercent": {
    number: [1, 100],
    says: "Must be between 1 and 100.",
  },
  "rds.ConnectionPoolConfiguration.ConnectionBorrowTimeout": {
    number: [0, 300],
    says: "Must be between 0 and 300.",
  },
  "elasticache.CreateReplicationGroupMessage.ReplicationGroupId": {
    pattern: identifier,
    min: 1,
    max: 40,
    says: "A name must contain from 1 to 40 alphanumeric characters or hyphens.",
  },
  "elasticache.CreateReplicationGroupMessage.PreferredMaintenanceWindow": {
    pattern: weekly,
    says: "It is specified as a range in the format ddd:hh24:mi-ddd:hh24:mi (24H Clock UTC).",
  },
  "elasticache.CreateReplicationGroupMessage.SnapshotWindow": {
    pattern: daily,
    says: "Example: 05:00-09:00",
  },
  "elasticache.CreateCacheSubnetGroupMessage.CacheSubnetGroupName": {
    pattern: /^[A-Za-z0-9-]+$/,
    max: 255,
    says: "Must contain no more than 255 alphanumeric characters or hyphens.",
  },
  "elasticache.CreateCacheParameterGroupMessage.CacheParameterGroupFamily": {
    oneOf: ["valkey8", "valkey7", "redis7"],
    says: "Valid values are: valkey8 | valkey7 |",
  },

  "s3.CreateBucketRequest.Bucket": {
    pattern: /^(?!xn--|sthree-)[a-z0-9](?!.*(\.\.|--x-s3$|-s3alias$|--ol-s3$))[a-z0-9.-]*[a-z0-9]$/,
    min: 3,
    max: 63,
    says: "Bucket names must be between 3 (min) and 63 (max) characters long.",
    from: "S3 user guide, bucket naming rules",
  },
  "s3.LifecycleRule.ID": {
    pattern: /^/,
    max: 255,
    says: "The value cannot be longer than 255 characters.",
  },
  "s3.PutBucketPolicyRequest.Policy": {
    document: 20_480,
    says: "Bucket policies are limited to 20 KB in size.",
    from: "S3 user guide, bucket policies",
  },

  "cloudwatch.PutMetricAlarmInput.Period": {
    oneOf: [10, 20, 30, ...Array.from({ length: 24 * 60 }, (_, minute) => 60 * (minute + 1))],
    says: "Valid values are 10, 20, 30, and any multiple of 60.",
  },
  "cloudwatch.PutMetricAlarmInput.TreatMissingData": {
    oneOf: ["breaching", "notBreaching", "ignore", "missing"],
    says: "Valid Values: breaching | notBreaching | ignore | missing",
  },
  "logs.PutRetentionPolicyRequest.retentionInDays": {
    oneOf: [
      1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
    ],
    says: "Possible values are: 1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, and 3653.",
    from: "the shape Days",
  },
  "lambda.CreateFunctionRequest.FunctionName": {
    pattern: /^[a-zA-Z0-9-_]+$/,
    max: 64,
    says: "If you specify only the function name, it is limited to 64 characters in length.",
  },
  "lambda.CreateFunctionRequest.Timeout": {
    number: [1, 900],
    says: "The maximum allowed value is 900 seconds.",
    from: "Lambda developer guide, quotas; the models' 1,800 and 5,400 are for other kinds of functions",
  },
  "eks.CreateAccessEntryRequest.type": {
    oneOf: ["STANDARD", "FARGATE_LINUX", "EC2_LINUX", "EC2_WINDOWS", "EC2", "HYBRID_LINUX", "HYPERPOD_LINUX"],
    says: "Valid values are STANDARD , FARGATE_LINUX , EC2_LINUX , EC2_WINDOWS , EC2 (for EKS Auto Mode), HYBRID_LINUX , and HYPERPOD_LINUX .",
  },
  "eks.KubernetesNetworkConfigRequest.serviceIpv4Cidr": {
    pattern: cidr(12, 24),
    says: "Between /24 and /12 .",
  },

  "sqs.CreateQueueRequest.QueueName": {
    pattern: /^[\w-]+(\.fifo)?$/,
    max: 80,
    says: "A queue name can have up to 80 characters.",
  },
  "sqs.QueueAttributeMap.DelaySeconds": sqs("An integer from 0 to 900 seconds (15 minutes).", 0, 900),
  "sqs.QueueAttributeMap.MaximumMessageSize": sqs(
    "An integer from 1,024 bytes (1 KiB) to 1,048,576 bytes (1 MiB).",
    1024,
    1_048_576,
  ),
  "sqs.QueueAttributeMap.MessageRetentionPeriod": sqs(
    "An integer from 60 seconds (1 minute) to 1,209,600 seconds (14 days).",
    60,
    1_209_600,
  ),
  "sqs.QueueAttributeMap.ReceiveMessageWaitTimeSeconds": sqs("An integer from 0 to 20 (seconds).", 0, 20),
  "sqs.QueueAttributeMap.VisibilityTimeout": sqs("An integer from 0 to 43,200 (12 hours).", 0, 43_200),
  "sns.CreateTopicInput.Name": {
    pattern: /^[\w-]+(\.fifo)?$/,
    max: 256,
    says: "must be between 1 and 256 characters long.",
  },
  "sesv2.CreateConfigurationSetRequest.ConfigurationSetName": {
    pattern: /^[\w-]+$/,
    max: 64,
    says: "The name can contain up to 64 alphanumeric characters, including letters, numbers, hyphens (-) and underscores (_) only.",
  },
  "sesv2.EventBridgeDestination.EventBusArn": {
    pattern: /:event-bus\/default$/,
    says: "Only the default bus is supported.",
  },
  "route53.ResourceRecord.Value": {
    pattern: /^/,
    max: 4000,
    says: "The current or new DNS record value, not to exceed 4,000 characters.",
  },
};
