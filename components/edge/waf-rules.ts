import type * as aws from "@pulumi/aws";
import { bodyDigits, managedGroups, type ManagedGroup, type RateLimit, type WafSettings } from "../../config";

type Rule = aws.types.input.wafv2.WebAclRule;
type Statement = Omit<Rule, "priority">;

/** A system whose public hosts share a rate limit. */
export interface Limited {
  readonly system: string;
  readonly hosts: readonly string[];
  readonly limit: RateLimit;
}

/** Metrics and samples of a rule, or of the web ACL itself, with one name. */
export const visibility = (metricName: string) => ({
  metricName,
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

/**
 * Rules of a web ACL. Their priorities follow their order, so a second preview shows no change: rate limits first,
 * which are cheap and block requests that the others would inspect, then the body limit, then AWS' managed groups.
 */
export function wafRules(settings: WafSettings, limited: readonly Limited[]): Rule[] {
  const rules = [
    ...limited.map((one) => rateRule(one, settings)),
    bodyRule(settings),
    ...(Object.keys(managedGroups) as ManagedGroup[]).flatMap((group) => groupRule(group, settings)),
  ];
  return rules.map((rule, priority) => ({ ...rule, priority }));
}

/** AWS' managed groups, whose own rules decide whether to block or count. */
function groupRule(group: ManagedGroup, { groups, countedRules }: WafSettings): Statement[] {
  const mode = groups[group];
  if (mode === undefined) return [];
  // AWS WAF accepts and ignores names of rules that the group doesn't have.
  const ruleActionOverrides = countedRules.map((name) => ({ name, actionToUse: { count: {} } }));
  return [
    {
      name: managedGroups[group],
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name: managedGroups[group],
          ...(group === "common" && ruleActionOverrides.length > 0 ? { ruleActionOverrides } : {}),
        },
      },
      overrideAction: mode === "block" ? { none: {} } : { count: {} },
      visibilityConfig: visibility(managedGroups[group]),
    },
  ];
}

/** Limits requests per client address, over all hosts of a system. */
function rateRule({ system, hosts, limit }: Limited, { ownRules }: WafSettings): Statement {
  const matches = hosts.map(toHost);
  const [only] = matches;
  return {
    name: `rate-${system}`,
    statement: {
      rateBasedStatement: {
        aggregateKeyType: "IP",
        limit: limit.requests,
        evaluationWindowSec: limit.seconds,
        scopeDownStatement: matches.length === 1 && only ? only : { orStatement: { statements: matches } },
      },
    },
    action: { [ownRules]: {} },
    visibilityConfig: visibility(`rate-${system}`),
  };
}

/** A client may add a port to the host, which the load balancer ignores, so this matches the start of the host. */
const toHost = (host: string) => ({
  byteMatchStatement: {
    fieldToMatch: { singleHeader: { name: "host" } },
    positionalConstraint: "STARTS_WITH",
    searchString: host,
    textTransformations: [{ priority: 0, type: "LOWERCASE" }],
  },
});

/**
 * Blocks large bodies by the Content-Length header: AWS WAF inspects only the first 8 KB of a body behind a load
 * balancer. Source: AWS WAF developer guide, body inspection limits.
 */
const bodyRule = ({ largestBody, ownRules }: WafSettings): Statement => ({
  name: "body-size",
  statement: {
    regexMatchStatement: {
      fieldToMatch: { singleHeader: { name: "content-length" } },
      regexString: `^[0-9]{${bodyDigits[largestBody]},}$`,
      textTransformations: [{ priority: 0, type: "NONE" }],
    },
  },
  action: { [ownRules]: {} },
  visibilityConfig: visibility("body-size"),
});
