import type * as aws from "@pulumi/aws";
import type { Context, KeyArns } from "../context";
import { operatorCharts } from "./operators/table";

/** Where the External Secrets Operator runs, and as whom: its role and its chart must agree. */
export const operator = {
  namespace: operatorCharts.externalSecrets.namespace,
  serviceAccount: "external-secrets",
} as const;

/** IAM path of the roles that read secrets: the operator may take on these and no other. */
export const readersPath = (prefix: string) => `/${prefix}/secrets/`;

/**
 * What the operator itself may do in AWS: take on a reader's role. It reads no entry as itself.
 *
 * `sts:TagSession`: Pod Identity's session tags are transitive, so they go along to the next role.
 * Source: EKS user guide, EKS Pod Identity session tags.
 */
export const mayBecomeReader = ({ accountId, prefix }: Context): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: ["sts:AssumeRole", "sts:TagSession"],
    Resource: `arn:aws:iam::${accountId}:role${readersPath(prefix)}*`,
  },
];

/** What a reader may do: read these entries of Secrets Manager, by name. */
export const mayRead = (
  { accountId, region }: Context,
  keys: KeyArns,
  entries: readonly string[],
): aws.iam.PolicyStatement[] => [
  {
    Effect: "Allow",
    Action: "secretsmanager:GetSecretValue",
    // Secrets Manager adds a hyphen and six characters to the name of each entry.
    Resource: entries.map((entry) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${entry}-??????`),
  },
  {
    Effect: "Allow",
    Action: "kms:Decrypt",
    Resource: keys.data,
    // The key opens databases and buckets too: here it opens what Secrets Manager hands out.
    Condition: { StringEquals: { "kms:ViaService": `secretsmanager.${region}.amazonaws.com` } },
  },
];
