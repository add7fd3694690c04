import { listedTags, sample, scenario, unknown } from "../scenario";

const visibilityConfig = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
const group = (name: string, priority: number) => ({
  name,
  priority,
  visibilityConfig: { ...visibilityConfig },
  statement: { managedRuleGroupStatement: { name, vendorName: "AWS" } },
});

/** Matches requests with a header. */
const sent = (name: string, searchString: string) => ({
  byteMatchStatement: {
    fieldToMatch: { singleHeader: { name } },
    positionalConstraint: "EXACTLY",
    searchString,
    textTransformations: [{ priority: 0, type: "NONE" }],
  },
});

/** Masks the secret headers in logs and samples. */
export const dataProtectionConfig = {
  dataProtections: [
    {
      action: "SUBSTITUTION",
      field: { fieldType: "SINGLE_HEADER", fieldKeys: ["authorization", "cookie", "x-origin-verify"] },
    },
  ],
};

const attributes = {
  "routing.http.drop_invalid_header_fields.enabled": "true",
  "access_logs.s3.enabled": "true",
  "waf.fail_open.enabled": "false",
};
interface Class {
  props: { spec?: object };
}
const has = ({ props }: Class, change: Partial<Record<keyof typeof attributes, string>>) =>
  Object.assign(props.spec ?? {}, {
    loadBalancerAttributes: Object.entries({ ...attributes, ...change }).map(([key, value]) => ({
      key,
      value,
    })),
  });

export const waf = [
  scenario(
    "an IngressClassParams",
    {
      parameters: sample("kubernetes:eks.amazonaws.com/v1:IngressClassParams", {
        spec: {
          group: { name: "plinth" },
          scheme: "internet-facing",
          tags: listedTags,
          loadBalancerAttributes: Object.entries(attributes).map(([key, value]) => ({ key, value })),
        } as object,
      }),
    },
    [
      ["elb-class-attributes", ({ parameters }) => has(parameters, { "access_logs.s3.enabled": "false" })],
      ["elb-class-attributes", ({ parameters }) => has(parameters, { "waf.fail_open.enabled": "true" })],
    ],
  ),
  scenario(
    "a web ACL of a load balancer behind CloudFront",
    {
      acl: sample("aws:wafv2/webAcl:WebAcl", {
        scope: "REGIONAL",
        dataProtectionConfig,
        visibilityConfig: { ...visibilityConfig },
        rules: [
          {
            name: "without-cdn",
            priority: 0,
            visibilityConfig: { ...visibilityConfig },
            action: { block: {} },
            statement: {
              andStatement: {
                statements: [
                  sent("host", "app.example.com"),
                  { notStatement: { statement: sent("x-origin-verify", unknown) } },
                ],
              },
            },
          },
          group("AWSManagedRulesAmazonIpReputationList", 1),
          group("AWSManagedRulesKnownBadInputsRuleSet", 2),
          group("AWSManagedRulesCommonRuleSet", 3),
        ],
      }),
      ingress: sample("kubernetes:networking.k8s.io/v1:Ingress", {
        metadata: { namespace: "app", labels: { "app.kubernetes.io/part-of": "app" } },
        spec: { rules: [{ host: "app.example.com" }] },
      }),
    },
    [
      [
        "waf-rate-limit",
        ({ ingress }) => Object.assign(ingress.props.spec ?? {}, { rules: [{ host: "direct.example.com" }] }),
      ],
      ["waf-rate-limit", ({ acl }) => acl.props.rules?.shift()],
    ],
  ),
  scenario(
    "a web ACL",
    {
      acl: sample("aws:wafv2/webAcl:WebAcl", {
        scope: "REGIONAL",
        dataProtectionConfig,
        visibilityConfig: { ...visibilityConfig },
        rules: [
          {
            name: "rate",
            priority: 0,
            visibilityConfig: { ...visibilityConfig },
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
          redactedFields: [
            { singleHeader: { name: "authorization" } },
            { singleHeader: { name: "cookie" } },
            { singleHeader: { name: "x-origin-verify" } },
          ],
        },
        { refs: { resourceArn: ["acl"] } },
      ),
    },
    [
      ["waf-baseline", ({ acl }) => acl.props.rules?.pop()],
      [["waf-baseline", "waf-rate-limit"], ({ acl }) => delete acl.props.rules],
      ["waf-rate-limit", ({ acl }) => acl.props.rules?.shift()],
      [
        "waf-rate-limit",
        ({ acl }) => Object.assign(acl.props.rules?.[0] ?? {}, { statement: { rateBasedStatement: {} } }),
      ],
      ["waf-priorities-ordered", ({ acl }) => acl.props.rules?.reverse()],
      ["waf-visible", ({ acl }) => (acl.props.visibilityConfig = { sampledRequestsEnabled: true })],
      [
        "waf-visible",
        ({ acl }) => Object.assign(acl.props.rules?.[1] ?? {}, { visibilityConfig: undefined }),
      ],
      ["waf-samples-redacted", ({ acl }) => delete acl.props.dataProtectionConfig],
      [
        "waf-samples-redacted",
        ({ acl }) => acl.props.dataProtectionConfig?.dataProtections?.[0]?.field?.fieldKeys?.pop(),
      ],
      ["waf-logs-redacted", ({ logging }) => logging.props.redactedFields?.pop()],
      ["waf-logs-redacted", ({ logging }) => delete logging.props.redactedFields],
      ["aws-companions", (stack) => delete (stack as Partial<typeof stack>).logging],
    ],
  ),
];
