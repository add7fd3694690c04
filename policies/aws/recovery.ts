import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

const restores =
  (type: string) =>
  ({ props }: Whole): boolean =>
    props.protectedResourceType === type;

/** AWS Backup and AWS FIS: what recovery relies on, and what tries it. */
export const recovery: Policies = [
  must(
    ["aws:backup/vault:Vault"],
    {
      name: "backup-vault-own-key",
      description: "Every backup vault is encrypted with a customer managed KMS key.",
      severity: "high",
      remediation: "Set kmsKeyArn to a KMS key of the stack.",
      url: `${docs}/aws-backup/latest/devguide/encryption.html`,
    },
    [["kmsKeyArn", given]],
  ),
  must(
    ["aws:backup/vault:Vault"],
    {
      name: "backup-vault-not-emptied",
      description: "A protected vault keeps its recovery points when it is deleted.",
      severity: "high",
      remediation: "Leave forceDestroy out, or set it to false.",
      url: `${docs}/aws-backup/latest/devguide/vaults.html`,
    },
    [["forceDestroy", unlessSet(false), ({ protect }) => protect]],
  ),
  must(
    ["aws:backup/plan:Plan"],
    {
      name: "backup-plan-snapshots",
      description:
        "Recovery points are snapshots that are deleted after some days; RDS owns point-in-time recovery.",
      severity: "medium",
      remediation: "Set lifecycle.deleteAfter, and leave enableContinuousBackup out.",
      url: `${docs}/aws-backup/latest/devguide/plan-options-and-configuration.html`,
    },
    [
      ["rules[].enableContinuousBackup", unlessSet(false)],
      ["rules[].lifecycle.deleteAfter", between(1, 36_500)],
      ["rules[].schedule", like(/^(cron|rate)\(/, "a schedule")],
      ["rules[].completionWindow", between(120, 10_080)],
      ["rules[].startWindow", between(60, 1440)],
      [
        "rules[].copyActions[].destinationVaultArn",
        like(/^arn:aws[\w-]*:backup:[\w-]+:\d{12}:backup-vault:./, "the ARN of a vault"),
      ],
      ["rules[].copyActions[].lifecycle.deleteAfter", between(1, 36_500)],
    ],
  ),
  must(
    ["aws:backup/vaultLockConfiguration:VaultLockConfiguration"],
    {
      name: "backup-lock-retention",
      description: "A locked vault keeps each recovery point for a week at least, and none without end.",
      severity: "high",
      remediation: "Set minRetentionDays to 7 or more, and maxRetentionDays.",
      url: `${docs}/aws-backup/latest/devguide/vault-lock.html`,
    },
    [
      ["minRetentionDays", between(7, 36_500)],
      ["maxRetentionDays", between(7, 36_500)],
    ],
  ),
  must(
    ["aws:backup/reportPlan:ReportPlan"],
    {
      name: "backup-report-bucket",
      description: "AWS Backup reports its jobs to a bucket.",
      severity: "low",
      remediation:
        "Set reportDeliveryChannel.s3BucketName, and a job report as reportSetting.reportTemplate.",
      url: `${docs}/aws-backup/latest/devguide/create-report-plan-api.html`,
    },
    [
      ["reportDeliveryChannel.s3BucketName", given],
      ["reportSetting.reportTemplate", is("BACKUP_JOB_REPORT", "COPY_JOB_REPORT", "RESTORE_JOB_REPORT")],
    ],
  ),
  must(
    ["aws:backup/restoreTestingPlan:RestoreTestingPlan"],
    {
      name: "backup-restore-test-newest",
      description:
        "A restore test takes the newest recovery point of the last days: an older one proves nothing about it.",
      severity: "medium",
      remediation:
        "Set recoveryPointSelection.algorithm to LATEST_WITHIN_WINDOW and selectionWindowDays to 7 or less.",
      url: `${docs}/aws-backup/latest/devguide/restore-testing.html`,
    },
    [
      ["recoveryPointSelection.algorithm", is("LATEST_WITHIN_WINDOW")],
      ["recoveryPointSelection.selectionWindowDays", between(1, 7)],
      ["scheduleExpression", like(/^cron\(/, "a cron expression")],
    ],
  ),
  must(
    ["aws:backup/restoreTestingSelection:RestoreTestingSelection"],
    {
      name: "backup-restore-test-cleared",
      description: "What a restore test makes is deleted within a day: it has the data of the environment.",
      severity: "medium",
      remediation: "Set validationWindowHours to 24 or less.",
      url: `${docs}/aws-backup/latest/devguide/restore-testing.html`,
    },
    [["validationWindowHours", between(1, 24)]],
  ),
  must(
    ["aws:backup/restoreTestingSelection:RestoreTestingSelection"],
    {
      name: "backup-restore-test-placed",
      description: "What a restore test makes has the environment's network and key.",
      severity: "high",
      remediation:
        "Set restoreMetadataOverrides: of a database dbSubnetGroupName and vpcSecurityGroupIds, of files kmsKeyId, of a bucket encryptionType SSE-KMS and kmsKey.",
      url: `${docs}/aws-backup/latest/devguide/restore-testing-inferred-metadata.html`,
    },
    [
      ["restoreMetadataOverrides.dbSubnetGroupName", given, restores("RDS")],
      ["restoreMetadataOverrides.vpcSecurityGroupIds", given, restores("RDS")],
      ["restoreMetadataOverrides.kmsKeyId", given, restores("EFS")],
      ["restoreMetadataOverrides.encryptionType", is("SSE-KMS"), restores("S3")],
      ["restoreMetadataOverrides.kmsKey", given, restores("S3")],
    ],
  ),
  must(
    ["aws:fis/experimentTemplate:ExperimentTemplate"],
    {
      name: "fis-stop-condition",
      description: "An experiment stops when an alarm is raised, and fails when it finds no target.",
      severity: "high",
      remediation:
        "Name an alarm in each of stopConditions, and set experimentOptions.emptyTargetResolutionMode to fail.",
      url: `${docs}/fis/latest/userguide/stop-conditions.html`,
    },
    [
      ["stopConditions[].source", is("aws:cloudwatch:alarm")],
      ["stopConditions[].value", given],
      ["experimentOptions.emptyTargetResolutionMode", is("fail")],
      ["experimentOptions.accountTargeting", is("single-account")],
    ],
  ),
];
