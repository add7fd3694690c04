import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { WafSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { logGroup } from "../base/log-group";
import { physicalName } from "../base/naming";
import { metricAlarm } from "../observability/alarm";
import { visibility, wafRules, type Limited } from "./waf-rules";

export interface WebAclArgs {
  readonly context: Context;
  readonly settings: WafSettings;
  readonly limited: readonly Limited[];
  readonly keys: KeyArns;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Headers that contain credentials and sessions. */
const secretHeaders = ["authorization", "cookie"];

/** The service that writes the logs of AWS WAF. */
const logWriter = { Service: "delivery.logs.amazonaws.com" };

/**
 * The web ACL of a region's public load balancer: rules that block or count requests, a log of both, and alarms. An
 * annotation of the Ingresses attaches it to the load balancer.
 */
export class WebAcl extends Component {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: WebAclArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:WebAcl", name, opts);
    const aclName = physicalName("webAcl", args.context.prefix, "public");
    const acl = new aws.wafv2.WebAcl(
      this.child("acl"),
      {
        name: aclName,
        description: "In front of the public load balancer",
        scope: "REGIONAL",
        defaultAction: { allow: {} },
        rules: wafRules(args.settings, args.limited),
        visibilityConfig: visibility(aclName),
      },
      this.inside,
    );
    this.arn = acl.arn;
    this.logs(args, acl.arn);
    this.alarms(args, aclName);
    this.registerOutputs();
  }

  /** Logs blocked and counted requests; the sampled requests show the others, for three hours. */
  private logs({ context, settings, keys }: WebAclArgs, resourceArn: pulumi.Output<string>): void {
    const { accountId, prefix, protect, region } = context;
    // AWS WAF writes only to log groups with this prefix.
    const name = physicalName("logGroup", "aws-waf-logs", prefix);
    const group = logGroup(this, "log", {
      context,
      name,
      keyArn: keys.logs,
      days: settings.logDays,
      protect,
    });
    const policy = new aws.cloudwatch.LogResourcePolicy(
      this.child("log-policy"),
      {
        policyName: name,
        policyDocument: JSON.stringify({
          Version: "2012-10-17",
          Statement: [
            {
              Sid: "WafLogs",
              Effect: "Allow",
              Principal: logWriter,
              Action: ["logs:CreateLogStream", "logs:PutLogEvents"],
              Resource: `arn:aws:logs:${region}:${accountId}:log-group:${name}:*`,
              Condition: {
                StringEquals: { "aws:SourceAccount": accountId },
                ArnLike: { "aws:SourceArn": `arn:aws:logs:${region}:${accountId}:*` },
              },
            },
          ],
        }),
      },
      this.inside,
    );
    new aws.wafv2.WebAclLoggingConfiguration(
      this.child("logging"),
      {
        resourceArn,
        logDestinationConfigs: [group.arn],
        redactedFields: secretHeaders.map((header) => ({ singleHeader: { name: header } })),
        loggingFilter: {
          defaultBehavior: "DROP",
          filters: [
            {
              behavior: "KEEP",
              requirement: "MEETS_ANY",
              conditions: ["BLOCK", "COUNT", "EXCLUDED_AS_COUNT"].map((action) => ({
                actionCondition: { action },
              })),
            },
          ],
        },
      },
      { ...this.inside, dependsOn: [policy] },
    );
  }

  private alarms({ context, settings, alarmTopicArn }: WebAclArgs, aclName: string): void {
    const dimensions = { WebACL: aclName, Rule: "ALL", Region: context.region };
    const rows = [
      ["blocked", "BlockedRequests", "An attack, or users whom a rule takes for one"],
      ["counted", "CountedRequests", "Requests that would be blocked if the rule didn't only count"],
    ] as const;
    for (const [key, metricName, meaning] of rows)
      metricAlarm(this, key, {
        name: `${aclName}-waf-${key}`,
        description: `${meaning}: look into the log group aws-waf-logs-${context.prefix}. See docs/edge.md.`,
        namespace: "AWS/WAFV2",
        metricName,
        dimensions,
        statistic: "Sum",
        threshold: settings.alarms[key],
        alarmTopicArn,
      });
  }
}
