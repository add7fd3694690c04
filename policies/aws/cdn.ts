import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack } from "../lib/control";
import { absent, between, given, is, like } from "../../standards/tests";
import { must, type Row } from "../lib/must";
import { ofType } from "../lib/joins";
import { isLater, isRecord, plain } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";
const distribution = "aws:cloudfront/distribution:Distribution";

/** Header with the secret that identifies CloudFront to its origin. */
export const secretHeader = "x-origin-verify";
const propsOf = ({ props }: PolicyResource) => plain(props) as Record<string, unknown>;
const list = (value: unknown): unknown[] => (Array.isArray(value) ? value : []);

/** The first rule of a load balancer's web ACL as text, if it matches requests without the secret. */
export function guardOf(acl: PolicyResource): string[] {
  const { scope, rules } = propsOf(acl);
  const [first] = list(rules);
  if (scope !== "REGIONAL" || !isRecord(first)) return [];
  const text = JSON.stringify({ action: first.action, statement: first.statement });
  return text.includes("notStatement") && text.includes(JSON.stringify(secretHeader)) ? [text] : [];
}

/** Requirements on the cache behavior at a path. */
const behavior = (path: string): Row[] => [
  [`${path}.cachePolicyId`, given, ({ props }) => props[path.replace("[]", "")] !== undefined],
  [`${path}.forwardedValues`, absent],
];

/** CloudFront. The policies for TLS are in `edge.ts`. */
export const cdnRows: Policies = [
  must(
    [distribution],
    {
      name: "cloudfront-hardened",
      description:
        "CloudFront distributions must have a web ACL and a custom certificate, connect to origins over TLS 1.2, and use cache and response headers policies.",
      severity: "high",
      remediation:
        "Set webAclId, viewerCertificate.acmCertificateArn with sslSupportMethod sni-only, originSslProtocols to TLSv1.2 only, cachePolicyId in each cache behavior, and responseHeadersPolicyId. Use originAccessControlId instead of s3OriginConfig.",
      url: `${guide}/security.html`,
    },
    [
      ["webAclId", given],
      ["viewerCertificate.acmCertificateArn", given],
      ["viewerCertificate.sslSupportMethod", is("sni-only")],
      ["httpVersion", like(/^http2(and3)?$/, "http2 or http2and3")],
      ["origins[].s3OriginConfig", absent],
      ["origins[].customOriginConfig.originSslProtocols[]", is("TLSv1.2")],
      ...behavior("defaultCacheBehavior"),
      ...behavior("orderedCacheBehaviors[]"),
      ["defaultCacheBehavior.responseHeadersPolicyId", given],
      // The web ACL of the origin changes once all edge locations send the new secret.
      ["waitForDeployment", is(true)],
    ],
  ),
  must(
    ["aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy"],
    {
      name: "cloudfront-security-headers",
      description:
        "CloudFront response headers policies must set the security headers Strict-Transport-Security, X-Content-Type-Options, X-Frame-Options and Referrer-Policy.",
      severity: "medium",
      remediation:
        "In securityHeadersConfig, set strictTransportSecurity with an accessControlMaxAgeSec of at least 31536000, contentTypeOptions, frameOptions and referrerPolicy, with override true.",
      url: `${guide}/understanding-response-headers-policies.html`,
    },
    [
      [
        "securityHeadersConfig.strictTransportSecurity.accessControlMaxAgeSec",
        between(31_536_000, 2_147_483_647),
      ],
      ["securityHeadersConfig.strictTransportSecurity.override", is(true)],
      ["securityHeadersConfig.contentTypeOptions.override", is(true)],
      ["securityHeadersConfig.frameOptions.frameOption", is("SAMEORIGIN", "DENY")],
      ["securityHeadersConfig.frameOptions.override", is(true)],
      ["securityHeadersConfig.referrerPolicy.referrerPolicy", given],
    ],
  ),
  must(
    ["aws:cloudwatch/logDelivery:LogDelivery"],
    {
      name: "cloudfront-logs-redacted",
      description: "CloudFront access logs must not contain cookies or query strings.",
      severity: "high",
      remediation:
        "Set recordFields without cs(Cookie) and cs-uri-query, which can contain session IDs and tokens.",
      url: `${guide}/standard-logging.html`,
    },
    [
      ["recordFields", given],
      [
        "recordFields[]",
        like(/^(?!cs\(Cookie\)$|cs-uri-query$)/, "a field other than cs(Cookie) and cs-uri-query"),
      ],
    ],
  ),
  onStack(
    {
      name: "cloudfront-ipv6",
      description:
        "CloudFront distributions must enable IPv6, unless an IPv4 IP set restricts their clients.",
      severity: "medium",
      remediation:
        "Set isIpv6Enabled to true. If the stack has an IPv4 IP set with the scope CLOUDFRONT, set isIpv6Enabled to false, because the web ACL blocks all IPv6 clients.",
      url: `${guide}/cloudfront-enable-ipv6.html`,
    },
    (resources, report) => {
      const restricted = ofType(resources, "aws:wafv2/ipSet:IpSet").some(
        (set) => propsOf(set).scope === "CLOUDFRONT",
      );
      for (const one of ofType(resources, distribution)) {
        const { isIpv6Enabled = false } = propsOf(one);
        if (isLater(isIpv6Enabled) || isIpv6Enabled === !restricted) continue;
        report(
          restricted
            ? `${one.name}: isIpv6Enabled is true; it must be false, because the web ACL blocks IPv6 clients.`
            : `${one.name}: isIpv6Enabled is false; it must be true.`,
          one.urn,
        );
      }
    },
  ),
  onStack(
    {
      name: "cloudfront-origin-guarded",
      description:
        "Load balancers behind CloudFront must block requests that don't come from the distribution.",
      severity: "critical",
      remediation:
        "Add the header x-origin-verify to customHeaders of each custom origin. In the web ACL with the scope REGIONAL, let the first rule block requests to the distribution's aliases without that header.",
      url: `${guide}/restrict-access-to-load-balancer.html`,
    },
    (resources, report) => {
      const guards = ofType(resources, "aws:wafv2/webAcl:WebAcl").flatMap(guardOf);
      for (const one of ofType(resources, distribution)) {
        const { aliases = [], origins } = propsOf(one) as { aliases?: string[]; origins?: unknown };
        if (isLater(origins) || isLater(aliases)) continue;
        for (const origin of list(origins)) {
          if (!isRecord(origin) || origin.customOriginConfig === undefined) continue;
          const sent = list(origin.customHeaders).some(
            (header) => isRecord(header) && header.name === secretHeader,
          );
          if (!sent)
            report(
              `${one.name} doesn't send the header ${secretHeader} to the origin ${String(origin.domainName)}.`,
              one.urn,
            );
        }
        for (const alias of aliases)
          if (!guards.some((guard) => guard.includes(JSON.stringify(alias))))
            report(
              `no REGIONAL web ACL has a first rule for requests to ${alias} without the header ${secretHeader}.`,
              one.urn,
            );
      }
    },
  ),
  onStack(
    {
      name: "cloudfront-origin-blocks",
      description: "Requests that bypass CloudFront should be blocked, not counted.",
      severity: "high",
      remediation:
        "Set edge.cdn.withoutCdn to block in the stack file, a few minutes after the distribution's DNS records exist.",
      url: `${guide}/restrict-access-to-load-balancer.html`,
      level: "advisory",
    },
    (resources, report) => {
      for (const acl of ofType(resources, "aws:wafv2/webAcl:WebAcl"))
        for (const guard of guardOf(acl))
          if (!guard.includes('"block"'))
            report(`${acl.name}: the action of the first rule is count; it should be block.`, acl.urn);
    },
  ),
];
