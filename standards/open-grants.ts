/**
 * Why a statement of an IAM policy is open: it allows actions by a wildcard, on resources that it doesn't name, or for
 * principals that it doesn't name. By the statement's `Sid`. `test/stacks/iam.test.ts` finds each such statement of every
 * stack and of the foundation here, and no row without a statement.
 */
export const openGrants: Readonly<Record<string, string>> = {
  // Key policies, in which `*` is the key itself.
  AccountByIam:
    "A key leaves the decision to IAM, as AWS' own default key policy does. Without it no one could change the key. So does the search domain.",
  CloudWatchLogs:
    "The wildcards are those of the CloudWatch Logs user guide, encrypt log data; the encryption context names this account's log groups.",
  CloudWatchAlarms:
    "The wildcard is for the variants of one action, as in the SNS developer guide, encrypted topics; only for alarms of this account.",
  EventBridge:
    "The wildcard is for the variants of one action, as in the SNS developer guide, encrypted topics; the encryption context names this environment's topics.",
  CloudTrail:
    "The wildcard is for the variants of one action, as in the CloudTrail user guide, AWS KMS key policies; only for this account's trail.",

  // The cluster.
  EncryptVolumesAndSecrets:
    "The wildcards are for the variants of two actions, on one key. Source: EKS user guide, EBS encryption with customer managed keys for EKS Auto Mode.",
  Compute:
    "EKS Auto Mode makes nodes whose ids aren't known before; each must have the tag of this cluster. Source: EKS user guide, custom AWS tags for EKS Auto Mode resources.",
  Storage: "Volumes have no name before they exist; each must have the tag of this cluster.",
  Networking: "Network interfaces have no name before they exist; each must have the tag of this cluster.",
  LoadBalancer: "EKS names load balancers and their parts itself; each must have the tag of this cluster.",
  FindFileSystems:
    "Read-only metadata. The driver is installed before the file systems exist, so their ARNs aren't known.",
  ReadMetrics: "CloudWatch binds metrics to no resource. Reading them shows no content.",
  NodesAtTheAccessPoint:
    "The node mounts, not an IAM identity. Only through a mount target inside the VPC, and only at the access point.",

  // The edge.
  NewHealthChecks:
    "A health check has no ARN before it exists. It only asks a public address. Source: IAM service authorization reference, Amazon Route 53.",

  HealthChecks: "Route 53 names health checks itself, by ids. They hold no data.",

  // Logs, backups, mail.
  FindLogGroups:
    "IAM can't limit DescribeLogGroups to one group. Source: VPC user guide, flow logs to CloudWatch Logs.",
  FindBackups:
    "Read-only metadata. DescribeDBSnapshots of an instance is checked against its snapshots, too, whose names RDS or a release gives.",
  FindReplicatedBackups:
    "Read-only metadata. RDS chooses the names of automated backups; those of deleted databases are listed with them.",
  Certificates: "IAM can't limit ListCertificates to one certificate. It shows names and dates, no content.",
  FindTargets:
    "Read-only metadata: AWS FIS finds an experiment's targets by their tags, which IAM binds to no resource.",
  Report: "CloudWatch binds PutMetricData to no resource; the condition names the one metric namespace.",
  SendAsDomain:
    "In SES' sandbox the recipients' identities are checked as well as the sender's; the condition names the sender's domain.",

  // Endpoints of the VPC. Their policies only narrow what IAM grants.
  OwnBuckets: "All buckets of this account, and no other's: IAM decides which.",
  ReadImageLayers: "AWS' and Kubernetes' own buckets with image layers, which every node reads.",
  OwnIdentitiesOwnResources: "This account's identities on this account's resources: IAM decides which.",
  OwnIdentitiesPullImages:
    "This account's identities; the images of EKS' add-ons are in AWS' own accounts, of which there is no list.",

  // The foundation's roles of CI.
  MostThatMayBeGranted:
    "A permissions boundary grants nothing: what is not denied below it can be granted by other policies.",
  ServicesOfTheRegion:
    "What a deployment makes has no name before, and most actions that make something take no resource. Only in the environment's region and, for CloudFront, us-east-1.",
  Associations:
    "Systems Manager names associations itself, and EC2 instances. Only in this account and the environment's regions.",
  Login:
    "ecr:GetAuthorizationToken takes no resource. The token pushes only what the rest of the policy names.",
  Zones: "IAM can't limit the lists of hosted zones.",
  RecordChanges:
    "A change of records has an id that Route 53 makes with it; reading its state shows no content.",
  Identities:
    "The wildcards are read-only (Get, List), on the environment's own roles and users, whose names begin with the region's component.",
  Look: "Read-only metadata of what is deployed, which a refresh compares with the state. Most of it IAM binds to no resource.",
  LookAtOne:
    "Read-only metadata, for the same refresh, of the account's own resources in the environment's regions. Of secrets, a distribution shows the header by which its origin knows it, which is in the state, too.",
  VariablesOfFunctions:
    "Only through Lambda, which decrypts the variables of a function alone. They hold no secrets: those are in Secrets Manager.",
  RolesThatExist:
    "Read-only metadata: the preflight before a first deployment asks whether the roles exist that the stack file and AWS' services need.",
  LookAtIdentities:
    "The wildcard is read-only (List), on the environment's own roles and users, whose names begin with the region's component.",
};
