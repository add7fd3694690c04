import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { databaseLead, nights, shifted, type ScheduleSettings, type Settings } from "../config";
import { Component } from "./base/component";
import { contextOf, type Context } from "./base/context";
import { physicalName } from "./base/naming";
import { serviceRole } from "./base/service-role";
import { primaryIdentifier } from "./data/instances";
import { metricAlarm } from "./observability/alarm";

export interface NightScheduleArgs {
  readonly settings: Settings;
  /** Systems with a database. */
  readonly databases: readonly string[];
  /** Alarms of the environment. */
  readonly alarms: readonly aws.cloudwatch.MetricAlarm[];
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Alarms that one rule mutes. Source: CloudWatch API reference, MuteTargets. */
const mostMuted = 100;

/** Minutes after the nodes' start in which alarms stay muted: pods start, databases recover. */
const settling = 30;

/**
 * Stops the databases when the environment's nodes are gone (`cluster/node-schedule.ts`), starts them before the nodes,
 * and mutes the alarms meanwhile. Scheduler calls RDS itself. Caches, NAT and the load balancer can't be stopped.
 */
export class NightSchedule extends Component {
  constructor(
    name: string,
    private readonly args: NightScheduleArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:schedule:NightSchedule", name, opts);
    const { settings, databases, alarms } = args;
    const { schedule } = settings.costs;
    if (schedule !== undefined) {
      const context = contextOf(settings);
      this.mute(context, schedule, [...alarms]);
      if (databases.length > 0) this.databases(context, schedule);
    }
    this.registerOutputs();
  }

  private mute(
    { prefix }: Context,
    { timeZone, to }: ScheduleSettings,
    alarms: NightScheduleArgs["alarms"],
  ): void {
    const { hour, minute } = shifted(to, 0);
    nights(this.args.settings.costs.schedule as ScheduleSettings).forEach(({ days, length }, index) => {
      for (let first = 0; first < alarms.length; first += mostMuted)
        new aws.cloudwatch.AlarmMuteRule(
          this.child("mute", index, first / mostMuted),
          {
            name: `${prefix}-night-${index}-${first / mostMuted}`,
            description: "The environment is stopped: plinth:costs.schedule",
            rule: {
              schedule: {
                expression: `cron(${minute} ${hour} * * ${days.join(",").toUpperCase()})`,
                duration: `PT${length + settling}M`,
                timezone: timeZone,
              },
            },
            muteTargets: { alarmNames: alarms.slice(first, first + mostMuted).map(({ name }) => name) },
          },
          this.inside,
        );
    });
  }

  private databases(context: Context, { days, from, to, timeZone }: ScheduleSettings): void {
    const { prefix, region, accountId } = context;
    const groupName = physicalName("schedule", prefix, "night");
    const group = new aws.scheduler.ScheduleGroup(this.child("group"), { name: groupName }, this.inside);
    const identifiers = Object.fromEntries(
      this.args.databases.map((system) => [system, primaryIdentifier(prefix, system)]),
    );
    const { arn: roleArn } = serviceRole(this, "role", {
      description: "Lets EventBridge Scheduler stop and start the environment's databases",
      trust: {
        Effect: "Allow",
        Action: "sts:AssumeRole",
        Principal: { Service: "scheduler.amazonaws.com" },
        Condition: {
          StringEquals: {
            "aws:SourceAccount": accountId,
            "aws:SourceArn": `arn:aws:scheduler:${region}:${accountId}:schedule-group/${groupName}`,
          },
        },
      },
      statements: [
        {
          Sid: "StopAndStart",
          Effect: "Allow",
          Action: ["rds:StartDBInstance", "rds:StopDBInstance"],
          Resource: Object.values(identifiers).map((each) => `arn:aws:rds:${region}:${accountId}:db:${each}`),
        },
      ],
    });
    const times = { start: shifted(from, -databaseLead), stop: shifted(to, databaseLead) } as const;
    for (const [system, DbInstanceIdentifier] of Object.entries(identifiers))
      for (const [action, { hour, minute }] of Object.entries(times))
        new aws.scheduler.Schedule(
          this.child(action, system),
          {
            name: physicalName("schedule", prefix, system, action),
            groupName: group.name,
            scheduleExpression: `cron(${minute} ${hour} ? * ${days.join(",").toUpperCase()} *)`,
            scheduleExpressionTimezone: timeZone,
            flexibleTimeWindow: { mode: "OFF" },
            target: {
              arn: `arn:aws:scheduler:::aws-sdk:rds:${action}DBInstance`,
              roleArn,
              input: JSON.stringify({ DbInstanceIdentifier }),
              // If the call fails because of the database's state, the database is already in the wanted state.
              retryPolicy: { maximumRetryAttempts: 3, maximumEventAgeInSeconds: 900 },
            },
          },
          this.inside,
        );
    metricAlarm(this, "errors", {
      name: `${prefix}-night-errors`,
      description:
        "The night schedule couldn't stop or start a database. After a deployment at night, which starts the databases, this is harmless. Check their status with aws rds describe-db-instances. See docs/cost.md.",
      namespace: "AWS/Scheduler",
      metricName: "TargetErrorCount",
      dimensions: { ScheduleGroup: groupName },
      statistic: "Sum",
      threshold: 1,
      alarmTopicArn: this.args.alarmTopicArn,
    });
  }
}
