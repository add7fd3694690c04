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

/** An endpoint has no data of its own: what counts is whose data is reached through it. */
const ownData = new Set(["aws:resourceaccount", "aws:resourceorgid"]);
const ownCallers = new Set(["aws:principalaccount", "aws:principalorgid"]);
/** What takes and brings nothing but layers of images, which nodes fetch from AWS' own registries and buckets, too. */
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
  return `a statement lets through ${actions.join(", ")} on ${resources.join(", ")} of any account.`;
}

/** Whose data may be reached through the endpoints of a VPC. */
export const endpoints: Policies = [
  onTypes<{ policy?: unknown }>(
    types,
    {
      name: "ec2-endpoint-policy",
      description: "An endpoint says whose resources may be reached through it.",
      severity: "critical",
      remediation:
        "Set policy, and test aws:ResourceAccount in each statement; only what pulls images may be without, on named buckets or for the account's own principals.",
      url: "https://docs.aws.amazon.com/vpc/latest/privatelink/vpc-endpoints-access.html",
    },
    (endpoint, { args: { type }, report }) => {
      const read = documentOf(type, endpoint);
      if (read === laterDocument) return skipUnknown("policy");
      if (read === undefined) return report("policy is no document: AWS then lets everything through.");
      for (const statement of read) {
        const found = fault(statement);
        if (found !== undefined) report(found);
      }
    },
  ),
];
