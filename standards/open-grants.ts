/**
 * Reasons for open statements of IAM policies, which allow actions by a wildcard, or don't name the resources or
 * principals. By the statement's `Sid`. `test/stacks/iam.test.ts` finds each such statement of every stack and of the
 * foundation here, and no row without a statement.
 */
export const openGrants: Readonly<Record<string, string>> = {
  // Key policies, in which `*` is the key itself.
  AccountByIam:
    "Access is left to IAM policies, as in AWS' default key policy: without this statement nobody could manage the key. The OpenSearch domain does the same.",
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
    "The ids of EKS Auto Mode's nodes aren't known in advance; each must have the tag of this cluster. Source: EKS user guide, custom AWS tags for EKS Auto Mode resources.",
  Storage: "The ids of volumes aren't known in advance; each must have the tag of this cluster.",
  Networking:
    "The ids of network interfaces aren't known in advance; each must have the tag of this cluster.",
  LoadBalancer: "EKS names load balancers and their parts itself; each must have the tag of this cluster.",
  FindFileSystems:
    "Read-only metadata. The driver is installed before the file systems exist, so their ARNs aren't known.",
  ReadMetrics: "Metrics have no ARN. They contain no data of users.",
  NodesAtTheAccessPoint:
    "The node mounts, not an IAM identity. Only through a mount target inside the VPC, and only at the access point.",

  // The edge.
  NewHealthChecks:
    "The ARNs of health checks aren't known in advance. They only request a public address. Source: IAM service authorization reference, Amazon Route 53.",

  HealthChecks: "Route 53 chooses the ids of health checks. They hold no data.",

  // Logs, backups, mail.
  FindLogGroups:
    "DescribeLogGroups can't be restricted to one log group. Source: VPC user guide, flow logs to CloudWatch Logs.",
  FindBackups:
    "Read-only metadata. DescribeDBSnapshots of an instance is checked against its snapshots, too, whose names RDS or a release gives.",
  FindReplicatedBackups:
    "Read-only metadata. RDS chooses the names of automated backups; those of deleted databases are listed with them.",
  Certificates: "ListCertificates has no resource-level permissions. It returns names and dates only.",
  FindTargets:
    "Read-only metadata: AWS FIS finds an experiment's targets by their tags, with actions that have no resource-level permissions.",
  Report: "PutMetricData has no resource-level permissions; the condition allows only one namespace.",
  SendAsDomain:
    "In SES' sandbox the recipients' identities are checked as well as the sender's; the condition names the sender's domain.",

  // Endpoints of the VPC. Their policies only narrow what IAM grants.
  OwnBuckets: "Only buckets of this account; IAM policies decide which.",
  ReadImageLayers: "AWS' and Kubernetes' own buckets with image layers, which every node reads.",
  OwnIdentitiesOwnResources: "Only this account's identities and resources; IAM policies decide which.",
  OwnIdentitiesPullImages:
    "This account's identities; the images of EKS' add-ons are in accounts of AWS that aren't documented.",

  // The foundation's roles of CI.
  MostThatMayBeGranted: "A permissions boundary grants nothing: it limits what other policies can grant.",
  ServicesOfTheRegion:
    "The ARNs of new resources aren't known in advance, and most create actions have no resource-level permissions. Only in the environment's region and, for CloudFront, us-east-1.",
  Associations:
    "Systems Manager chooses the ids of associations, EC2 those of instances. Only in this account and the environment's regions.",
  Login:
    "ecr:GetAuthorizationToken has no resource-level permissions. The token allows only what the rest of the policy allows.",
  Zones: "Listing hosted zones has no resource-level permissions.",
  RecordChanges: "The ids of record changes aren't known in advance; GetChange returns only their status.",
  Identities:
    "The wildcards are read-only (Get, List), on the environment's own roles and users, whose names start with the region's component.",
  Look: "Read-only metadata of what is deployed, which a refresh compares with the state. Most of these actions have no resource-level permissions.",
  LookAtOne:
    "Read-only metadata, for the same refresh, of the account's own resources in the environment's regions. Of secrets, a distribution shows the header by which its origin knows it, which is in the state, too.",
  VariablesOfFunctions:
    "Only through Lambda, which decrypts only the variables of a function. They contain no secrets, which are in Secrets Manager.",
  RolesThatExist:
    "Read-only metadata: the preflight before a first deployment checks that the roles exist that the stack file and AWS services need.",
  LookAtIdentities:
    "The wildcard is read-only (List), on the environment's own roles and users, whose names start with the region's component.",
};
