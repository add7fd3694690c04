import type { Policies } from "@pulumi/policy";
import { between, given, is, like, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

const restores =
  (type: string) =>
  ({ props }: Whole): boolean =>
    props.protectedResourceType === type;

/** AWS Backup, restore testing and AWS FIS. */
export const recovery: Policies = [
  must(
    ["aws:backup/vault:Vault"],
    {
      name: "backup-vault-own-key",
      description: "AWS Backup vaults must be encrypted at rest with a customer managed KMS key.",
      severity: "high",
      remediation: "Set kmsKeyArn to the ARN of a customer managed KMS key.",
      url: `${docs}/aws-backup/latest/devguide/encryption.html`,
    },
    [["kmsKeyArn", given]],
  ),
  must(
    ["aws:backup/vault:Vault"],
    {
      name: "backup-vault-not-emptied",
      description: "Protected AWS Backup vaults must keep their recovery points when they are destroyed.",
      severity: "high",
      remediation: "Remove forceDestroy, or set it to false.",
      url: `${docs}/aws-backup/latest/devguide/vaults.html`,
    },
    [["forceDestroy", unlessSet(false), ({ protect }) => protect]],
  ),
  must(
    ["aws:backup/plan:Plan"],
    {
      name: "backup-plan-snapshots",
      description: "AWS Backup plans must create snapshots with a retention period, not continuous backups.",
      severity: "medium",
      remediation:
        "In each rule, set schedule, startWindow, completionWindow and lifecycle.deleteAfter, and remove enableContinuousBackup. RDS manages point-in-time recovery.",
      url: `${docs}/aws-backup/latest/devguide/plan-options-and-configuration.html`,
    },
    [
      ["rules[].enableContinuousBackup", unlessSet(false)],
      ["rules[].lifecycle.deleteAfter", between(1, 36_500)],
      ["rules[].schedule", like(/^(cron|rate)\(/, "a cron or rate expression")],
      ["rules[].completionWindow", between(120, 10_080)],
      ["rules[].startWindow", between(60, 1440)],
      [
        "rules[].copyActions[].destinationVaultArn",
        like(/^arn:aws[\w-]*:backup:[\w-]+:\d{12}:backup-vault:./, "the ARN of a backup vault"),
      ],
      ["rules[].copyActions[].lifecycle.deleteAfter", between(1, 36_500)],
    ],
  ),
  must(
    ["aws:backup/vaultLockConfiguration:VaultLockConfiguration"],
    {
      name: "backup-lock-retention",
      description:
        "AWS Backup Vault Lock must set a minimum retention of at least 7 days, and a maximum retention.",
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
      description: "AWS Backup report plans must deliver job reports to an S3 bucket.",
      severity: "low",
      remediation:
        "Set reportDeliveryChannel.s3BucketName, and reportSetting.reportTemplate to a job report.",
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
      description: "AWS Backup restore testing plans must restore the latest recovery point.",
      severity: "medium",
      remediation:
        "Set recoveryPointSelection.algorithm to LATEST_WITHIN_WINDOW, recoveryPointSelection.selectionWindowDays to 7 or less, and scheduleExpression to a cron expression.",
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
      description: "AWS Backup restore testing must delete restored resources within 24 hours.",
      severity: "medium",
      remediation:
        "Set validationWindowHours to 24 or less. Restored resources contain data of the environment.",
      url: `${docs}/aws-backup/latest/devguide/restore-testing.html`,
    },
    [["validationWindowHours", between(1, 24)]],
  ),
  must(
    ["aws:backup/restoreTestingSelection:RestoreTestingSelection"],
    {
      name: "backup-restore-test-placed",
      description:
        "AWS Backup restore testing must use the environment's network and customer managed KMS keys.",
      severity: "high",
      remediation:
        "In restoreMetadataOverrides, set dbSubnetGroupName and vpcSecurityGroupIds for a database, kmsKeyId for a file system, or encryptionType SSE-KMS and kmsKey for a bucket.",
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
      description: "AWS FIS experiments must stop on a CloudWatch alarm, and fail if they find no target.",
      severity: "high",
      remediation:
        "In each entry of stopConditions, set source to aws:cloudwatch:alarm and value to the alarm's ARN. Set experimentOptions.emptyTargetResolutionMode to fail and experimentOptions.accountTargeting to single-account.",
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
