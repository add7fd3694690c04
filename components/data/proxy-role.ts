import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { serviceRole, trustOf } from "../base/service-role";

export interface ProxyRoleArgs {
  readonly context: Context;
  /** The only entries that the role may read. */
  readonly entryArns: readonly pulumi.Input<string>[];
  /** Key that encrypts them. */
  readonly keyArn: pulumi.Input<string>;
}

/** ARN of a role with which this account's database proxies read their logins, known once the role has its policy. */
export function proxyRoleArn(
  parent: Component,
  key: string,
  { context, entryArns, keyArn }: ProxyRoleArgs,
): pulumi.Output<string> {
  const via = `secretsmanager.${context.region}.amazonaws.com`;
  return serviceRole(parent, key, {
    trust: trustOf("rds.amazonaws.com", context.accountId),
    statements: [
      { Effect: "Allow", Action: "secretsmanager:GetSecretValue", Resource: [...entryArns] },
      {
        Effect: "Allow",
        Action: "kms:Decrypt",
        Resource: keyArn,
        Condition: { StringEquals: { "kms:ViaService": via } },
      },
    ],
  }).arn;
}
