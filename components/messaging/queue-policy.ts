import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";

export const queueArn = ({ region, accountId }: Context, name: string) =>
  `arn:aws:sqs:${region}:${accountId}:${name}`;

/** Denies requests to the queue without TLS. IAM policies grant access. The document has only plain values. */
export const queuePolicy = (arn: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "TlsOnly",
      Effect: "Deny",
      Principal: "*",
      Action: "sqs:*",
      Resource: arn,
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    },
  ],
});

const actions = {
  send: ["sqs:SendMessage"],
  receive: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:ChangeMessageVisibility"],
} as const;

/**
 * Producers generate a data key and decrypt it to reuse it; consumers only decrypt it. Source: Amazon SQS developer
 * guide, configure KMS permissions for producers and consumers.
 */
const keyActions = {
  send: ["kms:GenerateDataKey", "kms:Decrypt"],
  receive: ["kms:Decrypt"],
} as const;

type Right = keyof typeof actions;

/** Actions that a reference to each output of a queue allows. */
const rights = {
  url: ["send", "receive"],
  sendUrl: ["send"],
  receiveUrl: ["receive"],
} as const satisfies Record<string, readonly Right[]>;

/** IAM statements that a reference to each output grants: on the queue, and on its key through SQS. */
export function queueGrants(
  arn: string,
  { region }: Context,
  keyArn: pulumi.Input<string>,
): Record<keyof typeof rights, aws.iam.PolicyStatement[]> {
  const granted = (of: readonly Right[]): aws.iam.PolicyStatement[] => [
    {
      Effect: "Allow",
      Action: [...of.flatMap((right) => actions[right]), "sqs:GetQueueAttributes", "sqs:GetQueueUrl"],
      Resource: arn,
    },
    {
      Effect: "Allow",
      Action: [...new Set(of.flatMap((right) => keyActions[right]))],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": `sqs.${region}.amazonaws.com` } },
    },
  ];
  return {
    url: granted(rights.url),
    sendUrl: granted(rights.sendUrl),
    receiveUrl: granted(rights.receiveUrl),
  };
}
