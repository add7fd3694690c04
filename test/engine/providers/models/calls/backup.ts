import { callsOf, type Mappings } from "../call";

const backup = callsOf("backup");
const fis = callsOf("fis");

export const backupCalls: Mappings = {
  "aws:backup/vault:Vault": {
    calls: [
      backup("CreateBackupVault", { members: { name: "BackupVaultName", kmsKeyArn: "EncryptionKeyArn" } }),
    ],
    elsewhere: { forceDestroy: "the provider deletes recovery points itself" },
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    calls: [backup("PutBackupVaultLockConfiguration")],
  },
  "aws:backup/plan:Plan": {
    calls: [
      backup("CreateBackupPlan", {
        members: {
          name: "BackupPlan.BackupPlanName",
          rules: "BackupPlan.Rules",
          "rules.targetVaultName": "TargetBackupVaultName",
          "rules.schedule": "ScheduleExpression",
          "rules.startWindow": "StartWindowMinutes",
          "rules.completionWindow": "CompletionWindowMinutes",
          "rules.lifecycle.coldStorageAfter": "MoveToColdStorageAfterDays",
          "rules.lifecycle.deleteAfter": "DeleteAfterDays",
          "rules.copyActions.destinationVaultArn": "DestinationBackupVaultArn",
          "rules.copyActions.lifecycle.deleteAfter": "DeleteAfterDays",
        },
      }),
    ],
  },
  "aws:backup/selection:Selection": {
    calls: [
      backup("CreateBackupSelection", {
        members: {
          planId: "BackupPlanId",
          name: "BackupSelection.SelectionName",
          iamRoleArn: "BackupSelection.IamRoleArn",
          resources: "BackupSelection.Resources",
        },
      }),
    ],
  },
  "aws:backup/reportPlan:ReportPlan": {
    calls: [
      backup("CreateReportPlan", {
        members: { name: "ReportPlanName", description: "ReportPlanDescription" },
        supplied: ["IdempotencyToken"],
      }),
    ],
  },
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": {
    calls: [
      backup("CreateRestoreTestingPlan", {
        members: {
          name: "RestoreTestingPlan.RestoreTestingPlanName",
          scheduleExpression: "RestoreTestingPlan.ScheduleExpression",
          startWindowHours: "RestoreTestingPlan.StartWindowHours",
          recoveryPointSelection: "RestoreTestingPlan.RecoveryPointSelection",
        },
      }),
    ],
  },
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": {
    calls: [
      backup("CreateRestoreTestingSelection", {
        members: {
          name: "RestoreTestingSelection.RestoreTestingSelectionName",
          iamRoleArn: "RestoreTestingSelection.IamRoleArn",
          protectedResourceType: "RestoreTestingSelection.ProtectedResourceType",
          protectedResourceArns: "RestoreTestingSelection.ProtectedResourceArns",
          restoreMetadataOverrides: "RestoreTestingSelection.RestoreMetadataOverrides",
          validationWindowHours: "RestoreTestingSelection.ValidationWindowHours",
        },
      }),
    ],
  },
  "aws:fis/experimentTemplate:ExperimentTemplate": {
    calls: [
      fis("CreateExperimentTemplate", {
        keys: {
          actions: "name",
          "actions.parameters": "key",
          targets: "name",
          "targets.resourceTags": "key",
        },
        supplied: ["clientToken"],
      }),
    ],
  },
};
