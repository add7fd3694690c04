import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { bodyDigits, managedGroups, type ManagedGroup, type RateLimit, type WafSettings } from "../../config";

type Rule = aws.types.input.wafv2.WebAclRule;
type Statement = aws.types.input.wafv2.WebAclRuleStatement;
type Unranked = Omit<Rule, "priority">;

/** A system whose public hosts share a rate limit. */
export interface Limited {
  readonly system: string;
  readonly hosts: readonly string[];
  readonly limit: RateLimit;
}

/** Hosts that only the CDN may request, which sends a secret. */
export interface Guarded {
  /** Public hosts behind the CDN, and the host names by which it reaches the load balancer. */
  readonly hosts: readonly string[];
  /** Accepted secrets: the one that the CDN sends, and the next. */
  readonly secrets: readonly pulumi.Input<string>[];
  /** Action for requests without one. */
  readonly action: "block" | "count";
}

/** What a web ACL's rules depend on, apart from its settings. */
export interface Traffic {
  readonly limited: readonly Limited[];
  /** Default: no host is behind a CDN. */
  readonly guarded?: Guarded | undefined;
  /** ARN of the IP set of the admitted networks. Default: all are admitted. */
  readonly networks?: pulumi.Input<string> | undefined;
}

/** Header in which the CDN sends the secret. */
export const originHeader = "x-origin-verify";

/** Metrics and samples of a rule, or of the web ACL itself, with one name. */
export const visibility = (metricName: string) => ({
  metricName,
  cloudwatchMetricsEnabled: true,
  sampledRequestsEnabled: true,
});

/**
 * Rules of a web ACL. Their priorities follow their order, so a second preview shows no change: first which sources are
 * admitted, then rate limits, which are cheap and block requests that the others would inspect, then the body limit, then
 * AWS' managed groups.
 */
export function wafRules(settings: WafSettings, traffic: Traffic): Rule[] {
  const { limited, guarded, networks } = traffic;
  const rules = [
    ...(guarded === undefined ? [] : [guardRule(guarded)]),
    ...(networks === undefined ? [] : [networkRule(networks, guarded?.hosts ?? [])]),
    ...limited.map((one) => rateRule(one, settings)),
    bodyRule(settings),
    ...(Object.keys(managedGroups) as ManagedGroup[]).flatMap((group) =>
      groupRule(group, settings, guarded?.hosts ?? []),
    ),
  ];
  return rules.map((rule, priority) => ({ ...rule, priority }));
}

const not = (statement: Statement): Statement => ({ notStatement: { statement } });

/** AWS WAF refuses an `or` or an `and` of a single statement. */
const any = (statements: readonly Statement[]): Statement => {
  const [only] = statements;
  return only !== undefined && statements.length === 1
    ? only
    : { orStatement: { statements: [...statements] } };
};
const all = (statements: readonly Statement[]): Statement => {
  const [only] = statements;
  return only !== undefined && statements.length === 1
    ? only
    : { andStatement: { statements: [...statements] } };
};

/** Matches requests for hosts behind the CDN that don't come from it. */
const guardRule = ({ hosts, secrets, action }: Guarded): Unranked => ({
  name: "without-cdn",
  statement: all([
    any(hosts.map(toHost)),
    ...secrets.map((secret) =>
      not({
        byteMatchStatement: {
          fieldToMatch: { singleHeader: { name: originHeader } },
          positionalConstraint: "EXACTLY",
          searchString: secret,
          textTransformations: [{ priority: 0, type: "NONE" }],
        },
      }),
    ),
  ]),
  action: { [action]: {} },
  visibilityConfig: visibility("without-cdn"),
});

/** Blocks requests from other networks than the admitted ones. The CDN's own web ACL checks those for its hosts. */
const networkRule = (arn: pulumi.Input<string>, behindCdn: readonly string[]): Unranked => ({
  name: "other-networks",
  statement: all([not({ ipSetReferenceStatement: { arn } }), ...behindCdn.map((host) => not(toHost(host)))]),
  action: { block: {} },
  visibilityConfig: visibility("other-networks"),
});

/** Groups that judge the sender's address, which is CloudFront's for hosts behind the CDN. */
const byAddress: readonly ManagedGroup[] = ["ipReputation", "anonymousIp"];

/** AWS' managed groups, whose own rules decide whether to block or count. */
function groupRule(
  group: ManagedGroup,
  { groups, countedRules }: WafSettings,
  behindCdn: readonly string[],
): Unranked[] {
  const mode = groups[group];
  if (mode === undefined) return [];
  const ruleActionOverrides = countedRules.map((name) => ({ name, actionToUse: { count: {} } }));
  const narrowed = byAddress.includes(group) && behindCdn.length > 0;
  return [
    {
      name: managedGroups[group],
      statement: {
        managedRuleGroupStatement: {
          vendorName: "AWS",
          name: managedGroups[group],
          ...(group === "common" && ruleActionOverrides.length > 0 ? { ruleActionOverrides } : {}),
          ...(narrowed ? { scopeDownStatement: all(behindCdn.map((host) => not(toHost(host)))) } : {}),
        },
      },
      overrideAction: mode === "block" ? { none: {} } : { count: {} },
      visibilityConfig: visibility(managedGroups[group]),
    },
  ];
}

/** Limits requests per client address, over all hosts of a system. */
const rateRule = ({ system, hosts, limit }: Limited, { ownRules }: WafSettings): Unranked => ({
  name: `rate-${system}`,
  statement: {
    rateBasedStatement: {
      aggregateKeyType: "IP",
      limit: limit.requests,
      evaluationWindowSec: limit.seconds,
      scopeDownStatement: any(hosts.map(toHost)),
    },
  },
  action: { [ownRules]: {} },
  visibilityConfig: visibility(`rate-${system}`),
});

/** A client may add a port to the host, which the load balancer ignores, so this matches the start of the host. */
const toHost = (host: string): Statement => ({
  byteMatchStatement: {
    fieldToMatch: { singleHeader: { name: "host" } },
    positionalConstraint: "STARTS_WITH",
    searchString: host,
    textTransformations: [{ priority: 0, type: "LOWERCASE" }],
  },
});

/**
 * Blocks large bodies by the Content-Length header: AWS WAF inspects only the first 8 KB of a body behind a load
 * balancer, and 16 KB behind CloudFront. Source: AWS WAF developer guide, body inspection limits.
 */
const bodyRule = ({ largestBody, ownRules }: WafSettings): Unranked => ({
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
