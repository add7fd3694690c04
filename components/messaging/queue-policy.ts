import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Context } from "../base/context";

export const queueArn = ({ region, accountId }: Context, name: string) =>
  `arn:aws:sqs:${region}:${accountId}:${name}`;

/** Nobody may use the queue without TLS. Who may use it at all is said by IAM, plain to the last letter. */
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
 * Who sends makes a data key, and reads it back to use it again; who receives only reads it.
 * Source: Amazon SQS developer guide, configure KMS permissions for producers and consumers.
 */
const keyActions = {
  send: ["kms:GenerateDataKey", "kms:Decrypt"],
  receive: ["kms:Decrypt"],
} as const;

type Right = keyof typeof actions;

/** What each output of a queue lets a workload do that refers to it. */
const rights = {
  url: ["send", "receive"],
  sendUrl: ["send"],
  receiveUrl: ["receive"],
} as const satisfies Record<string, readonly Right[]>;

/** IAM statements that a reference to each output brings with it: the right on the queue, and on its key through it. */
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
