import type { Place, Statement } from "./statement";

/**
 * Permissions that a deployment needs for a NAT instance (`components/network/nat-instance.ts`), in addition to those
 * for its other resources. Source: Service Authorization Reference, IAM and AWS Systems Manager.
 *
 * @param names Name patterns of an environment's identities, which end with `*`.
 */
export function natInstanceRights(
  { accountId, region, secondRegion }: Place,
  names: readonly string[],
): Statement[] {
  const regions = [region, ...(secondRegion === undefined ? [] : [secondRegion])];
  return [
    {
      // Passes the role of an environment's NAT instance to it.
      Sid: "InstanceProfiles",
      Effect: "Allow",
      Action: [
        "iam:AddRoleToInstanceProfile",
        "iam:CreateInstanceProfile",
        "iam:DeleteInstanceProfile",
        "iam:GetInstanceProfile",
        "iam:RemoveRoleFromInstanceProfile",
        "iam:TagInstanceProfile",
        "iam:UntagInstanceProfile",
      ],
      Resource: names.map((name) => `arn:aws:iam::${accountId}:instance-profile/${name}`),
    },
    {
      // The association that patches a NAT instance, and the parameter with the id of its image, which EC2 resolves for
      // the caller.
      Sid: "PatchesAndImages",
      Effect: "Allow",
      Action: ["ssm:CreateAssociation", "ssm:GetParameters", "ssm:UpdateAssociation"],
      Resource: regions.flatMap((each) => [
        `arn:aws:ssm:${each}::document/AWS-RunPatchBaseline`,
        `arn:aws:ssm:${each}::parameter/aws/service/ami-amazon-linux-latest/*`,
      ]),
    },
    {
      Sid: "Associations",
      Effect: "Allow",
      Action: [
        "ssm:AddTagsToResource",
        "ssm:CreateAssociation",
        "ssm:DeleteAssociation",
        "ssm:DescribeAssociation",
        "ssm:ListTagsForResource",
        "ssm:RemoveTagsFromResource",
        "ssm:UpdateAssociation",
      ],
      Resource: regions.flatMap((each) => [
        `arn:aws:ec2:${each}:${accountId}:instance/*`,
        `arn:aws:ssm:${each}:${accountId}:association/*`,
      ]),
      Condition: { StringEquals: { "aws:ResourceAccount": accountId } },
    },
  ];
}
