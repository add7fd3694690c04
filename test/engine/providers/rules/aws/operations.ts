import type { Rules } from "../../rule";
import { oneOf } from "./checks";

const free = /^[\w .:/()#,@[\]+=&;{}!$*-]+$/;

/** Backups, budgets, audit. */
export const operationRules: Rules = {
  "aws:ssm/association:Association": {
    id: "{uuid}",
    arn: "arn:aws:ssm:{region}:{account}:association/{id}",
    replace: ["name"],
    outputs: { associationId: "{id}", documentVersion: "$DEFAULT" },
    refs: { "targets.values": "aws:ec2/instance:Instance" },
  },
  "aws:backup/vault:Vault": {
    id: "{name}",
    arn: "arn:aws:backup:{region}:{account}:backup-vault:{name}",
    name: {
      property: "name",
      min: 2,
      max: 50,
      auto: true,
      pattern: /^[\w-]+$/,
      what: "letters, digits, _ and -",
    },
    replace: ["name", "kmsKeyArn"],
    defaults: { forceDestroy: false },
    held: true,
  },
  "aws:backup/vaultLockConfiguration:VaultLockConfiguration": {
    id: "{backupVaultName}",
    replace: ["backupVaultName", "changeableForDays", "maxRetentionDays", "minRetentionDays"],
    refs: { backupVaultName: "aws:backup/vault:Vault" },
  },
  "aws:backup/plan:Plan": {
    id: "{uuid}",
    arn: "arn:aws:backup:{region}:{account}:backup-plan:{id}",
    name: { property: "name", max: 50, auto: true, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name"],
    unordered: ["rules"],
    held: true,
  },
  "aws:backup/selection:Selection": {
    id: "{uuid}",
    name: { property: "name", max: 50, auto: true, pattern: /^[\w.-]+$/, what: "letters, digits and ._-" },
    replace: ["name", "planId", "iamRoleArn", "resources", "notResources", "conditions", "selectionTags"],
    unordered: ["resources", "notResources"],
    refs: { planId: "aws:backup/plan:Plan" },
  },
  "aws:backup/reportPlan:ReportPlan": {
    id: "{name}",
    arn: "arn:aws:backup:{region}:{account}:report-plan:{name}-{uuid}",
    name: { property: "name", max: 256, pattern: /^[a-zA-Z]\w*$/, what: "letters, digits and _" },
    replace: ["reportSetting.reportTemplate", "name"],
    unordered: ["reportDeliveryChannel.formats"],
    refs: { "reportDeliveryChannel.s3BucketName": "aws:s3/bucket:Bucket" },
  },
  "aws:backup/restoreTestingPlan:RestoreTestingPlan": {
    id: "{name}",
    arn: "arn:aws:backup:{region}:{account}:restore-testing-plan:{name}-{uuid}",
    name: { property: "name", max: 50, pattern: /^\w+$/, what: "letters, digits and _" },
    replace: ["name"],
    unordered: ["recoveryPointSelection.includeVaults"],
    refs: { "recoveryPointSelection.includeVaults": "aws:backup/vault:Vault" },
    held: true,
  },
  "aws:backup/restoreTestingSelection:RestoreTestingSelection": {
    id: "{restoreTestingPlanName}:{name}",
    name: { property: "name", max: 50, pattern: /^\w+$/, what: "letters, digits and _" },
    replace: ["protectedResourceType", "name", "restoreTestingPlanName"],
    refs: {
      restoreTestingPlanName: "aws:backup/restoreTestingPlan:RestoreTestingPlan",
      iamRoleArn: "aws:iam/role:Role",
    },
    check: oneOf({ protectedResourceType: ["RDS", "EFS", "S3"] }),
  },
  "aws:fis/experimentTemplate:ExperimentTemplate": {
    replace: ["tags"],
    id: "EXT{hex17}",
    arn: "arn:aws:fis:{region}:{account}:experiment-template/{id}",
    unordered: ["actions", "actions.parameters", "stopConditions", "targets", "targets.resourceTags"],
    refs: { roleArn: "aws:iam/role:Role" },
    check: oneOf({
      "actions.actionId": ["aws:network:disrupt-connectivity", "aws:rds:reboot-db-instances"],
      "targets.resourceType": ["aws:ec2:subnet", "aws:rds:db"],
    }),
  },
  "aws:budgets/budget:Budget": {
    id: "{account}:{name}",
    arn: "arn:aws:budgets::{account}:budget/{name}",
    name: { property: "name", max: 100, auto: true, pattern: free, what: "a budget's name" },
    replace: ["name", "namePrefix", "accountId"],
    unordered: ["notifications", "costFilters"],
  },
  "aws:cloudtrail/trail:Trail": {
    id: "arn:aws:cloudtrail:{region}:{account}:trail/{name}",
    arn: "{id}",
    name: {
      property: "name",
      min: 3,
      max: 128,
      auto: true,
      pattern: /^[A-Za-z0-9][\w.-]*$/,
      what: "letters, digits and ._-",
    },
    replace: ["name"],
    defaults: {
      enableLogFileValidation: false,
      includeGlobalServiceEvents: true,
      isMultiRegionTrail: false,
      enableLogging: true,
    },
    refs: { s3BucketName: "aws:s3/bucket:Bucket" },
  },
};
