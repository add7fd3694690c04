import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Rule } from "../../functions/secret-ages/ages";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { mayReport } from "../base/service-role";
import { metricAlarm } from "../observability/alarm";
import { daily } from "../observability/daily";
import { lambdaFunction } from "../observability/lambda-function";

export interface SecretAgesArgs {
  readonly context: Context;
  readonly rules: readonly Rule[];
  readonly logsKeyArn: pulumi.Input<string>;
  /** Topic of the alarms. */
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Timeout of the function in seconds: it makes one call per entry. */
const timeout = 120;

/** CloudWatch namespace of the number of late entries. */
const namespace = "Plinth/Secrets";

/** Name of the function that reports the age of the entries' values. */
const secretAgesName = (prefix: string): string => physicalName("function", prefix, "secret-ages");

/**
 * Reports the age of the values of an environment's Secrets Manager entries once a day. An alarm is raised when one
 * wasn't changed in time, whatever should have changed it: a rotation that fails, or a `credentialsVersion` that no one
 * has raised. It is also raised when the report itself is missing.
 */
export class SecretAges extends Component {
  constructor(name: string, args: SecretAgesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:security:SecretAges", name, opts);
    const { context, rules, alarmTopicArn } = args;
    const functionName = secretAgesName(context.prefix);
    const handler = lambdaFunction(this, {
      context,
      name: functionName,
      description: "Reports the age of the environment's secrets.",
      bundle: "secret-ages",
      variables: { NAMESPACE: namespace, ENVIRONMENT: context.prefix },
      files: { "rules.json": JSON.stringify(rules) },
      timeout,
      statements: statements(context, rules),
      logsKeyArn: args.logsKeyArn,
      alarm: {
        description:
          "The function couldn't read the age of a secret. Read the function's log. See docs/credentials.md.",
        topicArn: alarmTopicArn,
      },
    });
    daily(this, handler, "Reports the age of the environment's secrets.");
    metricAlarm(this, "late", {
      name: `${functionName}-late`,
      description: `A secret is older than its rotation period. Invoke ${functionName} to list the secrets that are overdue. See docs/credentials.md.`,
      namespace,
      metricName: "Late",
      dimensions: { Environment: context.prefix },
      statistic: "Maximum",
      threshold: 1,
      period: 24 * 60 * 60,
      // The report of a day may fall into the next one.
      periods: 2,
      missing: "breaching",
      alarmTopicArn,
    });
    this.registerOutputs();
  }
}

/** It reads the dates of versions, not their values. */
const statements = ({ region, accountId }: Context, rules: readonly Rule[]): aws.iam.PolicyStatement[] => [
  {
    Sid: "FindVersions",
    Effect: "Allow",
    Action: "secretsmanager:ListSecretVersionIds",
    Resource: rules.map(
      ({ entry }) => `arn:aws:secretsmanager:${region}:${accountId}:secret:${entry}-??????`,
    ),
  },
  mayReport(namespace),
];
