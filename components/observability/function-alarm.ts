import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";

/** Seconds that are looked at together. Lambda tells its figures once a minute. */
const period = 300;

/**
 * Tells people that a Lambda function has failed: nobody looks at its log otherwise. One failure is enough, a retry that
 * goes well included. `name` starts with the parent's.
 */
export function functionAlarm(
  name: string,
  args: {
    /** Physical name of the function. */
    readonly functionName: string;
    /** What a failure means, and where to look. */
    readonly description: string;
    readonly alarmTopicArn: pulumi.Input<string>;
  },
  opts: { readonly parent: pulumi.Resource },
): void {
  const { functionName, description, alarmTopicArn } = args;
  new aws.cloudwatch.MetricAlarm(
    name,
    {
      name: `${functionName}-errors`,
      alarmDescription: description,
      namespace: "AWS/Lambda",
      metricName: "Errors",
      dimensions: { FunctionName: functionName },
      statistic: "Sum",
      period,
      evaluationPeriods: 1,
      comparisonOperator: "GreaterThanOrEqualToThreshold",
      threshold: 1,
      // A function that nobody calls tells nothing.
      treatMissingData: "notBreaching",
      alarmActions: [alarmTopicArn],
      okActions: [alarmTopicArn],
    },
    opts,
  );
}
