/** One control of a published standard: the rules that ask for it, or why it doesn't apply. */
export type StandardControl = readonly [id: string, asks: string, rules: readonly string[] | string];

export interface PublishedStandard {
  name: string;
  url: string;
  controls: readonly StandardControl[];
}

const noTrail = "A trail is the account's, for all its stacks; the rule is there for a stack that makes one.";
const account = "A setting of the whole account, which no stack of Plinth owns.";
const autoMode = "EKS Auto Mode: AWS makes and patches the nodes, and nobody logs in to them.";

/** AWS Foundational Security Best Practices, of the services that stacks register. */
const fsbp: PublishedStandard = {
  name: "AWS Foundational Security Best Practices (FSBP)",
  url: "https://docs.aws.amazon.com/securityhub/latest/userguide/fsbp-standard.html",
  controls: [
    ["ACM.1", "Certificates are renewed in time", ["acm-certificate-sound"]],
    ["ACM.2", "RSA keys have 2048 bits at least", ["acm-certificate-sound"]],
    ["CloudTrail.2", "Trails are encrypted", ["cloudtrail-tamper-evident"]],
    ["CloudTrail.4", "Log file validation is on", ["cloudtrail-tamper-evident"]],
    ["CloudWatch.15", "Alarms have actions", ["cloudwatch-alarm-heard"]],
    [
      "CloudWatch.16",
      "Logs are kept for some time",
      ["logs-retention", "logs-kept-long-enough", "logs-audit-kept"],
    ],
    ["CloudWatch.17", "Alarm actions are on", ["cloudwatch-alarm-heard"]],
    [
      "EC2.2",
      "Default security groups let nothing through",
      ["ec2-default-group-closed", "ec2-default-group-adopted"],
    ],
    ["EC2.3", "Volumes are encrypted", ["ec2-volume-encrypted", "k8s-storage-class-encrypted"]],
    [
      "EC2.6",
      "VPCs have flow logs",
      ["ec2-vpc-flow-logs", "ec2-flow-logs-all-traffic", "ec2-flow-logs-kept"],
    ],
    ["EC2.7", "Encryption of new volumes is the default", account],
    ["EC2.8", "Instances use IMDSv2", ["ec2-imds-v2"]],
    ["EC2.15", "Subnets give no public addresses", ["ec2-no-automatic-public-ip"]],
    ["EC2.18", "Only authorized ports are open to all", ["ec2-world-ports", "ec2-rule-within"]],
    ["EC2.19", "No port of high risk is open to all", ["ec2-no-world-to-data", "ec2-no-world-to-admin"]],
    ["ECR.1", "Repositories scan images", ["ecr-scan-on-push"]],
    ["ECR.2", "Tags are immutable", ["ecr-immutable-tags"]],
    ["EFS.1", "File systems are encrypted with KMS", ["efs-encrypted"]],
    ["EFS.2", "File systems are backed up", ["efs-backup-enabled", "aws-companions"]],
    ["EFS.3", "Access points enforce a root directory", ["efs-access-point-confined"]],
    ["EFS.4", "Access points enforce a user", ["efs-access-point-confined"]],
    [
      "EKS.1",
      "The endpoint isn't public to everyone",
      ["eks-public-endpoint-limited", "eks-private-endpoint"],
    ],
    ["EKS.2", "The Kubernetes version is supported", ["eks-version-pinned", "eks-hardened"]],
    ["EKS.3", "Secrets are encrypted", ["eks-secrets-encrypted"]],
    ["EKS.8", "Audit logs are on", ["eks-audit-logs"]],
    ["ElastiCache.1", "Backups are on", ["elasticache-snapshots"]],
    ["ElastiCache.2", "Minor versions upgrade by themselves", ["elasticache-hardened"]],
    ["ElastiCache.3", "Failover is on", ["elasticache-failover"]],
    ["ElastiCache.4", "Encrypted at rest", ["elasticache-at-rest-encryption"]],
    [
      "ElastiCache.5",
      "Encrypted in transit",
      ["elasticache-transit-encryption", "elasticache-transit-required"],
    ],
    ["ElastiCache.7", "A subnet group of its own", ["elasticache-hardened"]],
    ["ELB.1", "HTTP is redirected to HTTPS", ["elb-http-redirects", "k8s-ingress-redirects-http"]],
    ["ELB.4", "Invalid headers are dropped", ["elb-drops-invalid-headers", "elb-class-attributes"]],
    ["ELB.6", "Deletion protection is on", ["elb-deletion-protection", "elb-class-attributes"]],
    ["ELB.17", "Listeners use recommended policies", ["elb-tls-policy", "k8s-ingress-tls-policy"]],
    ["IAM.1", "No policy allows everything", ["iam-no-admin-statement"]],
    [
      "IAM.2",
      "Users have no policies attached",
      "SES takes SMTP credentials from users alone; each may send from its own addresses, `iam-ses-sender-bound`.",
    ],
    [
      "IAM.3",
      "Access keys are rotated",
      "Keys exist for SMTP alone and are changed by `credentialsVersion`: docs/credentials.md.",
    ],
    ["IAM.4", "The root user has no access key", account],
    [
      "IAM.21",
      "No policy allows a service by a wildcard",
      ["iam-no-service-wildcard", "iam-resources-named"],
    ],
    ["KMS.1, KMS.2", "No policy allows decryption with all keys", ["iam-key-use-bound"]],
    [
      "KMS.3",
      "Keys aren't deleted by mistake",
      ["kms-deletion-window", "kms-key-in-order", "state-protected"],
    ],
    ["KMS.4", "Keys rotate", ["kms-rotation"]],
    ["KMS.5", "Keys aren't public", ["kms-policy-not-open"]],
    ["Lambda.1", "Functions aren't public", ["lambda-permission-bound"]],
    ["Lambda.2", "Runtimes are supported", ["lambda-hardened"]],
    ["Lambda.3", "Functions are in a VPC", ["lambda-hardened"]],
    ["RDS.1", "Snapshots are private", ["rds-snapshot-not-shared"]],
    ["RDS.2", "Instances aren't public", ["rds-not-public"]],
    ["RDS.3", "Instances are encrypted", ["rds-storage-encrypted", "rds-own-key"]],
    ["RDS.5", "Instances stand in several zones", ["rds-hardened"]],
    ["RDS.6", "Enhanced monitoring is on", ["rds-hardened"]],
    ["RDS.8", "Deletion protection is on", ["rds-deletion-protection"]],
    ["RDS.9, RDS.36", "Logs go to CloudWatch", ["rds-log-exports", "rds-parameters-audited"]],
    [
      "RDS.10",
      "Logins by IAM",
      "The applications' drivers log in by password, which is rotated: docs/credentials.md.",
    ],
    ["RDS.11", "Backups are on", ["rds-backup-retention", "rds-hardened"]],
    ["RDS.13", "Minor versions upgrade by themselves", ["rds-minor-upgrades"]],
    ["RDS.17", "Snapshots carry tags", ["rds-copy-tags"]],
    ["RDS.25", "The administrator has a name of its own", ["rds-hardened"]],
    ["RDS.38", "PostgreSQL is encrypted in transit", ["rds-force-ssl", "rds-parameters-audited"]],
    ["S3.1", "The account blocks public access", account],
    [
      "S3.2, S3.3, S3.8",
      "Buckets block public access",
      ["s3-public-access-blocked", "s3-bucket-complete", "s3-policy-not-public"],
    ],
    ["S3.5", "Requests need TLS", ["s3-policy-tls-only"]],
    [
      "S3.6",
      "Policies give other accounts little",
      ["s3-policy-not-public", "resource-policy-actions-listed"],
    ],
    ["S3.9", "Access is logged", ["aws-companions", "s3-logging-somewhere"]],
    ["S3.12", "No ACLs", ["s3-ownership-enforced", "s3-no-public-acl"]],
    ["S3.13", "Buckets have lifecycle rules", ["s3-bucket-complete"]],
    ["S3.14", "Buckets keep versions", ["s3-versioning-enabled"]],
    ["S3.15", "Backups have an object lock", ["aws-companions", "s3-lock-retains"]],
    ["S3.17", "Encrypted with KMS", ["s3-encryption-own-key", "s3-customer-keys-blocked"]],
    [
      "SecretsManager.1, SecretsManager.4",
      "Secrets are rotated",
      ["secretsmanager-logins-rotate", "secretsmanager-rotated"],
    ],
    ["SNS.1", "Topics are encrypted", ["sns-encrypted"]],
    ["SNS.4, SQS.3", "Topics and queues aren't public", ["messaging-policy-not-public"]],
    ["SQS.1", "Queues are encrypted", ["sqs-encrypted"]],
  ],
};

const cisAws: PublishedStandard = {
  name: "CIS AWS Foundations Benchmark 3.0",
  url: "https://www.cisecurity.org/benchmark/amazon_web_services",
  controls: [
    ["1.4–1.14", "Root user and people's passwords and keys", account],
    [
      "1.15",
      "Users get rights by groups alone",
      "People log in by roles. The users that there are send mail, see FSBP IAM.2.",
    ],
    ["1.16", "No policy allows everything", ["iam-no-admin-statement"]],
    ["2.1.1", "Buckets refuse HTTP", ["s3-policy-tls-only"]],
    ["2.1.4", "Buckets block public access", ["s3-public-access-blocked"]],
    ["2.2.1", "Volumes are encrypted", ["ec2-volume-encrypted", "k8s-storage-class-encrypted"]],
    ["2.3.1", "Databases are encrypted", ["rds-storage-encrypted", "rds-own-key"]],
    ["2.3.2", "Minor versions upgrade by themselves", ["rds-minor-upgrades"]],
    ["2.3.3", "Databases aren't public", ["rds-not-public"]],
    ["2.4.1", "File systems are encrypted", ["efs-encrypted"]],
    ["3.1", "CloudTrail is on everywhere", noTrail],
    ["3.2", "Log file validation is on", ["cloudtrail-tamper-evident"]],
    ["3.5", "Trails are encrypted with KMS", ["cloudtrail-tamper-evident"]],
    ["3.6", "Keys rotate", ["kms-rotation"]],
    ["3.7", "VPCs have flow logs", ["ec2-vpc-flow-logs"]],
    ["4.1–4.16", "Alarms on the trail", noTrail],
    ["5.1", "Network ACLs", "Security groups and network policies decide; subnets keep the default ACL."],
    ["5.2, 5.3", "No port of administration is open to all", ["ec2-no-world-to-admin"]],
    [
      "5.4",
      "Default security groups let nothing through",
      ["ec2-default-group-closed", "ec2-default-group-adopted"],
    ],
    ["5.6", "Instances use IMDSv2", ["ec2-imds-v2"]],
  ],
};

const cisEks: PublishedStandard = {
  name: "CIS Amazon EKS Benchmark 1.5",
  url: "https://www.cisecurity.org/benchmark/kubernetes",
  controls: [
    ["2.1.1", "Audit logs are on", ["eks-audit-logs"]],
    ["3.1, 3.2", "Files and kubelet of the nodes", autoMode],
    ["4.1.1", "cluster-admin is bound to nobody", ["k8s-rbac-no-cluster-admin"]],
    ["4.1.2", "Few may read Secrets", ["k8s-rbac-secrets-by-namespace"]],
    ["4.1.3", "No wildcards in roles", ["k8s-rbac-no-wildcard"]],
    [
      "4.1.4",
      "Few may make pods",
      "An operator starts jobs by hand, in the systems' namespaces: `operatorRules` in components/cluster/people-roles.ts, tested against a real API server.",
    ],
    ["4.1.5", "Default service accounts aren't used", ["k8s-own-service-account"]],
    ["4.1.6", "Tokens are mounted where they are needed", ["k8s-no-api-token", "k8s-account-without-token"]],
    ["4.1.7", "Access entries instead of aws-auth", ["eks-access-by-api", "eks-no-creator-admin"]],
    ["4.1.8", "Few may bind, impersonate and escalate", ["k8s-rbac-no-escalation"]],
    [
      "4.2.1–4.2.5",
      "Privileges and the host's namespaces",
      ["k8s-no-privileged", "k8s-no-host-namespaces", "k8s-no-privilege-escalation"],
    ],
    ["4.3.1, 5.4.4", "Network policies are enforced", ["k8s-network-policies-enforced"]],
    ["4.3.2", "Every namespace has network policies", ["k8s-namespace-default-deny"]],
    [
      "4.4.1",
      "Secrets as files, not as variables",
      "The systems' images read variables: docs/image-contract.md.",
    ],
    ["4.4.2", "Secrets are kept outside", ["k8s-no-literal-secret", "secrets-taken-by-name"]],
    ["4.5.2", "The default namespace isn't used", ["k8s-namespace-default-deny"]],
    ["5.1.1", "Images are scanned", ["ecr-scan-on-push"]],
    [
      "5.1.4",
      "Images come from trusted registries",
      ["k8s-image-registry", "k8s-image-pinned", "k8s-image-by-digest"],
    ],
    ["5.2.1", "Roles for service accounts, not for nodes", ["eks-pod-identity-named"]],
    ["5.3.1", "Secrets are encrypted with KMS", ["eks-secrets-encrypted"]],
    ["5.4.1, 5.4.2", "The endpoint is restricted", ["eks-public-endpoint-limited", "eks-private-endpoint"]],
    ["5.4.3", "Nodes are private", ["eks-nodes-closed", "ec2-no-automatic-public-ip"]],
    ["5.4.5", "Load balancers end TLS", ["k8s-ingress-https", "k8s-ingress-certificate"]],
  ],
};

const podSecurity: PublishedStandard = {
  name: "Kubernetes Pod Security Standards, restricted",
  url: "https://kubernetes.io/docs/concepts/security/pod-security-standards/",
  controls: [
    ["HostProcess", "No Windows host processes", ["k8s-no-host-process"]],
    ["Host Namespaces", "No namespaces of the host", ["k8s-no-host-namespaces"]],
    ["Privileged Containers", "None", ["k8s-no-privileged"]],
    ["Capabilities", "All dropped", ["k8s-capabilities-dropped"]],
    ["HostPath Volumes, Volume Types", "Volumes of some types only", ["k8s-volume-types"]],
    ["Host Ports", "None", ["k8s-no-host-ports"]],
    ["Host Probes / Lifecycle Hooks", "No host", ["k8s-no-probe-host"]],
    ["AppArmor, SELinux", "Confined", ["k8s-confined"]],
    ["/proc Mount Type", "Default", ["k8s-default-proc-mount"]],
    ["Seccomp", "RuntimeDefault or Localhost", ["k8s-seccomp-profile"]],
    ["Sysctls", "Safe ones", ["k8s-safe-sysctls"]],
    ["Privilege Escalation", "None", ["k8s-no-privilege-escalation"]],
    ["Running as Non-root", "Required", ["k8s-run-as-non-root"]],
    ["Running as Non-root user", "No user 0", ["k8s-no-root-user"]],
    ["Admission", "Namespaces enforce it", ["k8s-namespace-restricted", "k8s-namespace-watched"]],
  ],
};

const nsa: PublishedStandard = {
  name: "NSA/CISA Kubernetes Hardening Guide 1.2",
  url: "https://media.defense.gov/2022/Aug/29/2003066362/-1/-1/0/CTR_KUBERNETES_HARDENING_GUIDANCE_1.2_20220829.PDF",
  controls: [
    [
      "Pod security",
      "Non-root, immutable file systems, no privileges",
      ["k8s-run-as-non-root", "k8s-read-only-root-filesystem", "k8s-no-privileged"],
    ],
    [
      "Pod security",
      "Service account tokens only where needed",
      ["k8s-no-api-token", "k8s-account-without-token"],
    ],
    ["Pod security", "Images from trusted repositories, scanned", ["k8s-image-registry", "ecr-scan-on-push"]],
    [
      "Pod security",
      "Admission control enforces it",
      ["k8s-admission-bound", "k8s-admission-denies", "k8s-admission-asks"],
    ],
    [
      "Network separation",
      "Default deny, both ways",
      [
        "k8s-namespace-default-deny",
        "k8s-network-policy-closed",
        "k8s-network-policy-whole",
        "k8s-network-policy-within",
      ],
    ],
    [
      "Network separation",
      "Resource policies",
      ["k8s-namespace-quota", "k8s-namespace-limit-range", "k8s-container-limits"],
    ],
    ["Network separation", "The control plane is closed", ["eks-public-endpoint-limited"]],
    [
      "Network separation",
      "Encrypted traffic, secrets at rest",
      ["no-plain-connection", "eks-secrets-encrypted"],
    ],
    [
      "Authentication",
      "No anonymous access, roles by need",
      ["k8s-rbac-no-anonymous", "k8s-rbac-no-wildcard", "k8s-rbac-no-escalation"],
    ],
    ["Audit logging", "Audit logs are on and kept", ["eks-hardened", "logs-audit-kept"]],
    ["Threat detection", "Alerts by a SIEM", "Not of a stack: GuardDuty and Security Hub are the account's."],
    ["Upgrading", "Supported versions", ["eks-hardened", "rds-engine-lifecycle"]],
  ],
};

/** Published standards by their own identifiers. A test holds each rule's name against the pack. */
export const publishedStandards: readonly PublishedStandard[] = [fsbp, cisAws, cisEks, podSecurity, nsa];
