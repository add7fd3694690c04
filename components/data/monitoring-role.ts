import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { gated } from "../base/gated";
import { rolePrefix } from "../base/naming";

const policyArn = "arn:aws:iam::aws:policy/service-role/AmazonRDSEnhancedMonitoringRole";

/**
 * ARN of a role with which RDS writes the operating system's metrics of this account's instances to CloudWatch. Who
 * has the ARN has waited for the role's policy. `name` starts with the parent's.
 */
export function monitoringRoleArn(
  name: string,
  accountId: string,
  opts: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  const role = new aws.iam.Role(
    name,
    {
      namePrefix: rolePrefix(name),
      assumeRolePolicy: {
        Version: "2012-10-17",
        Statement: [
          {
            Effect: "Allow",
            Action: "sts:AssumeRole",
            Principal: { Service: "monitoring.rds.amazonaws.com" },
            Condition: { StringEquals: { "aws:SourceAccount": accountId } },
          },
        ],
      },
    },
    opts,
  );
  const attachment = new aws.iam.RolePolicyAttachment(`${name}-policy`, { role: role.name, policyArn }, opts);
  return gated(role.arn, [attachment.id]);
}
