import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { physicalName } from "../base/naming";

export interface AlarmTopicArgs {
  readonly context: Context;
  readonly settings: Pick<AlarmSettings, "emails">;
  readonly keys: Pick<KeyArns, "alarms">;
  /** Names of EventBridge rules that may publish to it. Default: none. */
  readonly rules?: readonly string[];
}

/** Name of the alarm topic. */
export const alarmTopicName = ({ prefix }: Pick<Context, "prefix">): string =>
  physicalName("topic", prefix, "alarms");

/** The SNS topic for a region's alarms, and its subscribers. SNS asks each address to confirm once. */
export class AlarmTopic extends Component {
  /** ARN of the topic, known once CloudWatch may publish to it. */
  readonly arn: pulumi.Output<string>;

  constructor(
    name: string,
    { context, settings, keys, rules = [] }: AlarmTopicArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:observability:AlarmTopic", name, opts);
    const { topic, policy } = encryptedTopic(this, [], {
      context,
      keys,
      topicName: alarmTopicName(context),
      rules,
    });
    for (const endpoint of settings.emails)
      new aws.sns.TopicSubscription(
        this.child(endpoint),
        { topic: topic.arn, protocol: "email", endpoint },
        this.inside,
      );
    this.arn = policy.arn;
    this.registerOutputs();
  }
}

/** An encrypted topic that this account's alarms may publish to. The children's names start with `parts`. */
export function encryptedTopic(
  parent: Component,
  parts: readonly string[],
  args: {
    readonly context: Context;
    readonly keys: Pick<KeyArns, "alarms">;
    readonly topicName: string;
    readonly rules?: readonly string[];
  },
): { readonly topic: aws.sns.Topic; readonly policy: aws.sns.TopicPolicy } {
  const { context, keys, topicName, rules = [] } = args;
  const topic = new aws.sns.Topic(
    parent.child(...parts, "topic"),
    { name: topicName, kmsMasterKeyId: keys.alarms },
    parent.inside,
  );
  const policy = new aws.sns.TopicPolicy(
    parent.child(...parts, "policy"),
    { arn: topic.arn, policy: JSON.stringify(topicPolicy(context, topicName, rules)) },
    parent.inside,
  );
  return { topic, policy };
}

/** Allows this account's alarms, and the named rules, to publish to the topic; denies requests without TLS. */
export function topicPolicy(
  { accountId, region }: Context,
  topicName: string,
  rules: readonly string[] = [],
) {
  const topic = `arn:aws:sns:${region}:${accountId}:${topicName}`;
  return {
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "AlarmsOfThisAccount",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic,
        Condition: {
          StringEquals: { "aws:SourceAccount": accountId },
          ArnLike: { "aws:SourceArn": `arn:aws:cloudwatch:${region}:${accountId}:alarm:*` },
        },
      },
      ...(rules.length === 0
        ? []
        : [
            {
              Sid: "RulesOfThisAccount",
              Effect: "Allow",
              Principal: { Service: "events.amazonaws.com" },
              Action: "sns:Publish",
              Resource: topic,
              Condition: {
                ArnEquals: {
                  "aws:SourceArn": rules.map((rule) => `arn:aws:events:${region}:${accountId}:rule/${rule}`),
                },
              },
            },
          ]),
      {
        Sid: "TlsOnly",
        Effect: "Deny",
        Principal: "*",
        Action: "sns:Publish",
        Resource: topic,
        Condition: { Bool: { "aws:SecureTransport": "false" } },
      },
    ],
  };
}
