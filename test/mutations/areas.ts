import type { Mutation } from "./mutate";
import type { Kind } from "./mutation-kinds";

/** Effect of a mutation: opens access, exposes data or hides an intrusion; or removes one of several layers. */
export type Weight = "opens" | "layer";

/** Relevant mutations, by area. */
type Area = readonly [
  area: string,
  weight: Weight,
  /** Matches the type token. */
  type: RegExp,
  /** Matches the path, with `[]` for list indices. */
  path: RegExp,
  kinds: readonly Kind[],
];

const gone = ["remove", "flip", "weaken"] as const;
const amounts = ["remove", "zero", "multiply"] as const;

/** The first matching row decides. Rows follow from what each property does, not from what the rules catch. */
// prettier-ignore
const areas: readonly Area[] = [
  // IAM and resource policies
  ["iam", "opens", /^aws:/, /(policy|assumeRolePolicy|policyDocument)\[\]\.(Action|Resource|Principal)$/i, ["widen"]],
  ["tls", "opens", /^aws:(s3|sqs|sns|efs)\//, /olicy\[\]\.(Effect|Condition)$/, ["flip"]],
  ["iam", "layer", /^aws:iam\//, /olicy\[\]\.Condition$/, ["remove"]],
  ["iam", "opens", /^aws:/, /olicy(Document)?\[\]\.Condition$/, ["remove"]],
  ["iam", "opens", /^aws:(iam|eks)\//, /^(policyArn|principalArn)$/, ["widen"]],
  ["iam", "opens", /lambda\/permission/, /^(sourceArn|sourceAccount|principal)$/, ["remove"]],
  ["iam", "opens", /providers:aws$/, /^allowedAccountIds$/, ["remove"]],
  // Network
  ["network", "opens", /NetworkPolicy$/, /(from|to|ports)(\[\])?(\.(ipBlock|podSelector|namespaceSelector|port|protocol))?$/, []],
  ["network", "opens", /NetworkPolicy$/, /spec\.(ingress|egress)\[\]\.(from|to|ports)$/, ["remove"]],
  ["network", "opens", /NetworkPolicy$/, /\.(ports\[\]\.port|ipBlock\.cidr|ipBlock\.except)$/, ["remove", "widen", "zero"]],
  ["network", "opens", /NetworkPolicy$/, /namespaceSelector\.matchLabels$/, ["remove"]],
  ["network", "opens", /NetworkPolicy$/, /spec\.(policyTypes(\[\])?|podSelector)$/, ["remove", "weaken"]],
  ["network", "opens", /ConfigMapPatch$/, /^data(\.enable-network-policy-controller)?$/, ["remove", "flip"]],
  ["network", "opens", /Ingress(Patch)?$/, /inbound-cidrs$/, ["remove", "widen"]],
  ["network", "opens", /NetworkPolicy$/, /(podSelector|namespaceSelector)$/, ["widen"]],
  ["network", "opens", /NetworkPolicy$/, /(podSelector|namespaceSelector)\.matchLabels(\..*)?$/, ["remove"]],
  ["network", "layer", /(ec2\/(vpc|subnet)|eks\/cluster)/, /(cidrBlock|serviceIpv4Cidr)$/i, ["widen"]],
  // Permissions in the cluster, and fields that the API server itself validates
  ["identity", "opens", /rbac/, /^(rules\[\]\.(verbs|resources|apiGroups)|roleRef\.name|subjects\[\]\.name)$/, ["widen"]],
  ["admission", "opens", /ValidatingAdmissionPolicy(Binding)?$/, /^(spec\.(validations(\[\]\.expression)?|matchConstraints(\.resourceRules(\[\]\.(apiGroups|resources|operations))?)?|validationActions|policyName|failurePolicy))$/, ["remove", "weaken"]],
  ["admission", "opens", /ValidatingAdmissionPolicy(Binding)?$/, /^$/, ["drop"]],
  ["admission", "layer", /core\/v1:Namespace$/, /plinth\/admission$/, ["remove"]],
  ["network", "opens", /securityGroup(In|E)gressRule/, /^(cidrIpv4|fromPort|toPort|ipProtocol|referencedSecurityGroupId)$/, ["remove", "widen", "zero", "multiply"]],
  ["network", "opens", /eks\/cluster/, /publicAccessCidrs(\[\])?$/, ["remove", "widen"]],
  ["network", "layer", /vpcEndpoint/, /^(policy|securityGroupIds|privateDnsEnabled)$/, gone],
  ["network", "layer", /(rds\/(instance|proxy)|elasticache\/replicationGroup|efs\/mountTarget)/, /^(vpcSecurityGroupIds|securityGroupIds|securityGroups|dbSubnetGroupName|subnetGroupName)$/, ["remove"]],
  // Public access
  ["public", "opens", /bucketPublicAccessBlock/, /^(block|ignore|restrict)/, ["remove", "flip"]],
  ["public", "opens", /(rds\/instance|eks\/cluster|ec2\/subnet)/, /(publiclyAccessible|mapPublicIpOnLaunch)$/, ["flip"]],
  ["public", "layer", /eks\/cluster/, /endpointPrivateAccess$/, ["remove", "flip"]],
  ["public", "layer", /bucketOwnershipControls/, /objectOwnership$/, gone],
  ["public", "opens", /core\/v1:Service$/, /spec\.type$/, ["weaken"]],
  ["public", "layer", /bucketCors/, /allowedOrigins\[\]$/, ["weaken"]],
  // Encryption
  ["encryption", "opens", /^aws:/, /^(storageEncrypted|encrypted|atRestEncryptionEnabled)$/, ["remove", "flip"]],
  ["encryption", "opens", /ec2\/launchTemplate/, /^blockDeviceMappings(\[\](\.ebs(\.encrypted)?)?)?$/, ["remove", "flip"]],
  ["encryption", "layer", /^aws:(?!lambda)/, /(^|\.)(kmsKeyId|replicaKmsKeyId|kmsKeyArn|kmsMasterKeyId|keyArn|performanceInsightsKmsKeyId|kmsMasterKeyID)$/, ["remove"]],
  ["encryption", "layer", /ServerSideEncryption/, /blockedEncryptionTypes(\[\])?$/, ["remove"]],
  ["encryption", "layer", /ServerSideEncryption/, /(sseAlgorithm|applyServerSideEncryptionByDefault|rules)$/, ["remove", "weaken"]],
  ["encryption", "opens", /eks\/cluster/, /encryptionConfig(\.resources|\.provider)?$/, ["remove"]],
  ["encryption", "layer", /kms\/(key|replicaKey)/, /^(enableKeyRotation|deletionWindowInDays)$/, ["remove", "flip", "zero"]],
  ["encryption", "layer", /(NodeClass|StorageClass)$/, /(kmsKeyID|kmsKeyId|encrypted)$/, ["remove", "flip"]],
  // TLS
  ["tls", "opens", /elasticache\/replicationGroup/, /^transitEncryption/, gone],
  ["tls", "opens", /rds\/proxy/, /^requireTls$/, ["remove", "flip"]],
  ["tls", "layer", /sesv2/, /(tlsPolicy|deliveryOptions|configurationSetName)$/, ["remove", "weaken"]],
  ["tls", "opens", /Ingress(Patch)?$/, /annotations\.alb\.ingress\.kubernetes\.io\/(listen-ports|ssl-redirect|ssl-policy|certificate-arn)$/, ["remove", "weaken"]],
  ["tls", "opens", /PersistentVolume$/, /mountOptions(\[\])?$/, ["remove", "weaken"]],
  ["tls", "opens", /helm/, /values\..*\btls\.(enabled|secretName|merge|merge\.verify)$/, ["remove", "flip"]],
  ["tls", "opens", /(Account|Deployment|Rollout|Job|ConfigMap|ExternalSecret)$/, /(servers\[\]|\.value|template\.data\..*)$/, ["weaken"]],
  ["tls", "layer", /cert-manager/, /(duration|rotationPolicy)$/, ["remove", "weaken"]],
  ["tls", "layer", /acm\/certificate:/, /validationMethod$/, ["remove", "weaken"]],
  // Supply chain
  ["supply chain", "opens", /^kubernetes:/, /\.image$/, ["move"]],
  ["supply chain", "layer", /helm/, /^(version|repositoryOpts\.repo)$/, ["remove", "weaken"]],
  ["supply chain", "layer", /eks\/(addon|cluster)/, /^(addonVersion|version)$/, ["remove"]],
  // Pod hardening
  ["pods", "opens", /^kubernetes:/, /(runAsUser|runAsNonRoot)$/, ["zero", "flip"]],
  ["pods", "layer", /^kubernetes:/, /(securityContext|containerSecurityContext|podSecurityContext|runAsNonRoot|allowPrivilegeEscalation|readOnlyRootFilesystem|capabilities|capabilities\.drop|drop\[\]|seccompProfile|seccompProfile\.type|automountServiceAccountToken)$/, gone],
  ["pods", "layer", /core\/v1:Namespace$/, /pod-security\.kubernetes\.io\/enforce$/, ["remove", "weaken"]],
  ["pods", "layer", /helm/, /values\.(providerRBAC\.providers\.(?!awsLoadBalancer)\w+|rbac\.scaledRefKinds|reloader\.namespaces)$/, ["remove", "flip"]],
  ["pods", "layer", /helm/, /values\.(permissions\..*secret|process\w+|grafana\.enabled|nodeExporter\.enabled|natsBox\.enabled|dashboard\.enabled)$/, ["remove", "flip"]],
  // Instances
  ["identity", "opens", /ec2\/(instance:|launchTemplate)/, /^metadataOptions(\.httpTokens)?$/, ["remove", "weaken"]],
  ["state", "layer", /ssm\/association/, /^$/, ["drop"]],
  // Limits
  ["limits", "layer", /(Deployment|Rollout|Job|CronJob|Release)$/, /(resources|limits|limits\.(cpu|memory))$/, ["remove", "zero"]],
  ["limits", "layer", /(Deployment|Rollout|Job|CronJob|Release)$/, /limits\.(cpu|memory)$/, ["multiply"]],
  ["limits", "layer", /(NodePool|ResourceQuota)$/, /(limits|hard)(\.(cpu|memory|pods|limits\.cpu|limits\.memory))?$/, amounts],
  ["limits", "layer", /LimitRange$/, /(limits|default|default\.(cpu|memory))$/, amounts],
  ["limits", "layer", /(Deployment|Rollout|StatefulSet)$/, /^spec\.replicas$/, ["multiply"]],
  ["limits", "layer", /(Deployment|Rollout|Job)$/, /emptyDir\.sizeLimit$/, ["remove", "zero"]],
  ["limits", "layer", /helm/, /enforced\w+Limit$/, ["remove", "zero"]],
  ["limits", "layer", /lambda\/function/, /^(timeout|memorySize)$/, ["multiply"]],
  ["limits", "layer", /(HorizontalPodAutoscaler|ScaledObject)$/, /max(Replicas|ReplicaCount)$/, ["multiply"]],
  // Secrets
  ["secrets", "opens", /./, /./, ["disclose"]],
  ["secrets", "opens", /SecretStore$/, /conditions(\[\])?(\.(namespaces|namespaceSelector)(\.matchLabels)?)?$/, ["remove"]],
  ["secrets", "layer", /secretRotation/, /automaticallyAfterDays$/, ["remove", "zero", "multiply"]],
  ["secrets", "layer", /randomPassword/, /^length$/, ["remove", "zero"]],
  // Identity
  ["identity", "opens", /eks\/cluster/, /accessConfig(\..*)?$/, gone],
  ["identity", "opens", /elasticache/, /^(userGroupIds|passwords|userIds)$/, ["remove"]],
  ["identity", "layer", /efs\/accessPoint/, /(uid|gid|permissions|posixUser|rootDirectory)$/, ["remove", "zero"]],
  ["identity", "layer", /podIdentityAssociation/, /^serviceAccount$/, ["remove"]],
  // Detection of intrusions
  ["audit", "opens", /eks\/cluster/, /enabledClusterLogTypes$/, ["remove"]],
  ["audit", "opens", /ec2\/flowLog/, /^trafficType$/, gone],
  ["audit", "layer", /logGroup/, /^retentionInDays$/, ["remove", "zero"]],
  ["audit", "layer", /metricAlarm/, /^alarmActions$/, ["remove"]],
  ["audit", "layer", /rds\/instance/, /^(enabledCloudwatchLogsExports|monitoringInterval)$/, ["remove", "zero"]],
  ["audit", "layer", /rds\/parameterGroup/, /^parameters$/, ["remove"]],
  // AWS WAF
  ["waf", "opens", /Ingress(Patch)?$/, /annotations\.alb\.ingress\.kubernetes\.io\/wafv2-acl-arn$/, ["remove"]],
  ["waf", "layer", /wafv2\/webAcl:/, /^(rules|rules\[\]\.visibilityConfig\.\w+Enabled|visibilityConfig\.\w+Enabled)$/, ["remove", "flip"]],
  ["waf", "layer", /webAclLoggingConfiguration/, /^redactedFields(\[\])?$/, ["remove"]],
  // State
  ["state", "layer", /./, /^protect$/, ["flip"]],
  ["state", "layer", /rds\/instance/, /^(deletionProtection|backupRetentionPeriod|skipFinalSnapshot|copyTagsToSnapshot)$/, ["flip", "zero"]],
  ["state", "layer", /(eks\/cluster|elasticache\/replicationGroup)/, /^(deletionProtection|snapshotRetentionLimit|automaticFailoverEnabled)$/, ["remove", "flip", "zero"]],
  ["state", "layer", /StorageClass$/, /^reclaimPolicy$/, ["remove", "weaken"]],
  ["state", "layer", /PodDisruptionBudget$/, /spec\.minAvailable$/, ["remove"]],
  ["state", "layer", /s3\/bucket/, /(status|forceDestroy|defaultRetention\.days)$/, gone],
  ["state", "layer", /efs\/backupPolicy/, /status$/, gone],
  // Whole resources that protect others
  ["public", "opens", /bucketPublicAccessBlock/, /^$/, ["drop"]],
  ["tls", "opens", /(bucketPolicy|queuePolicy|topicPolicy|fileSystemPolicy)/, /^$/, ["drop"]],
  ["audit", "opens", /ec2\/flowLog/, /^$/, ["drop"]],
  ["state", "layer", /(bucketVersioning|bucketObjectLock|bucketLogging|bucketReplication|AutomatedBackupsReplication|efs\/replication|efs\/backupPolicy|webAclLoggingConfiguration|ServerSideEncryption|bucketOwnership|secretRotation|bucketLifecycle)/, /^$/, ["drop"]],
  ["limits", "layer", /(ResourceQuota|LimitRange)$/, /^$/, ["drop"]],
  // What recovery objectives rely on
  ["state", "layer", /ec2\/(natGateway|instance:)/, /^$/, ["drop"]],
  ["state", "layer", /bucketLifecycleConfiguration/, /noncurrentDays$/, ["zero"]],
  ["state", "layer", /rds\/instance/, /^multiAz$/, ["remove", "flip"]],
  ["state", "layer", /backup\/plan/, /^rules(\[\]\.schedule)?$/, ["remove"]],
  ["state", "layer", /bucketReplicationConfig/, /metrics(\.status)?$/, ["remove"]],
];

/** The path in the form of the tables. */
export const shape = (path: readonly (string | number)[]): string =>
  path
    .map((key) => (typeof key === "number" ? "[]" : `.${key}`))
    .join("")
    .replace(/^\./, "");

/** Switches that are safe when off; all others are safe when on. */
const safeOff =
  /(providerRBAC\.providers\.\w+|skipFinalSnapshot|forceDestroy|publiclyAccessible|mapPublicIpOnLaunch|allowPrivilegeEscalation|automountServiceAccountToken|bootstrapClusterCreatorAdminPermissions|values\.process\w+|(grafana|nodeExporter|natsBox|dashboard)\.enabled)$/;
/** Switches that are off when absent. */
const offByDefault = /(skipFinalSnapshot|forceDestroy|publiclyAccessible|mapPublicIpOnLaunch)$/;

/** Whether the mutation makes nothing worse: the switch was already unsafe, or its default is safe. */
function harmless({ kind, before }: Mutation, path: string): boolean {
  if (typeof before === "boolean" || before === "true" || before === "false")
    return String(before) === String(safeOff.test(path)) || (kind === "remove" && offByDefault.test(path));
  return kind === "remove" && before === 0;
}

/** Area and effect of a mutation; undefined if it isn't relevant to security. */
export function areaOf(type: string, mutation: Mutation): { area: string; weight: Weight } | undefined {
  const path = shape(mutation.path);
  if (harmless(mutation, path)) return undefined;
  const row = areas.find(
    ([, , ofType, ofPath, kinds]) => kinds.includes(mutation.kind) && ofType.test(type) && ofPath.test(path),
  );
  return row && { area: row[0], weight: row[1] };
}

/**
 * A NetworkPolicy that denies everything, or the setting that makes nodes enforce policies: without it the other
 * policies have no effect, so only its removal is tested.
 */
export const isFloor = (type: string, name: string): boolean =>
  (type.endsWith(":NetworkPolicy") && name.endsWith("default-deny")) ||
  (type.endsWith(":ConfigMapPatch") && name.endsWith("network-policies"));
