import { z } from "zod";
import { choice, integer, logDays, text } from "./values";

/** What a rule does with a request that it matches: refuse it, or let it pass and count it. */
const action = choice(["block", "count"]);

/**
 * AWS managed rule groups by the names that a stack file uses. AWS WAF evaluates them in this order: what costs least
 * and rejects most comes first. Source: AWS WAF developer guide, AWS managed rule groups list.
 */
export const managedGroups = {
  ipReputation: "AWSManagedRulesAmazonIpReputationList",
  /** VPNs, proxies, Tor and hosting providers: a choice, since users may come that way too. */
  anonymousIp: "AWSManagedRulesAnonymousIpList",
  knownBadInputs: "AWSManagedRulesKnownBadInputsRuleSet",
  common: "AWSManagedRulesCommonRuleSet",
  sqlInjection: "AWSManagedRulesSQLiRuleSet",
} as const;

export type ManagedGroup = keyof typeof managedGroups;

const groupNames = Object.keys(managedGroups) as ManagedGroup[];

const groups = z
  .record(text("the name of a managed rule group"), action, {
    error: `"block" or "count" by managed rule group: ${groupNames.join(", ")}`,
  })
  .superRefine((value, context) => {
    for (const name of Object.keys(value))
      if (!(name in managedGroups))
        context.addIssue({
          code: "custom",
          path: [name],
          message: `a managed rule group: ${groupNames.join(", ")}`,
        });
  })
  .transform((value) => value as Partial<Record<ManagedGroup, "block" | "count">>);

/** Digits of the shortest `Content-Length` that is too long, by the limit: a limit is a power of ten, in bytes. */
export const bodyDigits = { "10MB": 8, "100MB": 9, "1GB": 10 } as const;

/** AWS WAF in front of the load balancer. */
export const waf = z.strictObject({
  /** AWS managed rule groups. Those that aren't named here aren't evaluated. Start with `count`, and read the logs. */
  groups,
  /** Rules inside managed groups that count whatever their group does: uploads don't fit into the body limit of 8 KB. */
  countedRules: z
    .array(text("the name of a rule in a managed group"), {
      error: 'a list of rule names, such as ["SizeRestrictions_BODY"]',
    })
    .default(["SizeRestrictions_BODY"]),
  /** What Plinth's own rules do: the rate limits, and the limit on a request's body. */
  ownRules: action,
  /** Requests that announce a body of this size or a larger one match. */
  largestBody: choice(["10MB", "100MB", "1GB"]),
  /** Days that the log of blocked and counted requests is kept. */
  logDays,
  /** Requests within five minutes that raise an alarm. */
  alarms: z.strictObject({
    blocked: integer(1, 1_000_000, "blocked requests"),
    counted: integer(1, 1_000_000, "counted requests"),
  }),
});

export type WafSettings = z.output<typeof waf>;

/** Least limit of a rate-based rule, whatever the window. Source: AWS WAF API reference, RateBasedStatement. */
const leastRequests = 10;
const mostRequests = 2_000_000_000;

/** Windows that AWS WAF offers, in seconds. Source: AWS WAF API reference, RateBasedStatement. */
const windows = [60, 120, 300, 600];

/** How many requests to all hosts of a system one client address may send within a window. */
export const rateLimit = z.strictObject({
  requests: integer(leastRequests, mostRequests, "requests that one client address sends within the window"),
  /** Length of the window in seconds. AWS WAF looks at it about every ten seconds. */
  seconds: integer(60, 600, "seconds").refine((seconds) => windows.includes(seconds), {
    error: `a window that AWS WAF offers: ${windows.join(", ")} seconds`,
  }),
});

export type RateLimit = z.output<typeof rateLimit>;
