import type { Policies, PolicyResource } from "@pulumi/policy";
import { scratchClass } from "../../standards/objects";
import { onStack } from "../lib/control";
import { beside, type Companion } from "../lib/beside";
import { ofType } from "../lib/joins";
import { isLater, isRecord, plain, shown } from "../lib/wire";
import { isPromoted } from "./rds-instance";

const docs = "https://docs.aws.amazon.com";
const props = ({ props: raw }: PolicyResource) => plain(raw) as Record<string, unknown>;

/** Companion resources that each type needs, and their purpose. */
const companions: readonly Companion[] = [
  [
    "aws:s3/bucket:Bucket.bucket",
    "aws:s3/bucketLogging:BucketLogging.bucket",
    "logs requests to it",
    // The access log bucket doesn't log its own requests.
    (bucket, allOf) =>
      !allOf("aws:s3/bucketLogging:BucketLogging").some((logging) => {
        const { targetBucket } = props(logging) as { targetBucket?: unknown };
        return targetBucket === props(bucket).bucket && targetBucket !== undefined;
      }),
  ],
  [
    "aws:s3/bucket:Bucket.bucket",
    "aws:s3/bucketObjectLockConfiguration:BucketObjectLockConfiguration.bucket",
    "protects backups, Pulumi state and audit logs from deletion",
    ({ opts, name }) => opts.protect && /(backups?|configuration|state|audit)\b/.test(name),
  ],
  ["aws:sqs/queue:Queue.url", "aws:sqs/queuePolicy:QueuePolicy.queueUrl", "denies requests without TLS"],
  [
    "aws:sns/topic:Topic.arn",
    "aws:sns/topicPolicy:TopicPolicy.arn",
    "limits who may publish and denies requests without TLS",
  ],
  [
    "aws:efs/fileSystem:FileSystem.id",
    "aws:efs/fileSystemPolicy:FileSystemPolicy.fileSystemId",
    "denies mounts without TLS",
  ],
  [
    "aws:efs/fileSystem:FileSystem.id",
    "aws:efs/backupPolicy:BackupPolicy.fileSystemId",
    "enables automatic backups",
  ],
  [
    "aws:wafv2/webAcl:WebAcl.arn",
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration.resourceArn",
    "logs the requests that it blocks",
  ],
  [
    "aws:cloudfront/distribution:Distribution.arn",
    "aws:cloudwatch/logDeliverySource:LogDeliverySource.resourceArn",
    "enables access logs",
  ],
];

/** Names of the log groups that a resource writes to. */
function logGroupsOf({ type, ...resource }: PolicyResource): unknown[] {
  const own = plain(resource.props) as Record<string, unknown>;
  switch (type) {
    case "aws:lambda/function:Function":
      return [isRecord(own.loggingConfig) ? own.loggingConfig.logGroup : undefined];
    case "aws:eks/cluster:Cluster":
      return [isLater(own.name) ? own.name : `/aws/eks/${String(own.name)}/cluster`];
    case "aws:elasticache/replicationGroup:ReplicationGroup":
      return (Array.isArray(own.logDeliveryConfigurations) ? own.logDeliveryConfigurations : []).flatMap(
        (one: unknown) =>
          isRecord(one) && one.destinationType === "cloudwatch-logs" ? [one.destination] : [],
      );
    default:
      return [];
  }
}

/** Stateful types: if a stack protects them, it must protect all. */
const stateful = new Set([
  "aws:amp/workspace:Workspace",
  "aws:backup/vault:Vault",
  "aws:cloudtrail/trail:Trail",
  "aws:guardduty/detector:Detector",
  "aws:dynamodb/table:Table",
  "aws:ecr/repository:Repository",
  "aws:efs/fileSystem:FileSystem",
  "aws:eks/cluster:Cluster",
  "aws:elasticache/replicationGroup:ReplicationGroup",
  "aws:iam/openIdConnectProvider:OpenIdConnectProvider",
  "aws:kms/key:Key",
  "aws:kms/replicaKey:ReplicaKey",
  "aws:opensearch/domain:Domain",
  "aws:rds/cluster:Cluster",
  "aws:rds/instance:Instance",
  "aws:s3/bucket:Bucket",
  "aws:secretsmanager/secret:Secret",
  "aws:sqs/queue:Queue",
  "kubernetes:jetstream.nats.io/v1beta2:Consumer",
  "kubernetes:jetstream.nats.io/v1beta2:Stream",
]);

/** Region of a resource's AWS provider; undefined for other providers. */
const regionOf = ({ provider }: PolicyResource): unknown =>
  provider?.type === "pulumi:providers:aws" ? provider.props.region : undefined;

/** Policies for companion resources. */
export const companionRules: Policies = [
  beside(
    {
      name: "aws-companions",
      description:
        "Buckets, queues, topics, file systems, web ACLs and distributions must have the resources that restrict access, enable logging and back up data.",
      severity: "high",
      remediation: "Add the resource that the message names, and refer to this resource in it.",
      url: `${docs}/securityhub/latest/userguide/fsbp-standard.html`,
    },
    companions,
  ),
  onStack(
    {
      name: "logs-group-in-stack",
      description: "Services must write to log groups of the stack, which set encryption and retention.",
      severity: "medium",
      remediation:
        "Add an aws.cloudwatch.LogGroup with that name, kmsKeyId and retentionInDays. Otherwise, the service creates the log group without encryption and retention.",
      url: `${docs}/AmazonCloudWatch/latest/logs/Working-with-log-groups-and-streams.html`,
    },
    (resources, report) => {
      const groups = new Set(
        ofType(resources, "aws:cloudwatch/logGroup:LogGroup").map((one) => props(one).name),
      );
      if ([...groups].some(isLater)) return;
      for (const resource of resources)
        for (const name of logGroupsOf(resource))
          if (name !== undefined && !isLater(name) && !groups.has(name))
            report(
              `${resource.name} writes to the log group ${String(name)}, which the stack doesn't create.`,
              resource.urn,
            );
    },
  ),
  onStack(
    {
      name: "state-protected",
      description: "Stacks that protect stateful resources must protect all of them in the same region.",
      severity: "high",
      remediation:
        "Set the resource option `protect` from the same configuration value as for the other resources, and reclaimPolicy of StorageClasses to Retain.",
      url: "https://www.pulumi.com/docs/iac/concepts/options/protect/",
    },
    (resources, report) => {
      // The only Helm release with data is NATS.
      const holders = resources.filter(
        (one) =>
          stateful.has(one.type) ||
          (one.type === "kubernetes:helm.sh/v3:Release" && props(one).chart === "nats"),
      );
      // With reclaimPolicy Delete, Kubernetes deletes volumes with their claims. k8s-scratch-volumes checks the scratch class.
      for (const one of ofType(resources, "kubernetes:storage.k8s.io/v1:StorageClass"))
        if (
          holders.some(({ opts }) => opts.protect) &&
          props(one).reclaimPolicy !== "Retain" &&
          (props(one).metadata as { name?: unknown } | undefined)?.name !== scratchClass
        )
          report(
            `${one.name}: reclaimPolicy is ${shown(props(one).reclaimPolicy)}; it must be "Retain".`,
            one.urn,
          );
      const guarded = holders.filter(({ opts }) => opts.protect).length;
      // A single protected resource among many unprotected ones is intentional.
      if (guarded * 2 <= holders.length) return;
      const regions = holders.map(regionOf);
      const protects = new Set(regions.filter((_, index) => holders[index]?.opts.protect));
      for (const [index, one] of holders.entries()) {
        const isAlone = () => regions.filter((region) => region === regions[index]).length === 1;
        // A second region without protected resources is about to be removed.
        if (!one.opts.protect && (protects.has(regions[index]) || isAlone()))
          report(`${one.name} is not protected; other stateful resources of the stack are.`, one.urn);
      }
    },
  ),
  onStack(
    {
      name: "secretsmanager-logins-rotate",
      description: "Stacks that rotate database credentials must rotate those of every protected database.",
      severity: "medium",
      remediation:
        "Add an aws.secretsmanager.SecretRotation for the database's secret, or set manageMasterUserPassword to true.",
      url: `${docs}/securityhub/latest/userguide/secretsmanager-controls.html#secretsmanager-1`,
    },
    (resources, report) => {
      const databases = ofType(resources, "aws:rds/instance:Instance").filter((one) => {
        const own = props(one);
        // Copies have the credentials of their source.
        const copy =
          own.replicateSourceDb !== undefined || own.restoreToPointInTime !== undefined || isPromoted(own);
        return one.opts.protect && !copy && own.manageMasterUserPassword !== true;
      });
      const rotations = resources.filter(
        ({ type }) => type === "aws:secretsmanager/secretRotation:SecretRotation",
      );
      // A stack without any rotation is intentional.
      if (rotations.length > 0 && rotations.length < databases.length)
        report(
          `each of the ${databases.length} protected databases must have a secret rotation; found ${rotations.length}.`,
          databases[0]?.urn,
        );
    },
  ),
];
