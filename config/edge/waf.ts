import { z } from "zod";
import { byName, choice, integer, list, logDays, where } from "../values";

/** Action of a rule on a matching request: block it, or only count it. */
const action = choice(["block", "count"]);

/**
 * AWS managed rule groups by the names that a stack file uses. AWS WAF evaluates them in this order: cheap rules that
 * block most come first. Source: AWS WAF developer guide, AWS managed rule groups list.
 */
export const managedGroups = {
  ipReputation: "AWSManagedRulesAmazonIpReputationList",
  /** VPNs, proxies, Tor and hosting providers: optional, since users may also use them. */
  anonymousIp: "AWSManagedRulesAnonymousIpList",
  knownBadInputs: "AWSManagedRulesKnownBadInputsRuleSet",
  common: "AWSManagedRulesCommonRuleSet",
  sqlInjection: "AWSManagedRulesSQLiRuleSet",
} as const;

export type ManagedGroup = keyof typeof managedGroups;

const groupNames = Object.keys(managedGroups) as [ManagedGroup, ...ManagedGroup[]];

/** The groups that every web ACL must have: policy `waf-baseline`. */
const baseline = ["ipReputation", "knownBadInputs", "common"] as const satisfies readonly ManagedGroup[];

const groups = z
  .partialRecord(choice(groupNames), action, {
    error: byName(`"block" or "count" by managed rule group: `, groupNames),
  })
  .superRefine((given, context) => {
    for (const group of baseline)
      if (given[group] === undefined)
        context.addIssue({
          code: "custom",
          path: [group],
          message: `"block" or "count": policy waf-baseline demands ${baseline.join(", ")}`,
        });
  });

/**
 * The rules of the group `common`. AWS WAF ignores any other name, so a misspelt rule would still block. Source: AWS
 * WAF developer guide, baseline rule groups, core rule set.
 */
const commonRules = [
  "NoUserAgent_HEADER",
  "UserAgent_BadBots_HEADER",
  "SizeRestrictions_QUERYSTRING",
  "SizeRestrictions_Cookie_HEADER",
  "SizeRestrictions_BODY",
  "SizeRestrictions_URIPATH",
  "EC2MetaDataSSRF_BODY",
  "EC2MetaDataSSRF_COOKIE",
  "EC2MetaDataSSRF_URIPATH",
  "EC2MetaDataSSRF_QUERYARGUMENTS",
  "GenericLFI_QUERYARGUMENTS",
  "GenericLFI_URIPATH",
  "GenericLFI_BODY",
  "RestrictedExtensions_URIPATH",
  "RestrictedExtensions_QUERYARGUMENTS",
  "GenericRFI_QUERYARGUMENTS",
  "GenericRFI_BODY",
  "GenericRFI_URIPATH",
  "CrossSiteScripting_COOKIE",
  "CrossSiteScripting_QUERYARGUMENTS",
  "CrossSiteScripting_BODY",
  "CrossSiteScripting_URIPATH",
] as const;

/** Digits of the smallest `Content-Length` that exceeds the limit. Limits are powers of ten, in bytes. */
export const bodyDigits = { "10MB": 8, "100MB": 9, "1GB": 10 } as const;

/** AWS WAF in front of the load balancer. */
export const waf = z.strictObject({
  groups: groups.describe(
    "What each AWS managed rule group does with requests that it matches: ipReputation, anonymousIp, knownBadInputs, common, sqlInjection. The first, third and fourth are required; groups that aren't named aren't evaluated. Start with `count`, and read the logs.",
  ),
  countedRules: list(choice(commonRules), 'a list of rule names, such as ["SizeRestrictions_BODY"]')
    .default(["SizeRestrictions_BODY"])
    .describe(
      "Rules of the group `common` that always count, whatever the group does. Default: the body limit of 8 KB, which uploads exceed.",
    ),
  ownRules: action.describe(
    "Action of Plinth's own rules: the rate limits, and the limit on a request's body.",
  ),
  largestBody: choice(["10MB", "100MB", "1GB"]).describe(
    "Requests whose Content-Length is at least this match.",
  ),
  logDays: logDays.describe("Days that the log of blocked and counted requests is kept."),
  alarms: z
    .strictObject({
      blocked: integer(1, 1_000_000, "blocked requests").describe("Blocked requests that raise an alarm."),
      counted: integer(1, 1_000_000, "counted requests").describe(
        "Requests that a rule would have blocked, and that raise an alarm.",
      ),
    })
    .describe("Requests within five minutes that raise an alarm."),
});

export type WafSettings = z.output<typeof waf>;

/** Minimum limit of a rate-based rule, for any window. Source: AWS WAF API reference, RateBasedStatement. */
const leastRequests = 10;
const mostRequests = 2_000_000_000;

/** Windows that AWS WAF offers, in seconds. Source: AWS WAF API reference, RateBasedStatement. */
const windows = [60, 120, 300, 600];

/** Requests that one client address may send to all hosts of a system within a window. */
export const rateLimit = z.strictObject({
  requests: integer(
    leastRequests,
    mostRequests,
    "requests that one client address sends within the window",
  ).describe("Requests to all hosts of the system that one client address may send within the window."),
  seconds: where(
    integer(60, 600, "seconds"),
    (seconds) => windows.includes(seconds),
    `a window that AWS WAF offers: ${windows.join(", ")} seconds`,
  ).describe("Length of the window. AWS WAF evaluates it about every ten seconds."),
});

export type RateLimit = z.output<typeof rateLimit>;
