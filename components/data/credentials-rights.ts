import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Credentials } from "./credentials";

/** What the rotation function may do: its own entries, their key as far as Secrets Manager uses it, its own log. */
export function rotationStatements({
  region,
  credentials,
  keyArn,
  logsArn,
}: {
  readonly region: string;
  readonly credentials: Credentials;
  readonly keyArn: pulumi.Input<string>;
  readonly logsArn: pulumi.Input<string>;
}): aws.iam.PolicyStatement[] {
  const proxied = Object.values(credentials.proxied ?? {}).map(({ arn }) => arn);
  const via = ["secretsmanager", "lambda"].map((service) => `${service}.${region}.amazonaws.com`);
  return [
    {
      Sid: "Rotate",
      Effect: "Allow",
      Action: [
        "secretsmanager:DescribeSecret",
        "secretsmanager:GetSecretValue",
        "secretsmanager:PutSecretValue",
        "secretsmanager:UpdateSecretVersionStage",
      ],
      Resource: credentials.application.arn,
    },
    {
      Sid: "ActAsMaster",
      Effect: "Allow",
      Action: "secretsmanager:GetSecretValue",
      Resource: credentials.master.arn,
    },
    ...(proxied.length > 0
      ? ([
          {
            Sid: "TellProxy",
            Effect: "Allow",
            Action: "secretsmanager:PutSecretValue",
            Resource: proxied,
          },
        ] as const)
      : []),
    {
      Sid: "UseKey",
      Effect: "Allow",
      Action: ["kms:Decrypt", "kms:GenerateDataKey"],
      Resource: keyArn,
      Condition: { StringEquals: { "kms:ViaService": via } },
    },
    {
      Sid: "Log",
      Effect: "Allow",
      Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
      Resource: pulumi.interpolate`${logsArn}:*`,
    },
  ];
}
