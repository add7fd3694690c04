import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

interface Caller {
  readonly Account: string;
  readonly Arn: string;
}

/** Name of the role in `…:role/path/name` and in `…:assumed-role/name/session`. */
const roleName = (arn: string): string | undefined =>
  /:assumed-role\/([^/]+)\//.exec(arn)?.[1] ?? /:role\/(?:.*\/)?([^/]+)$/.exec(arn)?.[1];

/** Checks that the credentials belong to the right account, and to a role that may use the cluster it creates. */
export async function identity({ settings }: Plan, { aws }: World): Promise<Finding[]> {
  const { Account, Arn } = await aws<Caller>("sts", "get-caller-identity");
  const { id } = settings.account;
  if (Account !== id)
    return [
      stops(
        "credentials",
        `they belong to account ${Account}`,
        `sign in to ${id}, the account of plinth:account`,
      ),
    ];
  const { admin } = settings.cluster.access;
  if (admin.some((arn) => arn === Arn || (roleName(arn) !== undefined && roleName(arn) === roleName(Arn))))
    return [];
  return [
    stops(
      "credentials",
      `${Arn} isn't in plinth:cluster.access.admin, so it could create the cluster but not use it`,
      "sign in as the first of them, or add this role with its own ARN (arn:aws:iam::…:role/…)",
    ),
  ];
}

/** Checks that the roles with access to the cluster exist: EKS refuses an access entry for a missing role. */
export async function accessRoles({ settings, ofType }: Plan, { aws }: World): Promise<Finding[]> {
  const own = `arn:aws:iam::${settings.account.id}:role/`;
  const arns = [
    ...new Set(ofType("aws:eks/accessEntry:AccessEntry").map(({ principalArn }) => principalArn)),
  ];
  const roles = arns.filter((arn): arn is string => typeof arn === "string" && arn.startsWith(own));
  const found = await Promise.all(
    roles.map(async (arn) => [arn, await roleExists(aws, roleName(arn) ?? "")] as const),
  );
  return found.flatMap(([arn, there]) =>
    there
      ? []
      : [stops(`role ${arn}`, "it doesn't exist", "create it, or remove it from plinth:cluster.access")],
  );
}

/** Checks that the service-linked role for spot instances exists. The console creates it, the API doesn't. */
export async function spotRole({ settings }: Plan, { aws }: World): Promise<Finding[]> {
  if (settings.cluster.nodePool.capacity !== "spot") return [];
  if (await roleExists(aws, "AWSServiceRoleForEC2Spot")) return [];
  return [
    stops(
      "spot instances",
      "the account lacks the service-linked role, because it has never used spot instances",
      "aws iam create-service-linked-role --aws-service-name spot.amazonaws.com",
    ),
  ];
}

/** Checks that the service-linked role for OpenSearch domains in a VPC exists, which the API doesn't create either. */
export async function searchRole({ settings }: Plan, { aws }: World): Promise<Finding[]> {
  if (settings.logs?.store !== "opensearch") return [];
  if (await roleExists(aws, "AWSServiceRoleForAmazonOpenSearchService")) return [];
  return [
    stops(
      "plinth:logs",
      "the account lacks the service-linked role, because it has never had an OpenSearch domain in a VPC",
      "aws iam create-service-linked-role --aws-service-name opensearchservice.amazonaws.com",
    ),
  ];
}

async function roleExists(aws: World["aws"], name: string): Promise<boolean> {
  try {
    await aws("iam", "get-role", "--role-name", name);
    return true;
  } catch (error) {
    if ((error as { code?: string }).code === "NoSuchEntity") return false;
    throw error;
  }
}
