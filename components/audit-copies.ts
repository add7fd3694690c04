import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AuditLog, EnvironmentAudit } from "../config";
import { Component } from "./base/component";
import type { Context, KeyArns } from "./base/context";
import type { Network } from "./network/network";
import { logStream, streamPrefix } from "./observability/log-stream";
import type { AccessLogs } from "./storage/access-logs";
import { cdnLogPrefix, queryLogPrefix } from "./storage/bucket-policy";
import { logCopies } from "./storage/log-copies";

export interface AuditCopiesArgs {
  readonly context: Context;
  readonly settings: EnvironmentAudit;
  /** Log groups of the environment's region, by the names of their resources. */
  readonly groups: Readonly<Record<string, aws.cloudwatch.LogGroup>>;
  readonly keys: Pick<KeyArns, "logs">;
  readonly network: Pick<Network, "vpcId">;
  readonly accessLogs: AccessLogs;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/**
 * Logs that CloudWatch Logs has: the groups, by the names of their resources, and the events that are sent. Of the
 * cluster's only audit events are JSON with this field. Source: CloudWatch Logs user guide, filter pattern syntax.
 */
const streamed: Partial<Record<AuditLog, { readonly group: RegExp; readonly pattern: string }>> = {
  cluster: { group: /-cluster-logs$/, pattern: '{ $.apiVersion = "audit.k8s.io/v1" }' },
  databases: { group: /-log-postgresql$/, pattern: '?"AUDIT:" ?"FATAL:"' },
  flows: { group: /-network-flows-group$/, pattern: "" },
  waf: { group: /-waf-log$/, pattern: "" },
};

/** Beginnings of keys in the bucket of access logs. Each load balancer has a prefix of its own. */
const prefixes: Readonly<Record<AuditLog, string>> = {
  cluster: `${streamPrefix}/`,
  databases: `${streamPrefix}/`,
  flows: `${streamPrefix}/`,
  waf: `${streamPrefix}/`,
  dns: `${queryLogPrefix}/`,
  "load-balancer": "load-balancer",
  cdn: `${cdnLogPrefix}/`,
};

/**
 * Copies of the environment's logs in the account's audit bucket. All of them come by the bucket of access logs, from
 * which S3 copies them: log groups by a Firehose stream, the others because their services write there.
 */
export class AuditCopies extends Component {
  constructor(name: string, args: AuditCopiesArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:audit:AuditCopies", name, opts);
    const { context, settings, accessLogs, alarmTopicArn } = args;
    const { bucket, key, logs } = settings;
    if (logs.includes("dns")) this.queries(args);
    const groups = logs.flatMap((log) => this.groupsOf(log, args.groups));
    if (groups.length > 0)
      logStream(this, {
        context,
        bucketName: accessLogs.bucketName,
        keyArn: args.keys.logs,
        groups: Object.fromEntries(groups),
        alarmTopicArn,
      });
    logCopies(this, {
      context,
      from: accessLogs,
      bucket,
      keyArn: key,
      prefixes: [...new Set(logs.map((log) => prefixes[log]))],
      alarmTopicArn,
    });
    this.registerOutputs();
  }

  private groupsOf(log: AuditLog, all: AuditCopiesArgs["groups"]) {
    const source = streamed[log];
    return source === undefined
      ? []
      : Object.entries(all).flatMap(([name, group]) =>
          source.group.test(name)
            ? [[name.replace(/^primary-/, ""), { group, pattern: source.pattern }] as const]
            : [],
        );
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
