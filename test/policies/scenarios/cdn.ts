import { sample, scenario, unknown } from "../scenario";
import { dataProtectionConfig } from "./waf";

const visibilityConfig = { cloudwatchMetricsEnabled: true, sampledRequestsEnabled: true };
const group = (name: string, priority: number) => ({
  name,
  priority,
  visibilityConfig,
  statement: { managedRuleGroupStatement: { name, vendorName: "AWS" } },
});
const header = (name: string, searchString: string) => ({
  byteMatchStatement: { fieldToMatch: { singleHeader: { name } }, searchString },
});
const behavior = (pathPattern?: string) => ({
  ...(pathPattern === undefined ? {} : { pathPattern }),
  viewerProtocolPolicy: "redirect-to-https",
  targetOriginId: "load-balancer",
  cachePolicyId: unknown,
  responseHeadersPolicyId: unknown,
});

export const cdn = [
  scenario(
    "a CloudFront distribution in front of a load balancer",
    {
      cdn: sample("aws:cloudfront/distribution:Distribution", {
        aliases: ["ui.example.com"],
        webAclId: unknown,
        httpVersion: "http2and3",
        isIpv6Enabled: true,
        waitForDeployment: true,
        defaultCacheBehavior: behavior() as object,
        orderedCacheBehaviors: [{ ...behavior("/api/*"), viewerProtocolPolicy: "https-only" } as object],
        viewerCertificate: {
          acmCertificateArn: unknown,
          sslSupportMethod: "sni-only",
          minimumProtocolVersion: "TLSv1.2_2021",
        },
        originGroups: [
          {
            originId: "either-region",
            failoverCriteria: { statusCodes: [500, 502, 503, 504] },
            members: [{ originId: "load-balancer" }, { originId: "other" }],
          },
        ],
        origins: [
          {
            originId: "load-balancer",
            domainName: "origin-ui.example.com",
            customHeaders: [{ name: "x-origin-verify", value: unknown }],
            customOriginConfig: { originProtocolPolicy: "https-only", originSslProtocols: ["TLSv1.2"] },
          },
          { originId: "bucket", domainName: unknown, originAccessControlId: unknown },
        ],
      }),
      logs: sample(
        "aws:cloudwatch/logDeliverySource:LogDeliverySource",
        { logType: "ACCESS_LOGS", resourceArn: unknown },
        { refs: { resourceArn: ["cdn"] } },
      ),
      delivery: sample("aws:cloudwatch/logDelivery:LogDelivery", {
        deliverySourceName: "cdn",
        deliveryDestinationArn: unknown,
        recordFields: ["date", "c-ip", "cs-uri-stem"],
      }),
      headers: sample("aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy", {
        securityHeadersConfig: {
          strictTransportSecurity: { accessControlMaxAgeSec: 31_536_000, override: true },
          contentTypeOptions: { override: true },
          frameOptions: { frameOption: "SAMEORIGIN", override: true },
          referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
        },
      }),
      acl: sample("aws:wafv2/webAcl:WebAcl", {
        scope: "REGIONAL",
        dataProtectionConfig: structuredClone(dataProtectionConfig),
        visibilityConfig,
        rules: [
          {
            name: "without-cdn",
            priority: 0,
            visibilityConfig,
            action: { block: {} } as object,
            statement: {
              andStatement: {
                statements: [
                  header("host", "ui.example.com"),
                  { notStatement: { statement: header("x-origin-verify", unknown) } },
                ],
              },
            } as object,
          },
          {
            name: "rate",
            priority: 1,
            visibilityConfig,
            statement: { rateBasedStatement: { limit: 100, aggregateKeyType: "IP" } } as object,
          },
          group("AWSManagedRulesAmazonIpReputationList", 2),
          group("AWSManagedRulesKnownBadInputsRuleSet", 3),
          group("AWSManagedRulesCommonRuleSet", 4),
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
      [
        "cloudfront-viewers-https",
        ({ cdn }) =>
          Object.assign(cdn.props.orderedCacheBehaviors?.[0] ?? {}, { viewerProtocolPolicy: "allow-all" }),
      ],
      [
        "cloudfront-viewers-https",
        ({ cdn }) =>
          delete (cdn.props.defaultCacheBehavior as { viewerProtocolPolicy?: string }).viewerProtocolPolicy,
      ],
      [
        ["cloudfront-tls-version", "cloudfront-hardened"],
        ({ cdn }) => (cdn.props.viewerCertificate = { cloudfrontDefaultCertificate: true }),
      ],
      [
        "cloudfront-tls-version",
        ({ cdn }) =>
          Object.assign(cdn.props.viewerCertificate ?? {}, { minimumProtocolVersion: "TLSv1.1_2016" }),
      ],
      [
        "cloudfront-origins-https",
        ({ cdn }) =>
          Object.assign(cdn.props.origins?.[0]?.customOriginConfig ?? {}, {
            originProtocolPolicy: "match-viewer",
          }),
      ],
      [
        "cloudfront-origin-group-whole",
        ({ cdn }) => Object.assign(cdn.props.originGroups?.[0] ?? {}, { originId: "" }),
      ],
      [
        "cloudfront-origin-group-whole",
        ({ cdn }) => Object.assign(cdn.props.originGroups?.[0] ?? {}, { members: undefined }),
      ],
      [
        "cloudfront-origin-group-whole",
        ({ cdn }) =>
          Object.assign(cdn.props.originGroups?.[0] ?? {}, { failoverCriteria: { statusCodes: [200] } }),
      ],
      ["cloudfront-ipv6", ({ cdn }) => delete cdn.props.isIpv6Enabled],
      [
        "cloudfront-ipv6",
        (stack) =>
          Object.assign(stack, {
            networks: sample("aws:wafv2/ipSet:IpSet", {
              scope: "CLOUDFRONT",
              ipAddressVersion: "IPV4",
              addresses: ["203.0.113.0/24"],
            }),
          }),
      ],
      ["cloudfront-hardened", ({ cdn }) => delete cdn.props.webAclId],
      ["cloudfront-hardened", ({ cdn }) => delete cdn.props.waitForDeployment],
      [
        "cloudfront-hardened",
        ({ cdn }) => cdn.props.origins?.[0]?.customOriginConfig?.originSslProtocols?.push("TLSv1.1"),
      ],
      [
        "cloudfront-hardened",
        ({ cdn }) =>
          Object.assign(cdn.props.origins?.[1] ?? {}, {
            s3OriginConfig: { originAccessIdentity: "E2QWRUHAPOMQZL" },
          }),
      ],
      [
        "cloudfront-hardened",
        ({ cdn }) =>
          Object.assign(cdn.props.defaultCacheBehavior ?? {}, { forwardedValues: { queryString: true } }),
      ],
      ["cloudfront-origin-guarded", ({ cdn }) => delete cdn.props.origins?.[0]?.customHeaders],
      ["cloudfront-origin-guarded", ({ cdn }) => (cdn.props.aliases = ["other.example.com"])],
      ["cloudfront-origin-guarded", ({ acl }) => acl.props.rules?.shift()],
      [
        "cloudfront-origin-blocks",
        ({ acl }) => Object.assign(acl.props.rules?.[0] ?? {}, { action: { count: {} } }),
      ],
      ["cloudfront-logs-redacted", ({ delivery }) => delivery.props.recordFields?.push("cs(Cookie)")],
      ["cloudfront-logs-redacted", ({ delivery }) => delete delivery.props.recordFields],
      [
        "cloudfront-security-headers",
        ({ headers }) => delete headers.props.securityHeadersConfig?.frameOptions,
      ],
      [
        "cloudfront-security-headers",
        ({ headers }) =>
          Object.assign(headers.props.securityHeadersConfig?.strictTransportSecurity ?? {}, {
            accessControlMaxAgeSec: 86_400,
          }),
      ],
      ["aws-companions", (stack) => delete (stack as Partial<typeof stack>).logs],
    ],
  ),
];
