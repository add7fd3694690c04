import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { logGroup } from "../base/log-group";

export interface SesEventsArgs {
  readonly context: Context;
  /** Name of the configuration set, known once it exists. */
  readonly configurationSetName: pulumi.Input<string>;
  /** The same name as a plain value. */
  readonly name: string;
  /** Key that encrypts the log. */
  readonly logsKeyArn: pulumi.Input<string>;
}

/** SES' names of the events, and their detail types in EventBridge. Source: EventBridge reference, SES events. */
const eventTypes = { BOUNCE: "Email Bounced", COMPLAINT: "Email Complaint Received" } as const;

/**
 * Bounces and complaints: SES publishes them on the account's default event bus, to which rules can subscribe, and one
 * rule writes them to an encrypted log. SES suppresses addresses that bounced or complained.
 */
export class SesEvents extends Component {
  constructor(name: string, args: SesEventsArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:messaging:SesEvents", name, opts);
    const log = logGroup(this, "log", { ...args, name: `/aws/events/${args.name}`, keyArn: args.logsKeyArn });
    this.rule(args, log);
    this.destination(args);
    this.registerOutputs();
  }

  private rule({ context, name }: SesEventsArgs, log: aws.cloudwatch.LogGroup): void {
    const { region, accountId } = context;
    const rule = new aws.cloudwatch.EventRule(
      this.child("rule"),
      {
        description: `Bounce and complaint events of ${name}`,
        eventPattern: JSON.stringify(eventPattern(name)),
      },
      this.inside,
    );
    const group = `arn:aws:logs:${region}:${accountId}:log-group:/aws/events/${name}`;
    const rules = `arn:aws:events:${region}:${accountId}:rule/*`;
    const policy = new aws.cloudwatch.LogResourcePolicy(
      this.child("log-policy"),
      // A policy of the log group, since an account can have only ten account-wide ones.
      { resourceArn: log.arn, policyDocument: JSON.stringify(logPolicy(group, rules)) },
      this.inside,
    );
    new aws.cloudwatch.EventTarget(
      this.child("target"),
      { rule: rule.name, arn: log.arn },
      { ...this.inside, dependsOn: [policy] },
    );
  }

  private destination({ context, configurationSetName }: SesEventsArgs): void {
    const { region, accountId } = context;
    new aws.sesv2.ConfigurationSetEventDestination(
      this.child("destination"),
      {
        configurationSetName,
        eventDestinationName: "default-bus",
        eventDestination: {
          enabled: true,
          matchingEventTypes: Object.keys(eventTypes),
          eventBridgeDestination: { eventBusArn: `arn:aws:events:${region}:${accountId}:event-bus/default` },
        },
      },
      this.inside,
    );
  }
}

const eventPattern = (name: string) => ({
  source: ["aws.ses"],
  "detail-type": Object.values(eventTypes),
  // Other systems' mail has its own log. SES tags each message with its configuration set.
  detail: { mail: { tags: { "ses:configuration-set": [name] } } },
});

/** Services that write EventBridge's logs. */
const writers = { Service: ["events.amazonaws.com", "delivery.logs.amazonaws.com"] };

/**
 * Source: EventBridge user guide, resource-based policies, permissions for CloudWatch Logs. The rule's ARN is known
 * when events are written, but not when the log stream is created: a condition on both would deny everything.
 */
const logPolicy = (group: string, rules: string) => ({
  Version: "2012-10-17",
  Statement: [
    {
      Sid: "Streams",
      Effect: "Allow",
      Principal: writers,
      Action: "logs:CreateLogStream",
      Resource: `${group}:*`,
    },
    {
      Sid: "Events",
      Effect: "Allow",
      Principal: writers,
      Action: "logs:PutLogEvents",
      Resource: `${group}:*`,
      Condition: { ArnLike: { "aws:SourceArn": rules } },
    },
  ],
});
