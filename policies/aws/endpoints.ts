import type { Policies } from "@pulumi/policy";
import { onTypes } from "../lib/control";
import {
  allowsAnyone,
  bounds,
  documentOf,
  isOpenResource,
  laterDocument,
  type Statement,
} from "../lib/statements";
import { skipUnknown } from "../lib/wire";

const types = ["aws:ec2/vpcEndpoint:VpcEndpoint", "aws:ec2/vpcEndpointPolicy:VpcEndpointPolicy"];

/** Condition keys that limit the account of the resources that are reachable through the endpoint. */
const ownData = new Set(["aws:resourceaccount", "aws:resourceorgid"]);
const ownCallers = new Set(["aws:principalaccount", "aws:principalorgid"]);
/** Actions that only pull image layers. Nodes also pull from registries and buckets of AWS. */
const pulls =
  /^(s3:GetObject|ecr:(GetAuthorizationToken|BatchCheckLayerAvailability|BatchGetImage|GetDownloadUrlForLayer))$/;

/** What is wrong with a statement, if anything. */
function fault(statement: Statement): string | undefined {
  const { actions, actionsInverted, resources, resourcesInverted } = statement;
  if (!statement.allows || (!allowsAnyone(statement) && !bounds(statement, ownCallers))) return undefined;
  if (bounds(statement, ownData)) return undefined;
  const listed = !actionsInverted && actions.length > 0 && actions.every((action) => pulls.test(action));
  const named = !resourcesInverted && resources.length > 0 && !resources.some(isOpenResource);
  if (listed && (named || bounds(statement, ownCallers))) return undefined;
  return `a statement allows ${actions.join(", ")} on ${resources.join(", ")} without a condition on aws:ResourceAccount.`;
}

/** Policies for the policies of VPC endpoints. */
export const endpoints: Policies = [
  onTypes<{ policy?: unknown }>(
    types,
    {
      name: "ec2-endpoint-policy",
      description: "VPC endpoint policies must limit access to resources of known accounts.",
      severity: "critical",
      remediation:
        "Set policy, and add a condition on aws:ResourceAccount or aws:ResourceOrgID to each statement. A statement that only pulls images may name the resources or have a condition on aws:PrincipalAccount instead.",
      url: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    },
    (endpoint, { args: { type }, report }) => {
      const read = documentOf(type, endpoint);
      if (read === laterDocument) return skipUnknown("policy");
      if (read === undefined)
        return report("policy must be a policy document: the default policy allows full access.");
      for (const statement of read) {
        const found = fault(statement);
        if (found !== undefined) report(found);
      }
    },
  ),
];
