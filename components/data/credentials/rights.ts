import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Credentials } from ".";

/** Permissions of the rotation function: its own entries, and their key through Secrets Manager and Lambda. */
export function rotationStatements({
  region,
  credentials,
  keyArn,
}: {
  readonly region: string;
  readonly credentials: Credentials;
  readonly keyArn: pulumi.Input<string>;
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
  ];
}
