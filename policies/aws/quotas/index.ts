import type { Policies, PolicyResource } from "@pulumi/policy";
import { quotaRequest } from "../../../standards/quotas";
import { onStack } from "../../lib/control";
import { byType } from "../../lib/joins";
import { isLater, plain } from "../../lib/wire";
import type { FixedQuota, Quota, RaisedQuota } from "./quota";
import { quotas } from "./rows";

/** What a row counts so far of one whole: a role, a load balancer, a region. */
interface Sum<Q extends Quota> {
  readonly quota: Q;
  /** Name of the whole. Default: a region or the account, which the row's text names. */
  readonly name: string | undefined;
  sum: number;
  /** The resource that was counted last. */
  last: string;
}

const nameOf = (urn: string): string => urn.slice(urn.lastIndexOf("::") + 2);

/** What a resource is a part of: what its property refers to, that property's value, or the provider. */
function whole(resource: PolicyResource, of: string | undefined): { key: string; name?: string } {
  if (of === "account") return { key: "" };
  if (of === undefined) return { key: resource.provider?.urn ?? "" };
  const itself = { key: resource.urn, name: resource.name };
  if (of === "itself") return itself;
  const value = (plain(resource.props) as Record<string, unknown>)[of];
  if (value !== undefined && !isLater(value)) return { key: JSON.stringify(value), name: String(value) };
  const sources = resource.propertyDependencies[of] ?? [];
  return sources.length === 0
    ? itself
    : { key: sources.map(({ urn }) => urn).join(), name: sources.map(({ urn }) => nameOf(urn)).join(", ") };
}

/** What a stack has of each row, in one pass over its resources. */
function sums<Q extends Quota>(
  rows: ReadonlyMap<string, readonly Q[]>,
  resources: readonly PolicyResource[],
): Sum<Q>[] {
  const found = new Map<Q, Map<string, Sum<Q>>>();
  for (const resource of resources)
    for (const quota of rows.get(resource.type) ?? []) {
      const count = quota.counts?.(plain(resource.props) as Record<string, unknown>, resource) ?? 1;
      if (count === 0) continue;
      const { key, name } = whole(resource, quota.of);
      let own = found.get(quota);
      if (own === undefined) found.set(quota, (own = new Map<string, Sum<Q>>()));
      const sum = own.get(key);
      if (sum === undefined) own.set(key, { quota, name, sum: count, last: resource.urn });
      else {
        sum.sum += count;
        sum.last = resource.urn;
      }
    }
  return [...found.values()].flatMap((own) => [...own.values()]);
}

/** Services whose quotas are in us-east-1, since they are of no region. Source: Service Quotas user guide. */
const ofNoRegion: ReadonlySet<string> = new Set(["cloudfront", "iam", "route53"]);

/** What is counted, of what: `primary-ams-database: 61 inbound rules of a security group`. */
const counted = ({ quota, name, sum }: Sum<Quota>): string =>
  `${name === undefined ? "" : `${name}: `}${sum} ${quota.what}`;

const quotaName = (code: string | undefined): string => (code === undefined ? "" : ` (quota ${code})`);

const url = "https://docs.aws.amazon.com/general/latest/gr/aws-service-information.html";

/** Rows by the type that they count. */
const fixed = byType(quotas.filter((row): row is FixedQuota => !("service" in row)));
const raised = byType(quotas.filter((row): row is RaisedQuota => "service" in row));

/** One entry of the setting `granted`: a quota's code, and its value in the account. */
const grant = /^(L-[0-9A-F]{8})=([1-9]\d*)$/;

/** Quotas that follow from the plan's shape. What follows from amounts is in `config/checks/quotas.ts`. */
export const quotaRules: Policies = [
  onStack(
    {
      name: "aws-quota-fixed",
      description:
        "Resources must not exceed AWS quotas that can't be raised, such as lengths of policies and target groups.",
      severity: "high",
      remediation: "Make the change in the message. AWS doesn't raise these quotas.",
      url,
    },
    (resources, report) => {
      for (const one of sums(fixed, resources)) {
        const { most, code, instead } = one.quota;
        if (one.sum > most)
          report(`${counted(one)}; allowed is ${most}${quotaName(code)}; ${instead}.`, one.last);
      }
    },
  ),
  onStack<{ granted: string[] }>(
    {
      name: "aws-quota-raised",
      description: "Resources should not exceed the default quotas of a new AWS account.",
      severity: "medium",
      remediation:
        "Request an increase with the command in the message before the deployment, and add the granted value to this policy's granted setting in policies/config. Otherwise, reduce the number.",
      url,
      level: "advisory",
      settings: {
        granted: {
          type: "array",
          items: { type: "string" },
          description: "Quotas that AWS has raised in the account, such as `L-9365A611=50`.",
          default: [],
        },
      },
    },
    (resources, report, { granted }) => {
      const grants = new Map(
        granted.flatMap((text) => {
          const [, code, value] = grant.exec(text) ?? [];
          if (code === undefined)
            report(
              `granted: ${JSON.stringify(text)}; allowed is a code and a number, such as L-9365A611=50.`,
            );
          return code === undefined ? [] : [[code, Number(value)] as const];
        }),
      );
      for (const one of sums(raised, resources)) {
        const { most, code, service } = one.quota;
        const given = grants.get(code);
        if (one.sum <= (given ?? most)) continue;
        const has = given === undefined ? `a new account has ${most}` : `granted are ${given}`;
        const request = quotaRequest(
          service,
          code,
          one.sum,
          ofNoRegion.has(service) ? "us-east-1" : undefined,
        );
        report(`${counted(one)}; ${has}${quotaName(code)}; run \`${request}\`.`, one.last);
      }
    },
  ),
];
