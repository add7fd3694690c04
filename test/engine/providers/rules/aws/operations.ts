import type { Rules } from "../../rule";

const free = /^[\w .:/()#,@[\]+=&;{}!$*-]+$/;

/** Backups, budgets, audit. */
export const operationRules: Rules = {
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
