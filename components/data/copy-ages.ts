import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { mayReport } from "../base/service-role";
import { metricAlarm } from "../observability/alarm";
import { lambdaFunction } from "../observability/lambda-function";
import { scheduled } from "../observability/daily";

export interface CopyAgesArgs {
  /** Of the second region. */
  readonly context: Context;
  /** Identifiers of the databases whose automated backups are replicated to it. */
  readonly databases: readonly string[];
  readonly logsKeyArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Timeout of the function in seconds: it makes a few calls. */
const timeout = 60;

/** CloudWatch namespace of the metric. */
const namespace = "Plinth/Copies";

/** Interval of the measurements, in minutes. */
const everyMinutes = 15;

/**
 * Minutes that a replicated backup may be behind. RDS uploads transaction logs every five, and copies them at once. An
 * estimate.
 */
const behindMinutes = 60;

/**
 * Measures how far the replicated backups of databases are behind, for which RDS has neither a metric nor an event.
 * Replication stops, for example, when a key can't be used. Source: Amazon RDS user guide, troubleshooting stopped
 * cross-Region automated backups.
 */
export class CopyAges extends Component {
  constructor(name: string, args: CopyAgesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:data:CopyAges", name, opts);
    const { context, databases, logsKeyArn, alarmTopicArn } = args;
    const functionName = physicalName("function", context.prefix, "copy-ages");
    const description = "Measures how far the replicated automated backups of databases are behind.";
    const handler = lambdaFunction(this, {
      context,
      name: functionName,
      description,
      bundle: "copy-ages",
      variables: {
        DATABASES: JSON.stringify([...databases].sort()),
        NAMESPACE: namespace,
        ENVIRONMENT: context.prefix,
      },
      timeout,
      statements: statements(context),
      logsKeyArn,
      alarm: {
        description:
          "A database has no replicated automated backup to restore from in the second region, or the function can't list them. Read the function's log. See docs/runbooks/README.md.",
        topicArn: alarmTopicArn,
      },
    });
    scheduled(this, handler, `rate(${everyMinutes} minutes)`, description);
    metricAlarm(this, "behind", {
      name: `${functionName}-behind`,
      description: `The replicated automated backup of a database is more than ${behindMinutes} minutes behind: a failover would lose the changes since. See docs/runbooks/README.md.`,
      namespace,
      metricName: "BackupsBehindMinutes",
      dimensions: { Environment: context.prefix },
      statistic: "Maximum",
      threshold: behindMinutes,
      period: 2 * everyMinutes * 60,
      periods: 2,
      missing: "breaching",
      alarmTopicArn,
    });
    this.registerOutputs();
  }
}

const statements = ({ region, accountId }: Context): aws.iam.PolicyStatement[] => [
  {
    Sid: "FindReplicatedBackups",
    Effect: "Allow",
    Action: "rds:DescribeDBInstanceAutomatedBackups",
    Resource: ["auto-backup:*", "db:*"].map((what) => `arn:aws:rds:${region}:${accountId}:${what}`),
  },
  mayReport(namespace),
];
