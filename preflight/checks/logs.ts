import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import type { World } from "../world";

/**
 * Log groups of the environment that already exist: CloudWatch rejects a second one of the same name. EKS and RDS write
 * their last logs after `destroy` has deleted the group, and recreate it. Sources:
 * terraform-aws-modules/terraform-aws-eks issue 2763, hashicorp/terraform-provider-aws issue 42858.
 */
export async function logGroups({ ofType, settings }: Plan, { aws }: World): Promise<Finding[]> {
  const wanted = new Set(ofType("aws:cloudwatch/logGroup:LogGroup").map(({ name }) => name));
  const { logGroups: found } = await aws<{ logGroups: readonly { readonly logGroupName: string }[] }>(
    "logs",
    "describe-log-groups",
    "--log-group-name-pattern",
    settings.prefix,
  );
  return found.flatMap(({ logGroupName: name }) =>
    wanted.has(name)
      ? [
          stops(
            `log group ${name}`,
            "it already exists, perhaps from an environment that was destroyed",
            `aws logs delete-log-group --log-group-name ${name}`,
          ),
        ]
      : [],
  );
}
