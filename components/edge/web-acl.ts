import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { WafSettings } from "../../config";
import { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { logGroup } from "../base/log-group";
import { physicalName } from "../base/naming";
import { metricAlarm } from "../observability/alarm";
import { originHeader, visibility, wafRules, type Guarded, type Limited } from "./waf-rules";

export interface WebAclArgs {
  readonly context: Context;
  readonly settings: WafSettings;
  /** What it protects: the load balancer of a region, or CloudFront, whose web ACLs are all in us-east-1. */
  readonly scope: "REGIONAL" | "CLOUDFRONT";
  readonly limited: readonly Limited[];
  /** Hosts that only the CDN may request. Default: none. */
  readonly guarded?: Guarded | undefined;
  /** Admitted networks; an empty list: all. */
  readonly networks: readonly string[];
  readonly keys: Pick<KeyArns, "logs">;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Headers that contain credentials, sessions and the CDN's secret. */
const secretHeaders = ["authorization", "cookie", originHeader];

/** The service that writes the logs of AWS WAF. */
const logWriter = { Service: "delivery.logs.amazonaws.com" };

/**
 * A web ACL: rules that block or count requests, a log of both, and alarms. An annotation of the Ingresses attaches it
 * to the load balancer; a distribution names it by ARN.
 */
export class WebAcl extends Component {
  readonly arn: pulumi.Output<string>;
  /** The log group of blocked and counted requests. */
  readonly log: aws.cloudwatch.LogGroup;

  constructor(name: string, args: WebAclArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:WebAcl", name, opts);
    const { context, settings, scope, limited, guarded } = args;
    const aclName = physicalName("webAcl", context.prefix, "public");
    const networks = this.networks(args, aclName);
    const acl = new aws.wafv2.WebAcl(
      this.child("acl"),
      {
        name: aclName,
        description:
          scope === "REGIONAL" ? "For the public load balancer" : "For the CloudFront distributions",
        scope,
        defaultAction: { allow: {} },
        rules: wafRules(settings, { limited, guarded, networks }),
        // The redaction of logs doesn't apply to sampled requests; this does.
        dataProtectionConfig: {
          dataProtections: [
            { action: "SUBSTITUTION", field: { fieldType: "SINGLE_HEADER", fieldKeys: [...secretHeaders] } },
          ],
        },
        visibilityConfig: visibility(aclName),
      },
      // The rules contain the secret that the CDN sends.
      { ...this.inside, ...(guarded === undefined ? {} : { additionalSecretOutputs: ["rules"] }) },
    );
    this.arn = acl.arn;
    this.log = this.logs(args, acl.arn);
    this.alarms(args, aclName);
    this.registerOutputs();
  }

  /** ARN of the IP set of the admitted networks. */
  private networks({ networks, scope }: WebAclArgs, aclName: string): pulumi.Output<string> | undefined {
    if (networks.length === 0) return undefined;
    return new aws.wafv2.IpSet(
      this.child("networks"),
      { name: aclName, scope, ipAddressVersion: "IPV4", addresses: [...networks] },
      this.inside,
    ).arn;
  }

  /** Logs blocked and counted requests; the sampled requests show the others, for three hours. */
  private logs(
    { context, settings, keys }: WebAclArgs,
    resourceArn: pulumi.Output<string>,
  ): aws.cloudwatch.LogGroup {
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
    return group;
  }

  private alarms({ context, settings, scope, alarmTopicArn }: WebAclArgs, aclName: string): void {
    // Metrics of CloudFront have no region. Source: AWS WAF developer guide, metrics and dimensions.
    const region: Record<string, string> = scope === "REGIONAL" ? { Region: context.region } : {};
    const dimensions = { WebACL: aclName, Rule: "ALL", ...region };
    const rows = [
      [
        "blocked",
        "BlockedRequests",
        "AWS WAF blocks many requests: an attack, or a rule that blocks users by mistake",
      ],
      [
        "counted",
        "CountedRequests",
        "A rule in count mode matches many requests, which it would block in block mode",
      ],
    ] as const;
    for (const [key, metricName, meaning] of rows)
      metricAlarm(this, key, {
        name: `${aclName}-waf-${key}`,
        description: `${meaning}. Look at the requests in the log group aws-waf-logs-${context.prefix}. See docs/edge.md.`,
        namespace: "AWS/WAFV2",
        metricName,
        dimensions,
        statistic: "Sum",
        threshold: settings.alarms[key],
        alarmTopicArn,
      });
  }
}
