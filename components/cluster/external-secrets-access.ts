import type * as aws from "@pulumi/aws";
import type { Context, KeyArns } from "../context";
import { operatorCharts } from "./operators/table";

/** Where the External Secrets Operator runs, and as whom: its role and its chart must agree. */
export const operator = {
  namespace: operatorCharts.externalSecrets.namespace,
  serviceAccount: "external-secrets",
} as const;

/** What the External Secrets Operator may do in AWS: read this environment's entries of Secrets Manager. */
export const mayReadSecrets = (
  { accountId, region, prefix }: Context,
  keys: KeyArns,
): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["secretsmanager:GetSecretValue", "secretsmanager:DescribeSecret"],
    Resource: `arn:aws:secretsmanager:${region}:${accountId}:secret:${prefix}/*`,
  },
  {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: keys.data,
    // The key opens databases and buckets too: here it opens what Secrets Manager hands out.
    Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
  },
];
