import { z } from "zod";
import { choice, flag, integer } from "./values";

/** What watches the account, and what keeps its audit. */

/** Fewest days that the audit trail is kept: a year, as CIS AWS Foundations asks of CloudTrail. */
const leastAuditDays = 365;

export const audit = z
  .strictObject({
    retentionDays: integer(leastAuditDays, 3650, "days")
      .default(leastAuditDays)
      .describe(
        `Days that nobody can delete a file of the audit trail; it goes on the next. At least ${leastAuditDays}. Default: ${leastAuditDays}.`,
      ),
    lock: choice(["COMPLIANCE", "GOVERNANCE"])
      .default("COMPLIANCE")
      .describe(
        "Mode of the object lock: in compliance mode the account's root can't delete a file before its time either. Default: COMPLIANCE.",
      ),
  })
  .optional()
  .describe(
    "The audit trail of the account: CloudTrail in all regions, into a locked bucket. Default: none, since an organisation may own it.",
  );

export const detectors = z
  .strictObject({
    guardDuty: flag
      .default(true)
      .describe("GuardDuty, with protection of S3, EKS, RDS, against malware and at runtime. Default: true."),
    securityHub: flag
      .default(true)
      .describe("Security Hub, with AWS Foundational Security Best Practices and CIS 3.0. Default: true."),
    accessAnalyzer: flag
      .default(true)
      .describe("IAM Access Analyzer: what is open to other accounts. Default: true."),
    inspector: flag.default(true).describe("Inspector, for the images of the registry. Default: true."),
    notifyFrom: choice(["MEDIUM", "HIGH", "CRITICAL"])
      .default("HIGH")
      .describe("Severity from which findings reach the alarm topic. Default: HIGH."),
  })
  .optional()
  .describe("What watches the account, each a switch. Default: nothing, since an organisation may own it.");
