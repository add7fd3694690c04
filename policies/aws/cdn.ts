import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack } from "../lib/control";
import { absent, between, given, is, like } from "../../standards/tests";
import { must, type Row } from "../lib/must";
import { ofType } from "../lib/joins";
import { isLater, isRecord, plain } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/AmazonCloudFront/latest/DeveloperGuide";
const distribution = "aws:cloudfront/distribution:Distribution";

/** Header with the secret by which a CDN identifies itself to its origin. */
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

/** Requirements on the cache behaviour at a path. */
const behavior = (path: string): Row[] => [
  [`${path}.cachePolicyId`, given, ({ props }) => props[path.replace("[]", "")] !== undefined],
  [`${path}.forwardedValues`, absent],
];

/** CloudFront, beyond the TLS of `edge.ts`. */
export const cdnRows: Policies = [
  must(
    [distribution],
    {
      name: "cloudfront-hardened",
      description:
        "A distribution has a web ACL and its own certificate, connects to its origins over TLS 1.2, and uses policies instead of deprecated settings.",
      severity: "high",
      remediation:
        "Set webAclId, viewerCertificate.acmCertificateArn with sslSupportMethod sni-only, originSslProtocols to TLSv1.2 alone, cachePolicyId of each behaviour, and originAccessControlId in place of an origin access identity.",
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
        "Responses of the CDN have security headers: HSTS, content type, frame and referrer options.",
      severity: "medium",
      remediation:
        "Set strictTransportSecurity (a year), contentTypeOptions, frameOptions and referrerPolicy of securityHeadersConfig, with override true.",
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
      description:
        "Access logs of the CDN have no cookies and no query strings, which contain sessions and tokens.",
      severity: "high",
      remediation: "Set recordFields, without cs(Cookie) and cs-uri-query.",
      url: `${guide}/standard-logging.html`,
    },
    [
      ["recordFields", given],
      [
        "recordFields[]",
        like(/^(?!cs\(Cookie\)$|cs-uri-query$)/, "anything but cs(Cookie) and cs-uri-query"),
      ],
    ],
  ),
  onStack(
    {
      name: "cloudfront-ipv6",
      description:
        "A distribution answers over IPv6, unless its web ACL admits only some networks, which are IPv4.",
      severity: "medium",
      remediation:
        "Set isIpv6Enabled to true; or to false beside an IPv4 IP set of scope CLOUDFRONT, which refuses every client with IPv6.",
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
            ? `${one.name} answers over IPv6, and its web ACL refuses those clients.`
            : `${one.name} doesn't answer over IPv6.`,
          one.urn,
        );
      }
    },
  ),
  onStack(
    {
      name: "cloudfront-origin-guarded",
      description:
        "The load balancer behind a CDN recognizes it by a secret, and blocks other requests for its hosts.",
      severity: "critical",
      remediation:
        "Send x-origin-verify to each custom origin (customHeaders), and have the first rule of the REGIONAL web ACL block requests for the distribution's aliases without it.",
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
          if (!sent) report(`${one.name} sends no ${secretHeader} to ${String(origin.domainName)}.`, one.urn);
        }
        for (const alias of aliases)
          if (!guards.some((guard) => guard.includes(JSON.stringify(alias))))
            report(
              `no first rule of a REGIONAL web ACL acts on requests for ${alias} without ${secretHeader}.`,
              one.urn,
            );
      }
    },
  ),
  onStack(
    {
      name: "cloudfront-origin-blocks",
      description: "Requests that bypass the CDN are blocked, not counted.",
      severity: "high",
      remediation: "Set edge.cdn.withoutCdn to block, a few minutes after the CDN's DNS records exist.",
      url: `${guide}/restrict-access-to-load-balancer.html`,
      level: "advisory",
    },
    (resources, report) => {
      for (const acl of ofType(resources, "aws:wafv2/webAcl:WebAcl"))
        for (const guard of guardOf(acl))
          if (!guard.includes('"block"'))
            report(`${acl.name}: its first rule only counts requests that bypass the CDN.`, acl.urn);
    },
  ),
];
