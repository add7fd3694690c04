import { z } from "zod";
import { choice, list, pattern } from "./values";

/** Kinds of an environment's logs that the account's audit bucket can have copies of. */
const auditLogs = ["cluster", "databases", "search", "flows", "dns", "waf", "load-balancer", "cdn"] as const;

export type AuditLog = (typeof auditLogs)[number];

export const audit = z
  .strictObject({
    bucket: pattern(
      /^[a-z0-9](?!.*\.)[a-z0-9-]{1,61}[a-z0-9]$/,
      "the name of the account's audit bucket, which the foundation prints as `audit`",
    ).describe("The foundation's audit bucket in the environment's account and region."),
    key: pattern(
      /^arn:aws:kms:[a-z0-9-]+:\d{12}:key\/[\w-]{1,128}$/,
      "the ARN of the audit bucket's key, which the foundation prints as `audit`",
      256,
    ).describe("ARN of the key that encrypts the audit bucket."),
    logs: list(choice(auditLogs), `a list of ${auditLogs.join(", ")}`, { min: 1 }).describe(
      "Logs that are copied there: `cluster` (Kubernetes audit events), `databases` (pgaudit's records and failed logins), `search` (who read logs and traces in OpenSearch), `flows` (VPC flow logs), `dns` (queries of the VPC's resolver, which are logged only with this), `waf` (requests that AWS WAF blocked or counted at the load balancers and the CDN), `load-balancer` and `cdn` (access logs). Logs of the second region are copied too.",
    ),
  })
  .optional()
  .describe(
    "Copies of the environment's logs in the account's locked bucket, for as long as `plinth-foundation:audit.retentionDays`: see docs/audit.md. Default: none.",
  );

export type EnvironmentAudit = NonNullable<z.infer<typeof audit>>;
