import { sample, scenario, unknown } from "../scenario";

const visibilityConfig = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
const group = (name: string, priority: number) => ({
  name,
  priority,
  visibilityConfig: { ...visibilityConfig },
  statement: { managedRuleGroupStatement: { name, vendorName: "AWS" } },
});

export const waf = [
  scenario(
    "a web ACL",
    {
      acl: sample("aws:wafv2/webAcl:WebAcl", {
        scope: "REGIONAL",
        visibilityConfig: { ...visibilityConfig },
        rules: [
          {
            ...{ name: "rate", priority: 0, visibilityConfig: { ...visibilityConfig } },
            statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP" } },
          },
          group("AWSManagedRulesAmazonIpReputationList", 1),
          group("AWSManagedRulesKnownBadInputsRuleSet", 2),
          group("AWSManagedRulesCommonRuleSet", 3),
        ],
      }),
      logging: sample(
        "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
        {
          resourceArn: unknown,
          redactedFields: [{ singleHeader: { name: "authorization" } }, { singleHeader: { name: "cookie" } }],
        },
        { refs: { resourceArn: ["acl"] } },
      ),
    },
    [
      ["waf-baseline", ({ acl }) => acl.props.rules?.pop()],
      [["waf-baseline", "waf-rate-limit"], ({ acl }) => delete acl.props.rules],
      ["waf-rate-limit", ({ acl }) => acl.props.rules?.shift()],
      ["waf-priorities-ordered", ({ acl }) => acl.props.rules?.reverse()],
      ["waf-visible", ({ acl }) => (acl.props.visibilityConfig = { sampledRequestsEnabled: true })],
      [
        "waf-visible",
        ({ acl }) => Object.assign(acl.props.rules?.[1] ?? {}, { visibilityConfig: undefined }),
      ],
      ["waf-logs-redacted", ({ logging }) => logging.props.redactedFields?.pop()],
      ["waf-logs-redacted", ({ logging }) => delete logging.props.redactedFields],
      ["aws-companions", (stack) => delete (stack as Partial<typeof stack>).logging],
    ],
  ),
];
