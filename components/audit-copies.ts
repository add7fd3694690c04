import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AuditLog, EnvironmentAudit } from "../config";
import { Component } from "./base/component";
import type { Context, KeyArns } from "./base/context";
import { logStream, streamPrefix, type SentGroup } from "./observability/log-stream";
import type { AccessLogs } from "./storage/access-logs";
import { cdnLogPrefix, queryLogPrefix } from "./storage/bucket-policy";
import { logCopies } from "./storage/log-copies";

export interface AuditCopiesArgs {
  /** Of the region whose logs are copied. */
  readonly context: Context;
  readonly settings: Pick<EnvironmentAudit, "bucket" | "key">;
  /** Region of the audit bucket. */
  readonly bucketRegion: string;
  /** The logs to copy, which the region writes. */
  readonly logs: readonly AuditLog[];
  /** Log groups of the region, by the names of their resources. */
  readonly groups: Readonly<Record<string, aws.cloudwatch.LogGroup>>;
  /** AWS WAF's log of the CDN, which is in another region. Default: none. */
  readonly cdnWaf?: Required<Omit<SentGroup, "pattern">> | undefined;
  readonly keys: Pick<KeyArns, "logs">;
  readonly network: { readonly vpcId: pulumi.Input<string> };
  readonly accessLogs: AccessLogs;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Logs that CloudWatch Logs has: the groups, by the names of their resources, and the events that are sent. Of the
 * cluster's only audit events are JSON with this field. RDS Proxy rejects logins itself, so they are in its log.
 * Sources: CloudWatch Logs user guide, filter pattern syntax; RDS user guide, troubleshooting for RDS Proxy.
 */
const streamed: Partial<Record<AuditLog, readonly (readonly [group: RegExp, pattern: string])[]>> = {
  cluster: [[/-cluster-logs$/, '{ $.apiVersion = "audit.k8s.io/v1" }']],
  databases: [
    [/-log-postgresql$/, '?"AUDIT:" ?"FATAL:"'],
    [/-proxy-log$/, ""],
  ],
  search: [[/-search-audit-logs$/, ""]],
  flows: [[/-network-flows-group$/, ""]],
  waf: [[/-waf-log$/, ""]],
};

/** Key prefixes in the access log bucket. Each load balancer has its own. */
const prefixes: Readonly<Record<AuditLog, string>> = {
  cluster: `${streamPrefix}/`,
  databases: `${streamPrefix}/`,
  search: `${streamPrefix}/`,
  flows: `${streamPrefix}/`,
  waf: `${streamPrefix}/`,
  dns: `${queryLogPrefix}/`,
  "load-balancer": "load-balancer",
  cdn: `${cdnLogPrefix}/`,
};

/**
 * Copies of a region's logs in the account's audit bucket. S3 replicates them from the region's access log bucket:
 * Firehose delivers the log groups there, and the other services write there themselves.
 */
export class AuditCopies extends Component {
  constructor(name: string, args: AuditCopiesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:audit:AuditCopies", name, opts);
    const { context, settings, bucketRegion, logs, accessLogs, alarmTopicArn } = args;
    if (logs.includes("dns")) this.queries(args);
    const groups = Object.fromEntries(logs.flatMap((log) => this.groupsOf(log, args)));
    if (Object.keys(groups).length > 0)
      logStream(this, {
        context,
        bucketName: accessLogs.bucketName,
        keyArn: args.keys.logs,
        groups,
        alarmTopicArn,
      });
    logCopies(this, {
      context,
      from: accessLogs,
      bucket: settings.bucket,
      bucketRegion,
      keyArn: settings.key,
      prefixes: [...new Set(logs.map((log) => prefixes[log]))],
      alarmTopicArn,
    });
    this.registerOutputs();
  }

  private groupsOf(log: AuditLog, { groups, cdnWaf }: AuditCopiesArgs): [string, SentGroup][] {
    const found = (streamed[log] ?? []).flatMap(([wanted, pattern]) =>
      Object.entries(groups).flatMap(([name, group]): [string, SentGroup][] =>
        wanted.test(name) ? [[name.replace(/^(primary|standby)-/, ""), { group, pattern }]] : [],
      ),
    );
    return log === "waf" && cdnWaf !== undefined
      ? [...found, ["cdn-waf-log", { ...cdnWaf, pattern: "" }]]
      : found;
  }

  /** The VPC's DNS queries. Source: Route 53 developer guide, resources that you can send resolver query logs to. */
  private queries({ context, network, accessLogs }: AuditCopiesArgs): void {
    const config = new aws.route53.ResolverQueryLogConfig(
      this.child("queries"),
      {
        name: `${context.prefix}-dns`,
        destinationArn: accessLogs.bucketName.apply((bucket) => `arn:aws:s3:::${bucket}/${queryLogPrefix}`),
      },
      this.inside,
    );
    new aws.route53.ResolverQueryLogConfigAssociation(
      this.child("queries", "vpc"),
      { resolverQueryLogConfigId: config.id, resourceId: network.vpcId },
      this.inside,
    );
  }
}
