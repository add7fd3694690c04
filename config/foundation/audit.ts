import { z } from "zod";
import { usage } from "../costs";
import { choice, flag, integer, list, pattern, text } from "../values";

/** Security services of the account, and its audit. */

/** Minimum retention of the audit trail in days: a year, as CIS AWS Foundations requires for CloudTrail. */
const leastAuditDays = 365;

export const audit = z
  .strictObject({
    retentionDays: integer(leastAuditDays, 3650, "days")
      .default(leastAuditDays)
      .describe(
        `Days for which a file of the audit trail can't be deleted; it expires on the next day. At least ${leastAuditDays}. Default: ${leastAuditDays}.`,
      ),
    lock: choice(["COMPLIANCE", "GOVERNANCE"])
      .default("COMPLIANCE")
      .describe(
        "Mode of the object lock: in compliance mode the account's root can't delete a file before its time either. Default: COMPLIANCE.",
      ),
    siem: flag
      .default(false)
      .describe(
        "An SQS queue with a message for each new file, which a SIEM reads: see docs/audit.md. Default: false.",
      ),
  })
  .optional()
  .describe(
    "The audit trail of the account: CloudTrail in all regions, into a locked bucket. Default: none, since an organisation may own it.",
  );

/** AWS' managed rules that take no parameters, by their identifiers. Source: AWS Config developer guide, list of managed rules. */
const managedRules = [
  "ACCESS_KEYS_ROTATED",
  "CLOUD_TRAIL_ENABLED",
  "CMK_BACKING_KEY_ROTATION_ENABLED",
  "EC2_EBS_ENCRYPTION_BY_DEFAULT",
  "EKS_SECRETS_ENCRYPTED",
  "ENCRYPTED_VOLUMES",
  "IAM_ROOT_ACCESS_KEY_CHECK",
  "IAM_USER_MFA_ENABLED",
  "INCOMING_SSH_DISABLED",
  "RDS_INSTANCE_PUBLIC_ACCESS_CHECK",
  "RDS_STORAGE_ENCRYPTED",
  "ROOT_ACCOUNT_MFA_ENABLED",
  "S3_BUCKET_LEVEL_PUBLIC_ACCESS_PROHIBITED",
  "VPC_FLOW_LOGS_ENABLED",
] as const;

const recorder = z
  .strictObject({
    role: choice(["create", "exists"])
      .default("create")
      .describe(
        "`exists` if the account already has the service-linked role AWSServiceRoleForConfig, of which there can be only one (`aws iam get-role --role-name AWSServiceRoleForConfig`). Default: create.",
      ),
    frequency: choice(["DAILY", "CONTINUOUS"])
      .default("DAILY")
      .describe(
        "DAILY records changed resources once a day, CONTINUOUS records every change, which are many with a cluster's nodes. Default: DAILY.",
      ),
    rules: list(choice(managedRules), "a list of managed rules", { max: 50 })
      .default([])
      .describe(
        "AWS' managed rules, which report to Security Hub. Default: none, since Security Hub's standards have their own.",
      ),
  })
  .optional()
  .describe(
    "AWS Config, which records the account's resources; most controls of Security Hub depend on it. Default: none, since AWS charges for each record, and an organisation may own it.",
  );

export const detectors = z
  .strictObject({
    guardDuty: flag
      .default(true)
      .describe(
        "GuardDuty, with protection of S3, EKS, RDS, Lambda, against malware and at runtime. Default: true.",
      ),
    securityHub: flag
      .default(true)
      .describe("Security Hub, with AWS Foundational Security Best Practices and CIS 3.0. Default: true."),
    accessAnalyzer: flag
      .default(true)
      .describe("IAM Access Analyzer: what is open to other accounts. Default: true."),
    config: recorder,
    inspector: flag
      .default(true)
      .describe(
        "Inspector, for the images of the registry, in `account.region`: those of `secondRegion` are copies. Default: true.",
      ),
    notifyFrom: choice(["MEDIUM", "HIGH", "CRITICAL"])
      .default("HIGH")
      .describe("Severity from which findings reach the alarm topic. Default: HIGH."),
  })
  .optional()
  .describe(
    "Security services in `account.region` and `secondRegion`, each with a switch. Default: none, since an organisation may own them.",
  );

const monitor = z
  .union(
    [
      z.literal("create"),
      pattern(/^arn:aws:ce::\d{12}:anomalymonitor\/[\w-]+$/, "`create`, or the ARN of a monitor", 2048),
    ],
    { error: "`create`, or the ARN of the account's monitor of all services" },
  )
  .describe(
    "`create`, or the ARN of the existing monitor of all services: an account can have only one, and Cost Explorer creates it in accounts that are new to it (`aws ce get-anomaly-monitors`).",
  );

export const accountCosts = z
  .strictObject({
    usage,
    anomalies: z
      .strictObject({
        monitor,
        fromUsd: integer(1, 1_000_000, "US dollars")
          .default(20)
          .describe("US dollars above the expected costs from which a mail is sent. Default: 20."),
      })
      .optional()
      .describe("Cost anomaly detection: a daily mail to the alarm addresses. Default: none."),
    allocationTags: list(text("the key of a tag", 128), "a list of tags' keys", { max: 20 })
      .default([])
      .describe(
        "Cost allocation tags to activate, for bills and budgets: at least Project and Environment. Only in the payer account, and a day after a resource has the tag, since AWS doesn't know it before. Default: none.",
      ),
  })
  .optional()
  .describe("Cost settings of the whole account. Default: none.");
