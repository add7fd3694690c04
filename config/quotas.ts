import { z } from "zod";
import { integer } from "./values";

/**
 * Quotas that an environment may exceed, by their codes in Service Quotas, with the value of a new account. Sources: the
 * quotas' pages of Amazon EC2, Amazon EBS, Amazon RDS, Amazon ElastiCache and Elastic Load Balancing.
 */
export const quotas = {
  "L-1216C47A": { service: "ec2", what: "vCPUs of on-demand instances", standard: 5 },
  "L-34B43A08": { service: "ec2", what: "vCPUs of spot instances", standard: 5 },
  "L-0263D0A3": { service: "ec2", what: "Elastic IP addresses", standard: 5 },
  "L-7A658B76": { service: "ebs", what: "TiB of gp3 volumes", standard: 50 },
  "L-7E6692B2": {
    service: "elasticloadbalancing",
    what: "targets of the Application Load Balancer",
    standard: 1000,
  },
  "L-69A177A2": { service: "elasticloadbalancing", what: "network load balancers", standard: 50 },
  "L-7B6409FD": { service: "rds", what: "database instances", standard: 40 },
  "L-7ADDB58A": { service: "rds", what: "GiB of storage of all database instances", standard: 100_000 },
  "L-DFE45DF3": { service: "elasticache", what: "cache nodes", standard: 300 },
} as const satisfies Record<string, { service: string; what: string; standard: number }>;

export type QuotaCode = keyof typeof quotas;

export { quotaRequest } from "../standards/quotas";

const codes = Object.keys(quotas) as QuotaCode[];

/** What the account has been granted, by quota. */
export const grantedQuotas = z
  .strictObject(
    Object.fromEntries(
      codes.map((code) => [
        code,
        integer(1, 10_000_000, quotas[code].what)
          .optional()
          .describe(`${quotas[code].what}. A new account has ${quotas[code].standard}.`),
      ]),
    ) as Record<QuotaCode, z.ZodOptional<ReturnType<typeof integer>>>,
  )
  .default({})
  .describe(
    "Quotas that AWS has raised in this account and region, by code. They count for all that is in it. An environment that needs more is refused; without an entry a new account's value is assumed, and exceeding it is a warning.",
  );
