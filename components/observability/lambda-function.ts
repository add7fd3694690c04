import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { functionBundle } from "../base/function-bundle";
import { logGroup } from "../base/log-group";
import { serviceRole } from "../base/service-role";
import { metricAlarm } from "./alarm";

export interface LambdaFunctionArgs {
  readonly context: Context;
  /** Physical name, also used for its log group and its alarm. */
  readonly name: string;
  readonly description: string;
  /** Folder of its sources in `functions/`. */
  readonly bundle: Parameters<typeof functionBundle>[0];
  readonly variables: Readonly<Record<string, pulumi.Input<string>>>;
  /** Text of files beside the code, by name: all variables together have 4 KiB. Default: none. */
  readonly files?: Readonly<Record<string, string>>;
  /** Timeout in seconds. Lambda allows 900. */
  readonly timeout: number;
  /** Permissions in addition to writing to its log. */
  readonly statements: readonly aws.iam.PolicyStatement[];
  /** Key that encrypts its log group. */
  readonly logsKeyArn: pulumi.Input<string>;
  /** Key that encrypts its environment variables. Default: Lambda's own. */
  readonly keyArn?: pulumi.Input<string>;
  /** VPC subnets and groups of its network interfaces. Default: outside any VPC. */
  readonly network?: {
    readonly subnetIds: readonly pulumi.Input<string>[];
    readonly securityGroupId: pulumi.Input<string>;
  };
  readonly alarm: {
    /** What a failure means, and what to do first. */
    readonly description: string;
    readonly topicArn: pulumi.Input<string>;
  };
}

/** Mebibytes. Less memory would be slower, since Lambda allocates CPU in proportion to memory. */
const memorySize = 256;

/** Lambda's permissions for network interfaces in a VPC. */
const networkPolicy = "arn:aws:iam::aws:policy/service-role/AWSLambdaENIManagementAccess";

/** Period of the alarm in seconds. Lambda reports its metrics once a minute. */
const alarmPeriod = 300;

/** A Lambda function with its log group, its role and an alarm on its errors. */
export function lambdaFunction(parent: Component, args: LambdaFunctionArgs): aws.lambda.Function {
  const { context, name, network } = args;
  const logs = logGroup(parent, "logs", { context, name: `/aws/lambda/${name}`, keyArn: args.logsKeyArn });
  const { arn: role } = serviceRole(parent, "role", {
    trust: { Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } },
    policyKey: "policy",
    statements: [
      ...args.statements,
      {
        Sid: "Log",
        Effect: "Allow",
        Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
        Resource: pulumi.interpolate`${logs.arn}:*`,
      },
    ],
    ...(network === undefined ? {} : { managed: { network: networkPolicy } }),
  });
  const handler = new aws.lambda.Function(
    parent.child("function"),
    {
      name,
      description: args.description,
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      handler: "index.handler",
      code: new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.FileAsset(functionBundle(args.bundle)),
        ...Object.fromEntries(
          Object.entries(args.files ?? {}).map(([file, text]) => [file, new pulumi.asset.StringAsset(text)]),
        ),
      }),
      role,
      timeout: args.timeout,
      memorySize,
      ...(args.keyArn === undefined ? {} : { kmsKeyArn: args.keyArn }),
      ...(network === undefined
        ? {}
        : {
            vpcConfig: { subnetIds: [...network.subnetIds], securityGroupIds: [network.securityGroupId] },
          }),
      loggingConfig: { logGroup: logs.name, logFormat: "JSON" },
      environment: { variables: { ...args.variables } },
    },
    parent.inside,
  );
  errorAlarm(parent, name, args.alarm);
  return handler;
}

/** Alarm on failures. One failure raises it, even if a retry succeeds. */
function errorAlarm(
  parent: Component,
  functionName: string,
  { description, topicArn }: LambdaFunctionArgs["alarm"],
): void {
  metricAlarm(parent, "errors", {
    name: `${functionName}-errors`,
    description,
    namespace: "AWS/Lambda",
    metricName: "Errors",
    dimensions: { FunctionName: functionName },
    statistic: "Sum",
    threshold: 1,
    period: alarmPeriod,
    alarmTopicArn: topicArn,
  });
}
