import type { Policies, PolicyResource } from "@pulumi/policy";
import { guardOf, secretHeader } from "./cdn";
import { onStack, onType } from "../lib/control";
import { having, is, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { ofType } from "../lib/joins";
import { isRecord, mapKnown, plain, shown, valuesAt } from "../lib/wire";

const guide = "https://docs.aws.amazon.com/waf/latest/developerguide";
const webAcl = "aws:wafv2/webAcl:WebAcl";

/** Managed rule groups that every web ACL needs: without extra cost, and suitable for any application. */
const baseline = [
  "AWSManagedRulesAmazonIpReputationList",
  "AWSManagedRulesCommonRuleSet",
  "AWSManagedRulesKnownBadInputsRuleSet",
];

/** Headers that contain credentials, sessions, and the secret of a CDN. */
const secretHeaders = ["authorization", "cookie", secretHeader];

/** Whether one protection of a web ACL's data covers all of these headers, in logs and samples alike. */
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

/** Public hosts of a system, in an Ingress; the team's pages are behind single sign-on. */
function systemHosts({ type, props }: PolicyResource): string[] {
  if (type !== "kubernetes:networking.k8s.io/v1:Ingress") return [];
  const { metadata, spec } = plain(props) as {
    metadata?: { labels?: object };
    spec?: { rules?: { host?: string }[] };
  };
  if (!("app.kubernetes.io/part-of" in (metadata?.labels ?? {}))) return [];
  return (spec?.rules ?? []).flatMap(({ host }) => host ?? []);
}

/** Rules on AWS WAF. */
export const waf: Policies = [
  onType(
    webAcl,
    {
      name: "waf-baseline",
      description: "A web ACL evaluates AWS' managed groups against common attacks.",
      severity: "high",
      remediation: `Add a managedRuleGroupStatement, vendorName AWS, for each of ${baseline.join(", ")}.`,
      url: `${guide}/aws-managed-rule-groups-list.html`,
    },
    ({ rules = [] }, { report }) => {
      const groups = mapKnown(rules, ({ statement }) => statement?.managedRuleGroupStatement?.name);
      for (const name of baseline) if (!groups.includes(name)) report(`no rule evaluates ${name}.`);
    },
  ),
  onStack(
    {
      name: "waf-rate-limit",
      description:
        "A web ACL limits how many requests one client sends, unless the CDN's limits those of all its hosts.",
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
      description: "The rules of a web ACL are sorted by priority, and no two have the same.",
      severity: "medium",
      remediation:
        "Sort the rules by priority: AWS returns them sorted, so any other order shows a change in each preview.",
      url: `${guide}/web-acl-processing-order.html`,
    },
    ({ rules = [] }, { report }) => {
      rules.forEach((rule, index) => {
        const before = rules[index - 1]?.priority;
        if (before !== undefined && rule.priority !== undefined && rule.priority <= before)
          report(`priority ${rule.priority} of ${shown(rule.name)} follows ${before}.`);
      });
    },
  ),
  must(
    [webAcl],
    {
      name: "waf-visible",
      description: "A web ACL and each of its rules have metrics and sampled requests.",
      severity: "medium",
      remediation:
        "Set cloudwatchMetricsEnabled and sampledRequestsEnabled of every visibilityConfig to true.",
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
      description: "The logs of a web ACL contain no logins and no sessions.",
      severity: "high",
      remediation: `Add redactedFields with a singleHeader for each of ${secretHeaders.join(", ")}.`,
      url: `${guide}/logging-management-configure.html`,
    },
    ({ redactedFields = [] }, { report }) => {
      const redacted = mapKnown(redactedFields, ({ singleHeader }) => singleHeader?.name?.toLowerCase());
      for (const header of secretHeaders)
        if (!redacted.includes(header)) report(`the header ${header} is not redacted.`);
    },
  ),
  must(
    [webAcl],
    {
      name: "waf-samples-redacted",
      description:
        "Neither the logs nor the sampled requests of a web ACL contain logins, sessions or the CDN's secret.",
      severity: "high",
      remediation: `Add a SUBSTITUTION of SINGLE_HEADER to dataProtectionConfig, with ${secretHeaders.join(", ")}.`,
      url: `${guide}/data-protection-masking.html`,
    },
    [
      [
        "dataProtectionConfig.dataProtections",
        having(protects, `a list with a SUBSTITUTION of ${secretHeaders.join(", ")}`),
      ],
    ],
  ),
  must(
    ["kubernetes:eks.amazonaws.com/v1:IngressClassParams"],
    {
      name: "elb-class-attributes",
      description:
        "A load balancer of a class drops headers that could smuggle requests, writes access logs, and refuses requests that AWS WAF can't inspect.",
      severity: "medium",
      remediation:
        'Add routing.http.drop_invalid_header_fields.enabled and access_logs.s3.enabled "true" and waf.fail_open.enabled "false" to loadBalancerAttributes.',
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
            having(attribute(key, value), `a list with ${key} ${value}`),
            ({ props }: Whole) => isRecord(props.spec) && props.spec.group !== undefined,
          ] as const,
      ),
      ["spec.scheme", unlessSet("internet-facing", "internal")],
    ],
  ),
];
