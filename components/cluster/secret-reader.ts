import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { serviceRole } from "../base/service-role";
import { mayRead, readersPath } from "./operators/external-secrets";

/**
 * IAM role with which the External Secrets Operator reads entries that belong to no system. Create it outside the
 * components that use the cluster's provider.
 */
export const secretReader = (
  parent: Component,
  key: string,
  args: {
    readonly context: Context;
    readonly keys: KeyArns;
    readonly description: string;
    /** Names of the entries. */
    readonly entries: readonly string[];
    readonly operatorRoleArn: pulumi.Input<string>;
  },
): pulumi.Output<string> =>
  serviceRole(parent, key, {
    path: readersPath(args.context.prefix),
    description: args.description,
    trust: {
      Effect: "Allow",
      Principal: { AWS: args.operatorRoleArn },
      Action: ["sts:AssumeRole", "sts:TagSession"],
    },
    statements: mayRead(args.context, args.keys, args.entries),
  }).arn;
