import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";
import { gated } from "../base/gated";
import { rolePrefix } from "../base/naming";

export interface ProxyRoleArgs {
  readonly context: Context;
  /** Entries that the role may read, and nothing else. */
  readonly entryArns: readonly pulumi.Input<string>[];
  /** Key that encrypts them. */
  readonly keyArn: pulumi.Input<string>;
}

/**
 * ARN of a role with which this account's database proxies read the logins that they let in. Who has the ARN has
 * waited for the role's policy. `name` starts with the parent's.
 */
export function proxyRoleArn(
  name: string,
  { context, entryArns, keyArn }: ProxyRoleArgs,
  opts: { readonly parent: pulumi.Resource },
): pulumi.Output<string> {
  const trust = {
    Effect: "Allow",
    Action: "sts:AssumeRole",
    Principal: { Service: "rds.amazonaws.com" },
    Condition: { StringEquals: { "aws:SourceAccount": context.accountId } },
  } as const;
  const role = new aws.iam.Role(
    name,
    { namePrefix: rolePrefix(name), assumeRolePolicy: { Version: "2012-10-17", Statement: [trust] } },
    opts,
  );
  const via = `secretsmanager.${context.region}.amazonaws.com`;
  const policy = new aws.iam.RolePolicy(
    `${name}-policy`,
    {
      role: role.name,
      policy: {
        Version: "2012-10-17",
        Statement: [
          { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [...entryArns] },
          {
            Effect: "Allow",
            Action: "kms:Decrypt",
            Resource: keyArn,
            Condition: { StringEquals: { "kms:ViaService": via } },
          },
        ],
      },
    },
    opts,
  );
  return gated(role.arn, [policy.id]);
}
