/** The reason why types have no row of their own in the estimate, and these types. */
type Reasons = Readonly<Record<string, readonly string[]>>;

/** Types that are free, or counted with another resource. */
export const free: Reasons = {
  "settings of a resource whose price is counted": [
    "aws:amp/workspaceConfiguration:WorkspaceConfiguration",
    "aws:backup/vaultLockConfiguration:VaultLockConfiguration",
    "aws:cloudfront/cachePolicy:CachePolicy",
    "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy",
    "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
    "aws:ec2/eipAssociation:EipAssociation",
    "aws:ec2/launchTemplate:LaunchTemplate",
    "aws:ecr/lifecyclePolicy:LifecyclePolicy",
    "aws:ecr/repositoryCreationTemplate:RepositoryCreationTemplate",
    "aws:ecr/repositoryPolicy:RepositoryPolicy",
    "aws:efs/accessPoint:AccessPoint",
    "aws:efs/backupPolicy:BackupPolicy",
    "aws:efs/fileSystemPolicy:FileSystemPolicy",
    "aws:efs/mountTarget:MountTarget",
    "aws:eks/accessEntry:AccessEntry",
    "aws:eks/accessPolicyAssociation:AccessPolicyAssociation",
    "aws:eks/podIdentityAssociation:PodIdentityAssociation",
    "aws:elasticache/parameterGroup:ParameterGroup",
    "aws:elasticache/subnetGroup:SubnetGroup",
    "aws:elasticache/user:User",
    "aws:elasticache/userGroup:UserGroup",
    "aws:kms/alias:Alias",
    "aws:lambda/permission:Permission",
    "aws:lb/listener:Listener",
    "aws:lb/targetGroup:TargetGroup",
    "aws:rds/parameterGroup:ParameterGroup",
    "aws:rds/proxyDefaultTargetGroup:ProxyDefaultTargetGroup",
    "aws:rds/proxyTarget:ProxyTarget",
    "aws:rds/subnetGroup:SubnetGroup",
    "aws:s3/bucketCorsConfiguration:BucketCorsConfiguration",
    "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
    "aws:s3/bucketLogging:BucketLogging",
    "aws:s3/bucketNotification:BucketNotification",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration",
    "aws:s3/bucketOwnershipControls:BucketOwnershipControls",
    "aws:s3/bucketPolicy:BucketPolicy",
    "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
    "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
    "aws:s3/bucketVersioning:BucketVersioning",
    "aws:secretsmanager/secretRotation:SecretRotation",
    "aws:secretsmanager/secretVersion:SecretVersion",
    "aws:sesv2/configurationSet:ConfigurationSet",
    "aws:sesv2/emailIdentityMailFromAttributes:EmailIdentityMailFromAttributes",
    "aws:sns/topicPolicy:TopicPolicy",
    "aws:sqs/queuePolicy:QueuePolicy",
    "aws:sqs/redriveAllowPolicy:RedriveAllowPolicy",
    "aws:sqs/redrivePolicy:RedrivePolicy",
    "aws:ssm/association:Association",
    "aws:shield/protection:Protection",
    "aws:wafv2/ipSet:IpSet",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
  ],
  "IAM and related services have no price": [
    "aws:accessanalyzer/analyzer:Analyzer",
    "aws:iam/accessKey:AccessKey",
    "aws:iam/instanceProfile:InstanceProfile",
    "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
    "aws:iam/policy:Policy",
    "aws:iam/role:Role",
    "aws:iam/rolePolicy:RolePolicy",
    "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    "aws:iam/serviceLinkedRole:ServiceLinkedRole",
    "aws:iam/user:User",
    "aws:iam/userPolicy:UserPolicy",
  ],
  "a VPC's own parts have no price; its gateways, endpoints and addresses have": [
    "aws:ec2/defaultSecurityGroup:DefaultSecurityGroup",
    "aws:ec2/internetGateway:InternetGateway",
    "aws:ec2/route:Route",
    "aws:ec2/routeTable:RouteTable",
    "aws:ec2/routeTableAssociation:RouteTableAssociation",
    "aws:ec2/securityGroup:SecurityGroup",
    "aws:ec2/subnet:Subnet",
    "aws:ec2/vpc:Vpc",
    "aws:vpc/securityGroupEgressRule:SecurityGroupEgressRule",
    "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule",
  ],
  "public certificates for integrated AWS services have no price": [
    "aws:acm/certificate:Certificate",
    "aws:acm/certificateValidation:CertificateValidation",
  ],
  "the add-ons of EKS that are used here have no price": ["aws:eks/addon:Addon"],
  "budgets without actions, anomaly detection and allocation tags have no price": [
    "aws:budgets/budget:Budget",
    "aws:costexplorer/costAllocationTag:CostAllocationTag",
    "aws:costexplorer/anomalyMonitor:AnomalyMonitor",
    "aws:costexplorer/anomalySubscription:AnomalySubscription",
  ],
  "AWS Backup plans have no price; the storage in vaults has": [
    "aws:backup/plan:Plan",
    "aws:backup/reportPlan:ReportPlan",
    "aws:backup/selection:Selection",
  ],
  "snapshots are free up to the size of the region's databases": ["aws:rds/snapshot:Snapshot"],
  "counted with the log group, or the bucket, that the logs are kept in": [
    "aws:cloudwatch/logDelivery:LogDelivery",
    "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource",
    "aws:ec2/flowLog:FlowLog",
    "aws:route53/resolverQueryLogConfig:ResolverQueryLogConfig",
    "aws:route53/resolverQueryLogConfigAssociation:ResolverQueryLogConfigAssociation",
  ],
  "counted with the subscription filters that feed it": [
    "aws:kinesis/firehoseDeliveryStream:FirehoseDeliveryStream",
  ],
  "counted with the file system that it copies to": [
    "aws:efs/replicationConfiguration:ReplicationConfiguration",
  ],
  "muting alarms has no price": ["aws:cloudwatch/alarmMuteRule:AlarmMuteRule"],
  "events of AWS' services, and schedules up to 14 million a month, are free": [
    "aws:cloudwatch/eventRule:EventRule",
    "aws:cloudwatch/eventTarget:EventTarget",
    "aws:scheduler/schedule:Schedule",
    "aws:scheduler/scheduleGroup:ScheduleGroup",
  ],
  "far below the million calls a month that are always free": [
    "aws:lambda/function:Function",
    "aws:lambda/invocation:Invocation",
    "aws:sns/topic:Topic",
    "aws:sns/topicSubscription:TopicSubscription",
    "aws:sqs/queue:Queue",
  ],
  "the first copy of management events is free; data events are charged by use, and so are queries": [
    "aws:athena/namedQuery:NamedQuery",
    "aws:athena/workgroup:Workgroup",
    "aws:cloudtrail/trail:Trail",
  ],
  "pull through caches have no price; their images are counted with their repositories": [
    "aws:ecr/pullThroughCacheRule:PullThroughCacheRule",
  ],
};

/** Types that are charged by usage that a plan doesn't determine. The estimate names them as not counted. */
export const byUse: Reasons = {
  GuardDuty: ["aws:guardduty/detector:Detector", "aws:guardduty/detectorFeature:DetectorFeature"],
  "Security Hub": [
    "aws:securityhub/account:Account",
    "aws:securityhub/standardsSubscription:StandardsSubscription",
  ],
  Inspector: ["aws:inspector2/enabler:Enabler"],
  "AWS Config": [
    "aws:cfg/deliveryChannel:DeliveryChannel",
    "aws:cfg/recorder:Recorder",
    "aws:cfg/recorderStatus:RecorderStatus",
    "aws:cfg/rule:Rule",
  ],
  "game days": ["aws:fis/experimentTemplate:ExperimentTemplate"],
  "restore tests": [
    "aws:backup/restoreTestingPlan:RestoreTestingPlan",
    "aws:backup/restoreTestingSelection:RestoreTestingSelection",
  ],
  mails: [
    "aws:sesv2/configurationSetEventDestination:ConfigurationSetEventDestination",
    "aws:sesv2/emailIdentity:EmailIdentity",
  ],
  "DNS queries": ["aws:route53/record:Record"],
  "transfer between regions": [
    "aws:ecr/replicationConfiguration:ReplicationConfiguration",
    "aws:s3/bucketReplicationConfig:BucketReplicationConfig",
  ],
};

const nameOf = new Map(Object.entries(byUse).flatMap(([name, types]) => types.map((type) => [type, name])));

/** Resources of a plan that the estimate doesn't count, in words, sorted. */
export const leftOut = (types: Iterable<string>): string[] =>
  [...new Set([...types].flatMap((type) => nameOf.get(type) ?? []))].sort();
