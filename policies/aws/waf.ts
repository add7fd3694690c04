import type { Policies, PolicyResource } from "@pulumi/policy";
import { guardOf, secretHeader } from "./cdn";
import { onStack, onType } from "../lib/control";
import { having, is, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { ofType } from "../lib/joins";
import { isRecord, mapKnown, plain, shown, valuesAt } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/waf/latest/developerguide";
const webAcl = "aws:wafv2/webAcl:WebAcl";

/** Managed rule groups that every web ACL needs. They have no extra cost and suit any application. */
const baseline = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
];

/** Headers that contain credentials, sessions, and the secret of a CDN. */
const secretHeaders = ["authorization", "cookie", secretHeader];

/** Whether an entry of dataProtections masks all of these headers, in logs and sampled requests. */
const protects = (item: unknown) => {
  if (!isRecord(item) || !isRecord(item.field)) return false;
  const { fieldType, fieldKeys } = item.field;
  const covered = Array.isArray(fieldKeys) ? fieldKeys : [];
  const all = secretHeaders.every((header) => covered.includes(header));
  return item.action === "SUBSTITUTION" && fieldType === "SINGLE_HEADER" && all;
};

const attribute = (key: string, value: string) => (item: unknown) =>
  isRecord(item) && item.key === key && item.value === value;

const hasLimit = ({ props }: PolicyResource): boolean =>
  valuesAt(plain(props), "rules[].statement.rateBasedStatement.limit").some(
    ({ value }) => value !== undefined && value !== null,
  );

/** Public hosts of a system's Ingress. Other Ingresses are behind single sign-on. */
function systemHosts({ type, props }: PolicyResource): string[] {
  if (type !== "kubernetes:networking.k8s.io/v1:Ingress") return [];
  const { metadata, spec } = plain(props) as {
    metadata?: { labels?: object };
    spec?: { rules?: { host?: string }[] };
  };
  if (!("app.kubernetes.io/part-of" in (metadata?.labels ?? {}))) return [];
  return (spec?.rules ?? []).flatMap(({ host }) => host ?? []);
}

/** Policies for AWS WAF. */
export const waf: Policies = [
  onType(
    webAcl,
    {
      name: "waf-baseline",
      description: "AWS WAF web ACLs must use the baseline AWS managed rule groups.",
      severity: "high",
      remediation: `Add a rule with a managedRuleGroupStatement and vendorName AWS for each of ${baseline.join(", ")}.`,
      url: `${guide}/aws-managed-rule-groups-list.html`,
    },
    ({ rules = [] }, { report }) => {
      const groups = mapKnown(rules, ({ statement }) => statement?.managedRuleGroupStatement?.name);
      for (const name of baseline)
        if (!groups.includes(name)) report(`no rule uses the managed rule group ${name}.`);
    },
  ),
  onStack(
    {
      name: "waf-rate-limit",
      description: "AWS WAF web ACLs must have a rate-based rule, unless all hosts are behind CloudFront.",
      severity: "medium",
      remediation: "Add a rule with a rateBasedStatement.",
      url: `${guide}/waf-rule-statement-type-rate-based.html`,
    },
    (resources, report) => {
      const hosts = resources.flatMap(systemHosts);
      for (const acl of ofType(resources, webAcl)) {
        const guards = guardOf(acl);
        const behindCdn =
          guards.length > 0 &&
          hosts.every((host) => guards.some((guard) => guard.includes(JSON.stringify(host))));
        if (!behindCdn && !hasLimit(acl)) report(`${acl.name}: no rule has a rateBasedStatement.`, acl.urn);
      }
    },
  ),
  onType(
    webAcl,
    {
      name: "waf-priorities-ordered",
      description:
        "AWS WAF rules must be in the order of their priorities, and each must have a different priority.",
      severity: "medium",
      remediation:
        "Sort the rules by priority. AWS returns them sorted, so any other order shows a change in each preview.",
      url: `${guide}/web-acl-processing-order.html`,
    },
    ({ rules = [] }, { report }) => {
      rules.forEach((rule, index) => {
        const before = rules[index - 1]?.priority;
        if (before !== undefined && rule.priority !== undefined && rule.priority <= before)
          report(
            `the rule ${shown(rule.name)} has priority ${rule.priority}, but the previous rule has ${before}.`,
          );
      });
    },
  ),
  must(
    [webAcl],
    {
      name: "waf-visible",
      description: "AWS WAF web ACLs and rules must have CloudWatch metrics and sampled requests enabled.",
      severity: "medium",
      remediation:
        "Set cloudwatchMetricsEnabled and sampledRequestsEnabled to true in every visibilityConfig.",
      url: `${guide}/monitoring-cloudwatch.html`,
    },
    [
      ["visibilityConfig.cloudwatchMetricsEnabled", is(true)],
      ["visibilityConfig.sampledRequestsEnabled", is(true)],
      ["rules[].visibilityConfig.cloudwatchMetricsEnabled", is(true)],
      ["rules[].visibilityConfig.sampledRequestsEnabled", is(true)],
    ],
  ),
  onType(
    "aws:wafv2/webAclLoggingConfiguration:WebAclLoggingConfiguration",
    {
      name: "waf-logs-redacted",
      description: "AWS WAF logs must not contain credentials or session cookies.",
      severity: "high",
      remediation: `Add a singleHeader to redactedFields for each of ${secretHeaders.join(", ")}.`,
      url: `${guide}/logging-management-configure.html`,
    },
    ({ redactedFields = [] }, { report }) => {
      const redacted = mapKnown(redactedFields, ({ singleHeader }) => singleHeader?.name?.toLowerCase());
      for (const header of secretHeaders)
        if (!redacted.includes(header)) report(`redactedFields is missing the header ${header}.`);
    },
  ),
  must(
    [webAcl],
    {
      name: "waf-samples-redacted",
      description:
        "AWS WAF logs and sampled requests must not contain credentials, session cookies or the CloudFront secret.",
      severity: "high",
      remediation: `Add an entry with action SUBSTITUTION, fieldType SINGLE_HEADER and the fieldKeys ${secretHeaders.join(", ")} to dataProtectionConfig.dataProtections.`,
      url: `${guide}/data-protection-masking.html`,
    },
    [
      [
        "dataProtectionConfig.dataProtections",
        having(protects, `a list with a SUBSTITUTION of the headers ${secretHeaders.join(", ")}`),
      ],
    ],
  ),
  must(
    ["kubernetes:eks.amazonaws.com/v1:IngressClassParams"],
    {
      name: "elb-class-attributes",
      description:
        "IngressClassParams must make load balancers drop invalid HTTP headers, write access logs and block requests that AWS WAF can't inspect.",
      severity: "medium",
      remediation:
        'In loadBalancerAttributes, set routing.http.drop_invalid_header_fields.enabled and access_logs.s3.enabled to "true", and waf.fail_open.enabled to "false".',
      url: "https://docs.aws.amazon.com/elasticloadbalancing/latest/application/application-load-balancers.html",
    },
    [
      ...Object.entries({
        "routing.http.drop_invalid_header_fields.enabled": "true",
        "access_logs.s3.enabled": "true",
        "waf.fail_open.enabled": "false",
      }).map(
        ([key, value]) =>
          [
            "spec.loadBalancerAttributes",
            having(attribute(key, value), `a list that sets ${key} to "${value}"`),
            ({ props }: Whole) => isRecord(props.spec) && props.spec.group !== undefined,
          ] as const,
      ),
      ["spec.scheme", unlessSet("internet-facing", "internal")],
    ],
  ),
];
