import { bucketArn } from "../../components/storage/bucket-policy";
import type { Statement } from "./statement";
import type { StateBucket } from "../state";

/** Buckets of states. */
export type States = readonly Pick<StateBucket, "region" | "bucketName" | "keyArn" | "secretsKeyArn">[];

/** Pulumi's access to the states, and to the key of the secrets in the state of one environment. */
export const stateRights = (environment: string, buckets: States): Statement[] =>
  stateStatements(environment, buckets, {
    objects: ["s3:GetObject", "s3:PutObject", "s3:DeleteObject"],
    key: ["kms:Decrypt", "kms:GenerateDataKey"],
    secrets: ["kms:Decrypt", "kms:Encrypt"],
  });

/** Statements on the buckets of states, with the actions on their objects and keys. */
export function stateStatements(
  environment: string,
  buckets: States,
  actions: { readonly objects: string[]; readonly key: string[]; readonly secrets: string[] },
): Statement[] {
  const arns = buckets.map(({ bucketName }) => bucketArn(bucketName));
  return [
    {
      Sid: "ListStates",
      Effect: "Allow",
      Action: ["s3:ListBucket", "s3:GetBucketLocation"],
      Resource: arns,
    },
    {
      // The part of the bucket that a stack's own files are in, and its locks.
      Sid: "States",
      Effect: "Allow",
      Action: actions.objects,
      Resource: arns.map((arn) => `${arn}/.pulumi/*`),
    },
    {
      Sid: "KeyOfTheStates",
      Effect: "Allow",
      Action: actions.key,
      Resource: buckets.map(({ keyArn }) => keyArn),
      Condition: {
        StringEquals: { "kms:ViaService": buckets.map(({ region }) => `s3.${region}.amazonaws.com`) },
      },
    },
    {
      // The stack's key is encrypted with the environment's name as its context: see `secretsProviders`.
      Sid: "KeyOfTheSecrets",
      Effect: "Allow",
      Action: actions.secrets,
      Resource: buckets.map(({ secretsKeyArn }) => secretsKeyArn),
      Condition: { StringEquals: { "kms:EncryptionContext:environment": environment } },
    },
  ];
}
