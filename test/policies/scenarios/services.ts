import { sample, scenario, unknown } from "../scenario";
import { document } from "./buckets";

const anyone = document({ Effect: "Allow", Principal: "*", Action: "sqs:SendMessage", Resource: "*" });
const refuses = (service: string) => ({
  Effect: "Deny",
  Principal: "*",
  Action: `${service}:*`,
  Resource: "arn:x",
  Condition: { Bool: { "aws:SecureTransport": "false" } },
});
const bounded = document({
  Effect: "Allow",
  Principal: "*",
  Action: "sqs:SendMessage",
  Resource: "*",
  Condition: { ArnEquals: { "aws:SourceArn": "arn:aws:s3:::uploads" } },
});
const allow = (Action: string | string[], Resource = "*", rest: object = {}) =>
  document({ Effect: "Allow", Action, Resource, ...rest });
const trust = (statement: object) => document({ Effect: "Allow", Action: "sts:AssumeRole", ...statement });
const audience = { "token.actions.githubusercontent.com:aud": "sts.amazonaws.com" };
const github = (condition: Record<string, object>) =>
  trust({
    Action: "sts:AssumeRoleWithWebIdentity",
    Principal: { Federated: "arn:aws:iam::1:oidc-provider/github" },
    Condition: { ...condition, StringEquals: { ...condition.StringEquals, ...audience } },
  });
const subject = "token.actions.githubusercontent.com:sub";

export const services = [
  scenario(
    "KMS keys",
    {
      key: sample(
        "aws:kms/key:Key",
        {
          enableKeyRotation: true,
          deletionWindowInDays: 30,
          policy: document({
            Effect: "Allow",
            Principal: { AWS: "arn:aws:iam::111122223333:root" },
            Action: "kms:*",
            Resource: "*",
          }),
        },
        { protect: true },
      ),
      signing: sample("aws:kms/key:Key", { keyUsage: "SIGN_VERIFY", customerMasterKeySpec: "ECC_NIST_P256" }),
      policy: sample("aws:kms/keyPolicy:KeyPolicy", { keyId: unknown, policy: bounded }),
    },
    [
      ["kms-rotation", ({ key }) => delete key.props.enableKeyRotation],
      ["kms-deletion-window", ({ key }) => (key.props.deletionWindowInDays = 7)],
      ["kms-policy-not-open", ({ key }) => (key.props.policy = anyone)],
      ["kms-policy-not-open", ({ policy }) => (policy.props.policy = anyone)],
      ["kms-policy-not-open", ({ policy }) => (policy.props.policy = "{")],
    ],
  ),
  scenario(
    "IAM policies and attachments",
    {
      policy: sample("aws:iam/policy:Policy", { policy: allow(["s3:GetObject"], "arn:aws:s3:::uploads/*") }),
      inline: sample("aws:iam/rolePolicy:RolePolicy", {
        role: unknown,
        policy: allow(["ecr:GetAuthorizationToken"]),
      }),
      user: sample("aws:iam/userPolicy:UserPolicy", {
        user: unknown,
        policy: allow("ses:SendRawEmail", "arn:aws:ses:eu-west-1:111122223333:identity/*", {
          Condition: { StringLike: { "ses:FromAddress": "*@example.com" } },
        }),
      }),
      group: sample("aws:iam/groupPolicy:GroupPolicy", {
        group: unknown,
        policy: allow("iam:PassRole", "arn:aws:iam::1:role/x"),
      }),
      role: sample("aws:iam/role:Role", {
        assumeRolePolicy: trust({ Principal: { Service: "ec2.amazonaws.com" } }),
      }),
      ci: sample("aws:iam/role:Role", {
        assumeRolePolicy: github({ StringEquals: { [subject]: "repo:acme/plinth:environment:prod" } }),
      }),
      attachment: sample("aws:iam/rolePolicyAttachment:RolePolicyAttachment", {
        role: unknown,
        policyArn: "arn:aws:iam::aws:policy/AmazonEKSClusterPolicy",
      }),
    },
    [
      ["iam-no-admin-statement", ({ policy }) => (policy.props.policy = allow("*"))],
      [
        "iam-no-admin-statement",
        ({ inline }) =>
          (inline.props.policy = document({ Effect: "Allow", NotAction: "iam:*", Resource: "*" })),
      ],
      ["iam-no-service-wildcard", ({ user }) => (user.props.policy = allow(["s3:*"]))],
      ["iam-no-pass-role-wildcard", ({ group }) => (group.props.policy = allow("iam:PassRole"))],
      ["iam-no-pass-role-wildcard", ({ policy }) => (policy.props.policy = allow("iam:Pass*"))],
      ["iam-no-admin-statement", ({ policy }) => (policy.props.policy = "no document")],
      ["iam-ses-sender-bound", ({ user }) => (user.props.policy = allow("ses:SendRawEmail"))],
      [
        "iam-ses-sender-bound",
        ({ user }) => (user.props.policy = allow("ses:Send*", "arn:aws:ses:eu-west-1:1:identity/*")),
      ],
      [
        "iam-ses-sender-bound",
        ({ user }) =>
          (user.props.policy = allow("ses:SendEmail", "arn:aws:ses:eu-west-1:111122223333:identity/*", {
            Condition: { StringLike: { "ses:FromAddress": "*" } },
          })),
      ],
      [
        "iam-trust-not-open",
        ({ role }) => (role.props.assumeRolePolicy = trust({ Principal: { AWS: "*" } })),
      ],
      [
        "iam-federated-trust-bound",
        ({ ci }) => (ci.props.assumeRolePolicy = github({ StringLike: { [subject]: "*" } })),
      ],
      [
        "iam-federated-trust-bound",
        ({ ci }) => (ci.props.assumeRolePolicy = github({ StringLike: { [subject]: "repo:acme/plinth:*" } })),
      ],
      ["iam-federated-trust-bound", ({ ci }) => (ci.props.assumeRolePolicy = github({}))],
      [
        "iam-federated-trust-bound",
        ({ ci }) =>
          (ci.props.assumeRolePolicy = trust({
            Action: "sts:AssumeRoleWithWebIdentity",
            Principal: { Federated: "arn:aws:iam::1:oidc-provider/github" },
            Condition: { StringEquals: { [subject]: "repo:acme/plinth:environment:prod" } },
          })),
      ],
      [
        "iam-no-inline-role-policies",
        ({ role }) => (role.props.inlinePolicies = [{ name: "x", policy: allow("*") }]),
      ],
      [
        "iam-no-administrator-access",
        ({ attachment }) => (attachment.props.policyArn = "arn:aws:iam::aws:policy/AdministratorAccess"),
      ],
    ],
  ),
  scenario(
    "other services",
    {
      logs: sample("aws:cloudwatch/logGroup:LogGroup", { retentionInDays: 30, kmsKeyId: unknown }),
      secret: sample("aws:secretsmanager/secret:Secret", { name: "ams/database", kmsKeyId: unknown }),
      topic: sample("aws:sns/topic:Topic", { kmsMasterKeyId: unknown }),
      topicPolicy: sample("aws:sns/topicPolicy:TopicPolicy", { policy: document(refuses("sns")) }),
      queue: sample("aws:sqs/queue:Queue", { kmsMasterKeyId: unknown }),
      queuePolicy: sample("aws:sqs/queuePolicy:QueuePolicy", { policy: document(refuses("sqs")) }),
      files: sample("aws:efs/fileSystem:FileSystem", { encrypted: true, kmsKeyId: unknown }),
      filesPolicy: sample("aws:efs/fileSystemPolicy:FileSystemPolicy", {
        fileSystemId: unknown,
        policy: document(refuses("elasticfilesystem")),
      }),
      images: sample("aws:ecr/repository:Repository", {
        imageTagMutability: "IMMUTABLE",
        imageScanningConfiguration: { scanOnPush: true },
      }),
      vault: sample("aws:backup/vault:Vault", { kmsKeyArn: unknown }),
      kept: sample("aws:backup/vault:Vault", { kmsKeyArn: unknown, forceDestroy: false }, { protect: true }),
      plan: sample("aws:backup/plan:Plan", {
        rules: [
          {
            ruleName: "daily",
            targetVaultName: "vault",
            schedule: "cron(0 20 * * ? *)",
            startWindow: 60,
            completionWindow: 720,
            lifecycle: { deleteAfter: 35 },
          },
        ],
      }),
      lock: sample("aws:backup/vaultLockConfiguration:VaultLockConfiguration", {
        backupVaultName: "vault",
        minRetentionDays: 7,
        maxRetentionDays: 2555,
      }),
      reports: sample("aws:backup/reportPlan:ReportPlan", {
        reportDeliveryChannel: { s3BucketName: unknown },
        reportSetting: { reportTemplate: "BACKUP_JOB_REPORT" },
      }),
      restorePlan: sample("aws:backup/restoreTestingPlan:RestoreTestingPlan", {
        scheduleExpression: "cron(0 2 ? * WED *)",
        recoveryPointSelection: {
          algorithm: "LATEST_WITHIN_WINDOW",
          includeVaults: [unknown],
          recoveryPointTypes: ["SNAPSHOT"],
          selectionWindowDays: 2,
        },
      }),
      experiment: sample("aws:fis/experimentTemplate:ExperimentTemplate", {
        description: "Fail a database over",
        roleArn: unknown,
        stopConditions: [
          { source: "aws:cloudwatch:alarm", value: "arn:aws:cloudwatch:us-east-1:111111111111:alarm:a" },
        ],
        experimentOptions: { accountTargeting: "single-account", emptyTargetResolutionMode: "fail" },
        actions: [{ name: "fail-over", actionId: "aws:rds:reboot-db-instances" }],
      }),
      restored: sample("aws:backup/restoreTestingSelection:RestoreTestingSelection", {
        restoreTestingPlanName: "weekly",
        protectedResourceType: "RDS",
        iamRoleArn: unknown,
        validationWindowHours: 1,
        restoreMetadataOverrides: { dbSubnetGroupName: unknown, vpcSecurityGroupIds: unknown },
      }),
      trail: sample("aws:cloudtrail/trail:Trail", { enableLogFileValidation: true, kmsKeyId: unknown }),
    },
    [
      ["backup-vault-not-emptied", ({ kept }) => (kept.props.forceDestroy = true)],
      [
        "backup-plan-snapshots",
        ({ plan }) => Object.assign(plan.props.rules?.[0] ?? {}, { enableContinuousBackup: true }),
      ],
      ["backup-plan-snapshots", ({ plan }) => Object.assign(plan.props.rules?.[0] ?? {}, { lifecycle: {} })],
      [
        "backup-restore-test-newest",
        ({ restorePlan }) =>
          Object.assign(restorePlan.props.recoveryPointSelection ?? {}, {
            algorithm: "RANDOM_WITHIN_WINDOW",
          }),
      ],
      ["backup-restore-test-cleared", ({ restored }) => (restored.props.validationWindowHours = 168)],
      ["backup-restore-test-placed", ({ restored }) => delete restored.props.restoreMetadataOverrides],
      ["backup-restore-test-placed", ({ restored }) => (restored.props.protectedResourceType = "EFS")],
      [
        "backup-report-bucket",
        ({ reports }) => Object.assign(reports.props.reportSetting ?? {}, { reportTemplate: "JOBS" }),
      ],
      [
        "fis-stop-condition",
        ({ experiment }) => Object.assign(experiment.props, { stopConditions: [{ source: "none" }] }),
      ],
      ["backup-lock-retention", ({ lock }) => (lock.props.minRetentionDays = 1)],
      ["logs-retention", ({ logs }) => (logs.props.retentionInDays = 0)],
      ["logs-own-key", ({ logs }) => delete logs.props.kmsKeyId],
      ["secretsmanager-own-key", ({ secret }) => delete secret.props.kmsKeyId],
      ["sns-encrypted", ({ topic }) => delete topic.props.kmsMasterKeyId],
      ["sqs-encrypted", ({ queue }) => delete queue.props.kmsMasterKeyId],
      [
        ["messaging-policy-not-public", "sqs-policy-tls-only"],
        ({ queuePolicy }) => (queuePolicy.props.policy = anyone),
      ],
      ["sqs-policy-tls-only", ({ queuePolicy }) => (queuePolicy.props.policy = bounded)],
      [
        "sqs-policy-tls-only",
        ({ queuePolicy }) =>
          (queuePolicy.props.policy = document({ ...refuses("sqs"), Action: "sqs:SendMessage" })),
      ],
      [
        "efs-policy-tls-only",
        ({ filesPolicy }) =>
          (filesPolicy.props.policy = document({
            ...refuses("elasticfilesystem"),
            Condition: { Bool: { "aws:SecureTransport": "true" } },
          })),
      ],
      [
        ["messaging-policy-not-public", "sns-policy-tls-only"],
        ({ topicPolicy }) => (topicPolicy.props.policy = anyone),
      ],
      ["efs-encrypted", ({ files }) => delete files.props.encrypted],
      ["efs-encrypted", ({ files }) => delete files.props.kmsKeyId],
      ["ecr-scan-on-push", ({ images }) => delete images.props.imageScanningConfiguration],
      ["ecr-immutable-tags", ({ images }) => (images.props.imageTagMutability = "MUTABLE")],
      ["backup-vault-own-key", ({ vault }) => delete vault.props.kmsKeyArn],
      ["cloudtrail-tamper-evident", ({ trail }) => delete trail.props.enableLogFileValidation],
      ["cloudtrail-tamper-evident", ({ trail }) => delete trail.props.kmsKeyId],
    ],
  ),
  scenario(
    "Prometheus workspaces",
    {
      metrics: sample(
        "aws:amp/workspace:Workspace",
        { alias: "plinth-prod", kmsKeyArn: unknown },
        { protect: true },
      ),
      retention: sample("aws:amp/workspaceConfiguration:WorkspaceConfiguration", {
        workspaceId: unknown,
        retentionPeriodInDays: 400,
      }),
    },
    [
      ["prometheus-workspace-encrypted", ({ metrics }) => delete metrics.props.kmsKeyArn],
      ["prometheus-workspace-encrypted", ({ metrics }) => delete metrics.props.alias],
      ["prometheus-workspace-retention", ({ retention }) => (retention.props.retentionPeriodInDays = 7)],
      ["prometheus-workspace-retention", ({ retention }) => delete retention.props.retentionPeriodInDays],
    ],
  ),
  scenario(
    "providers and passwords",
    {
      // The SDK sends a provider's structured inputs as JSON.
      aws: sample("pulumi:providers:aws", {
        region: "ap-northeast-2",
        ...({
          allowedAccountIds: JSON.stringify(["111122223333"]),
          defaultTags: JSON.stringify({
            tags: { Project: "plinth", Environment: "dev", Owner: "x", CostCenter: "1" },
          }),
        } as object),
      }),
      kubernetes: sample("pulumi:providers:kubernetes", {
        clusterIdentifier: "plinth-dev",
        kubeconfig: unknown,
      }),
      password: sample("random:index/randomPassword:RandomPassword", { length: 32 }),
    },
    [
      ["aws-account-pinned", ({ aws }) => delete aws.props.allowedAccountIds],
      ["aws-account-pinned", ({ aws }) => Object.assign(aws.props, { allowedAccountIds: "[]" })],
      [
        "aws-default-tags",
        ({ aws }) => Object.assign(aws.props, { defaultTags: '{"tags":{"Project":"plinth"}}' }),
      ],
      ["aws-default-tags", ({ aws }) => delete aws.props.defaultTags],
      ["k8s-provider-cluster-identifier", ({ kubernetes }) => delete kubernetes.props.clusterIdentifier],
      ["k8s-provider-cluster-identifier", ({ kubernetes }) => (kubernetes.props.clusterIdentifier = unknown)],
      ["random-password-length", ({ password }) => (password.props.length = 16)],
    ],
  ),
];
