import type { Kind, Mutation } from "./mutate";

/** What a mutation would do: open a way in, bare data or hide an intrusion; or take one of several layers. */
export type Weight = "opens" | "layer";

/** Mutations that matter, by area. */
interface Area {
  area: string;
  weight: Weight;
  /** Of the type token. */
  type: RegExp;
  /** Of the path, with `[]` for places in lists. */
  path: RegExp;
  kinds: readonly Kind[];
}

const gone = ["remove", "flip", "weaken"] as const;
const amounts = ["remove", "zero", "multiply"] as const;

/** Row by row as read: the first that fits decides. Decided from what each property does, before any verdict was seen. */
const areas: readonly Area[] = [
  // IAM and resource policies
  {
    area: "iam",
    weight: "opens",
    type: /^aws:/,
    path: /(policy|assumeRolePolicy|policyDocument)\[\]\.(Action|Resource|Principal)$/i,
    kinds: ["widen"],
  },
  {
    area: "tls",
    weight: "opens",
    type: /^aws:(s3|sqs|sns|efs)\//,
    path: /olicy\[\]\.(Effect|Condition)$/,
    kinds: ["flip"],
  },
  { area: "iam", weight: "layer", type: /^aws:iam\//, path: /olicy\[\]\.Condition$/, kinds: ["remove"] },
  {
    area: "iam",
    weight: "opens",
    type: /^aws:/,
    path: /olicy(Document)?\[\]\.Condition$/,
    kinds: ["remove"],
  },
  {
    area: "iam",
    weight: "opens",
    type: /^aws:(iam|eks)\//,
    path: /^(policyArn|principalArn)$/,
    kinds: ["widen"],
  },
  {
    area: "iam",
    weight: "opens",
    type: /lambda\/permission/,
    path: /^(sourceArn|sourceAccount|principal)$/,
    kinds: ["remove"],
  },
  { area: "iam", weight: "opens", type: /providers:aws$/, path: /^allowedAccountIds$/, kinds: ["remove"] },
  // Network
  {
    area: "network",
    weight: "opens",
    type: /NetworkPolicy$/,
    path: /(from|to|ports)(\[\])?(\.(ipBlock|podSelector|namespaceSelector|port|protocol))?$/,
    kinds: [],
  },
  {
    area: "network",
    weight: "opens",
    type: /NetworkPolicy$/,
    path: /spec\.(ingress|egress)\[\]\.(from|to|ports)$/,
    kinds: ["remove"],
  },
  {
    area: "network",
    weight: "opens",
    type: /NetworkPolicy$/,
    path: /\.(ports\[\]\.port|ipBlock\.cidr|ipBlock\.except)$/,
    kinds: ["remove", "widen", "zero"],
  },
  {
    area: "network",
    weight: "opens",
    type: /NetworkPolicy$/,
    path: /namespaceSelector\.matchLabels$/,
    kinds: ["remove"],
  },
  {
    area: "network",
    weight: "opens",
    type: /NetworkPolicy$/,
    path: /spec\.(policyTypes(\[\])?|podSelector)$/,
    kinds: ["remove", "weaken"],
  },
  { area: "network", weight: "opens", type: /ConfigMapPatch$/, path: /^data/, kinds: ["remove", "flip"] },
  {
    area: "network",
    weight: "opens",
    type: /securityGroup(In|E)gressRule/,
    path: /^(cidrIpv4|fromPort|toPort|ipProtocol|referencedSecurityGroupId)$/,
    kinds: ["remove", "widen", "zero", "multiply"],
  },
  {
    area: "network",
    weight: "opens",
    type: /eks\/cluster/,
    path: /publicAccessCidrs(\[\])?$/,
    kinds: ["remove", "widen"],
  },
  {
    area: "network",
    weight: "layer",
    type: /vpcEndpoint/,
    path: /^(policy|securityGroupIds|privateDnsEnabled)$/,
    kinds: gone,
  },
  {
    area: "network",
    weight: "layer",
    type: /(rds\/(instance|proxy)|elasticache\/replicationGroup|efs\/mountTarget)/,
    path: /^(vpcSecurityGroupIds|securityGroupIds|securityGroups|dbSubnetGroupName|subnetGroupName)$/,
    kinds: ["remove"],
  },
  // Public access
  {
    area: "public",
    weight: "opens",
    type: /bucketPublicAccessBlock/,
    path: /^(block|ignore|restrict)/,
    kinds: ["remove", "flip"],
  },
  {
    area: "public",
    weight: "opens",
    type: /(rds\/instance|eks\/cluster|ec2\/subnet)/,
    path: /(publiclyAccessible|mapPublicIpOnLaunch)$/,
    kinds: ["flip"],
  },
  {
    area: "public",
    weight: "layer",
    type: /eks\/cluster/,
    path: /endpointPrivateAccess$/,
    kinds: ["remove", "flip"],
  },
  { area: "public", weight: "layer", type: /bucketOwnershipControls/, path: /objectOwnership$/, kinds: gone },
  { area: "public", weight: "opens", type: /core\/v1:Service$/, path: /spec\.type$/, kinds: ["weaken"] },
  { area: "public", weight: "layer", type: /bucketCors/, path: /allowedOrigins\[\]$/, kinds: ["weaken"] },
  // Encryption
  {
    area: "encryption",
    weight: "opens",
    type: /^aws:/,
    path: /^(storageEncrypted|encrypted|atRestEncryptionEnabled)$/,
    kinds: ["remove", "flip"],
  },
  {
    area: "encryption",
    weight: "layer",
    type: /^aws:(?!lambda)/,
    path: /(^|\.)(kmsKeyId|kmsKeyArn|kmsMasterKeyId|keyArn|performanceInsightsKmsKeyId|kmsMasterKeyID)$/,
    kinds: ["remove"],
  },
  {
    area: "encryption",
    weight: "layer",
    type: /ServerSideEncryption/,
    path: /(sseAlgorithm|applyServerSideEncryptionByDefault|rules)$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "encryption",
    weight: "opens",
    type: /eks\/cluster/,
    path: /encryptionConfig(\.resources|\.provider)?$/,
    kinds: ["remove"],
  },
  {
    area: "encryption",
    weight: "layer",
    type: /kms\/key/,
    path: /^(enableKeyRotation|deletionWindowInDays)$/,
    kinds: ["remove", "flip", "zero"],
  },
  {
    area: "encryption",
    weight: "layer",
    type: /(NodeClass|StorageClass)$/,
    path: /(kmsKeyID|kmsKeyId|encrypted)$/,
    kinds: ["remove", "flip"],
  },
  // TLS
  {
    area: "tls",
    weight: "opens",
    type: /elasticache\/replicationGroup/,
    path: /^transitEncryption/,
    kinds: gone,
  },
  { area: "tls", weight: "opens", type: /rds\/proxy/, path: /^requireTls$/, kinds: ["remove", "flip"] },
  {
    area: "tls",
    weight: "layer",
    type: /sesv2/,
    path: /(tlsPolicy|deliveryOptions|configurationSetName)$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "tls",
    weight: "opens",
    type: /Ingress$/,
    path: /annotations\.alb\.ingress\.kubernetes\.io\/(listen-ports|ssl-redirect|ssl-policy|certificate-arn)$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "tls",
    weight: "opens",
    type: /PersistentVolume$/,
    path: /mountOptions(\[\])?$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "tls",
    weight: "opens",
    type: /helm/,
    path: /values\..*\btls\.(enabled|secretName|merge|merge\.verify)$/,
    kinds: ["remove", "flip"],
  },
  {
    area: "tls",
    weight: "opens",
    type: /(Account|Deployment|Rollout|Job|ConfigMap|ExternalSecret)$/,
    path: /(servers\[\]|\.value|template\.data\..*)$/,
    kinds: ["weaken"],
  },
  {
    area: "tls",
    weight: "layer",
    type: /cert-manager/,
    path: /(duration|rotationPolicy)$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "tls",
    weight: "layer",
    type: /acm\/certificate:/,
    path: /validationMethod$/,
    kinds: ["remove", "weaken"],
  },
  // Supply chain
  { area: "supply chain", weight: "opens", type: /^kubernetes:/, path: /\.image$/, kinds: ["move"] },
  {
    area: "supply chain",
    weight: "layer",
    type: /helm/,
    path: /^(version|repositoryOpts\.repo)$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "supply chain",
    weight: "layer",
    type: /eks\/(addon|cluster)/,
    path: /^(addonVersion|version)$/,
    kinds: ["remove"],
  },
  // Pod hardening
  {
    area: "pods",
    weight: "opens",
    type: /^kubernetes:/,
    path: /(runAsUser|runAsNonRoot)$/,
    kinds: ["zero", "flip"],
  },
  {
    area: "pods",
    weight: "layer",
    type: /^kubernetes:/,
    path: /(securityContext|containerSecurityContext|podSecurityContext|runAsNonRoot|allowPrivilegeEscalation|readOnlyRootFilesystem|capabilities|capabilities\.drop|drop\[\]|seccompProfile|seccompProfile\.type|automountServiceAccountToken)$/,
    kinds: gone,
  },
  {
    area: "pods",
    weight: "layer",
    type: /core\/v1:Namespace$/,
    path: /pod-security\.kubernetes\.io\/enforce$/,
    kinds: ["remove", "weaken"],
  },
  {
    area: "pods",
    weight: "layer",
    type: /helm/,
    path: /values\.(permissions\..*secret|process\w+|grafana\.enabled|nodeExporter\.enabled|natsBox\.enabled|dashboard\.enabled)$/,
    kinds: ["remove", "flip"],
  },
  // Limits
  {
    area: "limits",
    weight: "layer",
    type: /(Deployment|Rollout|Job|CronJob|Release)$/,
    path: /(resources|limits|limits\.(cpu|memory))$/,
    kinds: ["remove", "zero"],
  },
  {
    area: "limits",
    weight: "layer",
    type: /(Deployment|Rollout|Job|CronJob|Release)$/,
    path: /limits\.(cpu|memory)$/,
    kinds: ["multiply"],
  },
  {
    area: "limits",
    weight: "layer",
    type: /(NodePool|ResourceQuota)$/,
    path: /(limits|hard)(\.(cpu|memory|pods|limits\.cpu|limits\.memory))?$/,
    kinds: amounts,
  },
  {
    area: "limits",
    weight: "layer",
    type: /LimitRange$/,
    path: /(limits|default|default\.(cpu|memory))$/,
    kinds: amounts,
  },
  {
    area: "limits",
    weight: "layer",
    type: /lambda\/function/,
    path: /^(timeout|memorySize)$/,
    kinds: ["multiply"],
  },
  {
    area: "limits",
    weight: "layer",
    type: /(HorizontalPodAutoscaler|ScaledObject)$/,
    path: /max(Replicas|ReplicaCount)$/,
    kinds: ["multiply"],
  },
  // Secrets
  { area: "secrets", weight: "opens", type: /./, path: /./, kinds: ["disclose"] },
  {
    area: "secrets",
    weight: "opens",
    type: /SecretStore$/,
    path: /conditions(\[\])?(\.(namespaces|namespaceSelector)(\.matchLabels)?)?$/,
    kinds: ["remove"],
  },
  {
    area: "secrets",
    weight: "layer",
    type: /secretRotation/,
    path: /automaticallyAfterDays$/,
    kinds: ["remove", "zero", "multiply"],
  },
  { area: "secrets", weight: "layer", type: /randomPassword/, path: /^length$/, kinds: ["remove", "zero"] },
  // Identity
  { area: "identity", weight: "opens", type: /eks\/cluster/, path: /accessConfig(\..*)?$/, kinds: gone },
  {
    area: "identity",
    weight: "opens",
    type: /elasticache/,
    path: /^(userGroupIds|passwords|userIds)$/,
    kinds: ["remove"],
  },
  {
    area: "identity",
    weight: "layer",
    type: /efs\/accessPoint/,
    path: /(uid|gid|permissions|posixUser|rootDirectory)$/,
    kinds: ["remove", "zero"],
  },
  {
    area: "identity",
    weight: "layer",
    type: /podIdentityAssociation/,
    path: /^serviceAccount$/,
    kinds: ["remove"],
  },
  // What shows an intrusion
  {
    area: "audit",
    weight: "opens",
    type: /eks\/cluster/,
    path: /enabledClusterLogTypes$/,
    kinds: ["remove"],
  },
  { area: "audit", weight: "opens", type: /ec2\/flowLog/, path: /^trafficType$/, kinds: gone },
  { area: "audit", weight: "layer", type: /logGroup/, path: /^retentionInDays$/, kinds: ["remove", "zero"] },
  { area: "audit", weight: "layer", type: /metricAlarm/, path: /^alarmActions$/, kinds: ["remove"] },
  {
    area: "audit",
    weight: "layer",
    type: /rds\/instance/,
    path: /^(enabledCloudwatchLogsExports|monitoringInterval)$/,
    kinds: ["remove", "zero"],
  },
  { area: "audit", weight: "layer", type: /rds\/parameterGroup/, path: /^parameters$/, kinds: ["remove"] },
  // State
  { area: "state", weight: "layer", type: /./, path: /^protect$/, kinds: ["flip"] },
  {
    area: "state",
    weight: "layer",
    type: /rds\/instance/,
    path: /^(deletionProtection|backupRetentionPeriod|skipFinalSnapshot|copyTagsToSnapshot)$/,
    kinds: ["flip", "zero"],
  },
  {
    area: "state",
    weight: "layer",
    type: /(eks\/cluster|elasticache\/replicationGroup)/,
    path: /^(deletionProtection|snapshotRetentionLimit|automaticFailoverEnabled)$/,
    kinds: ["remove", "flip", "zero"],
  },
  {
    area: "state",
    weight: "layer",
    type: /s3\/bucket/,
    path: /(status|forceDestroy|defaultRetention\.days)$/,
    kinds: gone,
  },
  { area: "state", weight: "layer", type: /efs\/backupPolicy/, path: /status$/, kinds: gone },
  // Whole resources that stand beside others
  { area: "public", weight: "opens", type: /bucketPublicAccessBlock/, path: /^$/, kinds: ["drop"] },
  {
    area: "tls",
    weight: "opens",
    type: /(bucketPolicy|queuePolicy|topicPolicy|fileSystemPolicy)/,
    path: /^$/,
    kinds: ["drop"],
  },
  { area: "audit", weight: "opens", type: /ec2\/flowLog/, path: /^$/, kinds: ["drop"] },
  {
    area: "state",
    weight: "layer",
    type: /(bucketVersioning|bucketObjectLock|bucketLogging|efs\/backupPolicy|ServerSideEncryption|bucketOwnership|secretRotation|bucketLifecycle)/,
    path: /^$/,
    kinds: ["drop"],
  },
  { area: "limits", weight: "layer", type: /(ResourceQuota|LimitRange)$/, path: /^$/, kinds: ["drop"] },
  { area: "network", weight: "opens", type: /ConfigMapPatch$/, path: /^$/, kinds: ["drop"] },
];

/** The path as tables speak of it. */
export const shape = (path: readonly (string | number)[]): string =>
  path
    .map((key) => (typeof key === "number" ? "[]" : `.${key}`))
    .join("")
    .replace(/^\./, "");

/** Switches that are safe when off; every other is when on. */
const safeOff =
  /(skipFinalSnapshot|forceDestroy|publiclyAccessible|mapPublicIpOnLaunch|allowPrivilegeEscalation|automountServiceAccountToken|bootstrapClusterCreatorAdminPermissions|values\.process\w+|(grafana|nodeExporter|natsBox|dashboard)\.enabled)$/;
/** Of these, what isn't said is off. */
const offByDefault = /(skipFinalSnapshot|forceDestroy|publiclyAccessible|mapPublicIpOnLaunch)$/;

/** True if the mutation makes nothing worse: a switch that was unsafe, or one that is safe unsaid. */
function harmless({ kind, before }: Mutation, path: string): boolean {
  if (typeof before === "boolean" || before === "true" || before === "false")
    return String(before) === String(safeOff.test(path)) || (kind === "remove" && offByDefault.test(path));
  return kind === "remove" && before === 0;
}

/** The area of a mutation and how much it matters; undefined for one that is no matter of security. */
export function areaOf(type: string, mutation: Mutation): Pick<Area, "area" | "weight"> | undefined {
  const path = shape(mutation.path);
  if (harmless(mutation, path)) return undefined;
  return areas.find((row) => row.kinds.includes(mutation.kind) && row.type.test(type) && row.path.test(path));
}

/** A NetworkPolicy that denies all: what the others open is open without it, and only it is missed when it goes. */
export const isFloor = (type: string, name: string): boolean =>
  type.endsWith(":NetworkPolicy") && name.endsWith("default-deny");
