import type { Policies, PolicyResource } from "@pulumi/policy";
import { onStack } from "../lib/control";
import { isLater, isRecord, plain } from "../lib/wire";

/** So many of something, in one resource or in one region of the account. */
interface Quota {
  /** What is counted. */
  readonly what: string;
  readonly most: number;
  /** Its code in Service Quotas, where AWS raises it on request. */
  readonly code?: string;
  readonly type: string;
  /** Property that says what they are parts of. `itself`: none. Default: of an account and region, as the provider says. */
  readonly of?: string;
  /** What one resource counts for. Default: 1. */
  readonly counts?: (props: Record<string, unknown>, resource: PolicyResource) => number;
}

/** Characters of a name or ARN that is known only after `up`. */
const laterLength = 100;

/** Length of a policy document as AWS counts it: without white space. */
function length(document: unknown): number {
  if (isLater(document)) return 0;
  const value = typeof document === "string" ? parsed(document) : plain(document);
  return JSON.stringify(value, (_, inner: unknown) => (isLater(inner) ? "x".repeat(laterLength) : inner))
    .length;
}

/** Text that is no document is left to the policies that read them. */
function parsed(text: string): unknown {
  try {
    return JSON.parse(text);
  } catch {
    return text;
  }
}

const characters =
  (property: string) =>
  (props: Record<string, unknown>): number =>
    length(props[property] ?? "");

/** Rules of an Ingress: one for each path of each host. */
const paths = ({ spec }: Record<string, unknown>): number => {
  const rules = isRecord(spec) && Array.isArray(spec.rules) ? (spec.rules as unknown[]) : [];
  return rules.reduce<number>((sum, rule) => {
    const http = isRecord(rule) && isRecord(rule.http) ? rule.http.paths : undefined;
    return sum + (Array.isArray(http) ? http.length : 0);
  }, 0);
};

/** Certificates that an Ingress gives to the load balancer: their ARNs are in an annotation. */
const certificates = (_: unknown, { propertyDependencies }: PolicyResource): number =>
  new Set(
    (propertyDependencies.metadata ?? []).flatMap(({ type, urn }) =>
      type === "aws:acm/certificateValidation:CertificateValidation" ? [urn] : [],
    ),
  ).size;

/**
 * What a stack's shape can exceed. Sources: the quotas' pages of Amazon VPC, IAM (and STS), CloudWatch Logs, Amazon S3,
 * AWS KMS and Elastic Load Balancing.
 */
const quotas: readonly Quota[] = [
  ...(["Ingress", "Egress"] as const).map((way) => ({
    what: `${way === "Ingress" ? "inbound" : "outbound"} rules of a security group`,
    most: 60,
    code: "L-0EA8095F",
    type: `aws:vpc/securityGroup${way}Rule:SecurityGroup${way}Rule`,
    of: "securityGroupId",
  })),
  {
    what: "managed policies of a role",
    most: 10,
    code: "L-0DA4ABF3",
    type: "aws:iam/rolePolicyAttachment:RolePolicyAttachment",
    of: "role",
  },
  {
    what: "characters of a role's trust policy",
    most: 2048,
    code: "L-C07B4B0D",
    type: "aws:iam/role:Role",
    of: "itself",
    counts: characters("assumeRolePolicy"),
  },
  {
    what: "rules of the load balancer",
    most: 100,
    code: "L-7EED9B64",
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    counts: paths,
  },
  {
    // The first is the listener's own, which doesn't count.
    what: "certificates of the load balancer, with the listener's own",
    most: 26,
    code: "L-9365A611",
    type: "kubernetes:networking.k8s.io/v1:Ingress",
    counts: certificates,
  },
  {
    what: "characters of a role's inline policies together",
    most: 10_240,
    type: "aws:iam/rolePolicy:RolePolicy",
    of: "role",
    counts: characters("policy"),
  },
  {
    what: "characters of a user's inline policies together",
    most: 2048,
    type: "aws:iam/userPolicy:UserPolicy",
    of: "user",
    counts: characters("policy"),
  },
  {
    what: "characters of a managed policy",
    most: 6144,
    type: "aws:iam/policy:Policy",
    of: "itself",
    counts: characters("policy"),
  },
  {
    what: "characters of a bucket's policy",
    most: 20_480,
    type: "aws:s3/bucketPolicy:BucketPolicy",
    of: "itself",
    counts: characters("policy"),
  },
  {
    what: "characters of a key's policy",
    most: 32_768,
    type: "aws:kms/key:Key",
    of: "itself",
    counts: characters("policy"),
  },
  {
    what: "subscription filters of a log group",
    most: 2,
    type: "aws:cloudwatch/logSubscriptionFilter:LogSubscriptionFilter",
    of: "logGroup",
  },
  {
    what: "resource policies of CloudWatch Logs in the region",
    most: 10,
    type: "aws:cloudwatch/logResourcePolicy:LogResourcePolicy",
  },
];

/** What a resource is a part of: what its property refers to, that property's value, or the provider. */
function whole(resource: PolicyResource, of: string | undefined): string {
  if (of === undefined) return resource.provider?.urn ?? "";
  if (of === "itself") return resource.urn;
  const value = (plain(resource.props) as Record<string, unknown>)[of];
  if (value !== undefined && !isLater(value)) return JSON.stringify(value);
  const sources = resource.propertyDependencies[of] ?? [];
  return sources.length === 0 ? resource.urn : sources.map(({ urn }) => urn).join();
}

/** Reports each quota that the stack exceeds, at the resource that goes beyond it. */
const beyond =
  (rows: readonly Quota[]): Parameters<typeof onStack>[1] =>
  (resources, report) => {
    for (const { what, most, code, type, of, counts = () => 1 } of rows) {
      const sums = new Map<string, { sum: number; last: string }>();
      for (const resource of resources) {
        if (resource.type !== type) continue;
        const key = whole(resource, of);
        const sum =
          (sums.get(key)?.sum ?? 0) + counts(plain(resource.props) as Record<string, unknown>, resource);
        sums.set(key, { sum, last: resource.urn });
      }
      for (const { sum, last } of sums.values())
        if (sum > most)
          report(
            `${sum} ${what}; ${code === undefined ? `AWS takes ${most} at most` : `a new account may have ${most} (quota ${code})`}.`,
            last,
          );
    }
  };

const url = "https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html";

/** Quotas that follow from the plan's shape. What follows from amounts is in `config/checks/quotas.ts`. */
export const quotaRules: Policies = [
  onStack(
    {
      name: "aws-quota-fixed",
      description:
        "No resource, and no region, has more of something than AWS takes: policies' lengths, log subscriptions, log policies.",
      severity: "high",
      remediation:
        "Split the policy, or name resources by a common beginning; merge log policies into one with several statements.",
      url,
    },
    beyond(quotas.filter(({ code }) => code === undefined)),
  ),
  onStack(
    {
      name: "aws-quota-raised",
      description: "No resource has more of something than a new account may have.",
      severity: "medium",
      remediation:
        "Ask for more before the deployment, with aws service-quotas request-service-quota-increase and the code that is named; or make it smaller.",
      url,
      level: "advisory",
    },
    beyond(quotas.filter(({ code }) => code !== undefined)),
  ),
];
