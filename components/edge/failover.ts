import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import { regionalHost, type AlarmSettings, type FailoverHost, type StandbySettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { httpsPort } from "../base/ports";
import { AlarmTopic } from "../observability/alarm-topic";
import { metricAlarm } from "../observability/alarm";
import { encryptionKey } from "../security/keys";
import { zoneOf } from "./zones";

/** How a region takes part in the failover of hosts. */
export interface Failover {
  readonly region: string;
  /** Whether it is the environment's first region, which alone has the hosts' own records. */
  readonly first: boolean;
  /** By host. */
  readonly hosts: Readonly<Record<string, FailoverHost>>;
}

export interface FailoverArgs {
  /** The environment's context. */
  readonly context: Context;
  readonly hosts: readonly FailoverHost[];
  /** The first region and the second. */
  readonly regions: Readonly<Record<StandbySettings["active"], string>>;
  readonly active: StandbySettings["active"];
  /** Hosted zone ids by domain. */
  readonly zones: Readonly<Record<string, string>>;
  readonly alarms: Pick<AlarmSettings, "emails">;
  /** A topic for alarms in us-east-1. Default: one of its own. */
  readonly alarmTopicArn: pulumi.Input<string> | undefined;
}

/** Region of Route 53's metrics, and of the alarms on them. */
const dnsRegion = "us-east-1";

/** Seconds between two requests of one health checker; 10 would cost more. */
const everySeconds = 30;
/** Requests in a row that fail before a region counts as lost. */
const failures = 3;

/**
 * Routes clients to the region that serves: two records per host, with a health check of each region. Route 53 answers
 * with the active region while that is healthy, and with the other one otherwise. The targets are plain names, so the
 * records don't depend on a region's resources. Give it the AWS provider of us-east-1.
 */
export class FailoverRecords extends Component {
  constructor(
    name: string,
    private readonly args: FailoverArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:edge:FailoverRecords", name, opts);
    const topicArn = args.alarmTopicArn ?? this.topic();
    const { regions, active } = args;
    const other = active === "primary" ? "secondary" : "primary";
    for (const each of args.hosts) {
      const checks = {
        primary: this.check(each, "primary", topicArn),
        secondary: this.check(each, "secondary", topicArn),
      };
      // Only values change when another region becomes active: Route 53 refuses two records of one type.
      for (const [type, at] of [
        ["PRIMARY", active],
        ["SECONDARY", other],
      ] as const)
        new aws.route53.Record(
          this.child(each.host, type.toLowerCase()),
          {
            zoneId: zoneOf(each.host, args.zones),
            name: each.name,
            type: "CNAME",
            ttl: 60,
            setIdentifier: type.toLowerCase(),
            failoverRoutingPolicies: [{ type }],
            healthCheckId: checks[at].id,
            records: [regionalHost(each.host, regions[at])],
          },
          this.inside,
        );
    }
    this.registerOutputs();
  }

  /**
   * Route 53 checks no certificate, and sends the region's own name. The load balancer answers it only on this path, so
   * it can't be used to bypass the CDN.
   *
   * While the second region is active, the first one has old data and must not serve, whatever it responds. Its health
   * check is disabled, which counts as healthy, and inverted, which turns that into unhealthy.
   */
  private check(
    { host, path }: FailoverHost,
    which: StandbySettings["active"],
    alarmTopicArn: pulumi.Input<string>,
  ): aws.route53.HealthCheck {
    const { context, regions, active } = this.args;
    const retired = which === "primary" && active === "secondary";
    const fqdn = regionalHost(host, regions[which]);
    const check = new aws.route53.HealthCheck(
      this.child(host, which, "health"),
      {
        type: "HTTPS",
        fqdn,
        port: httpsPort,
        resourcePath: path,
        enableSni: true,
        requestInterval: everySeconds,
        failureThreshold: failures,
        disabled: retired,
        invertHealthcheck: retired,
        tags: { Name: fqdn },
      },
      this.inside,
    );
    if (!retired)
      metricAlarm(this, `${host}-${which}-unhealthy`, {
        name: `${context.prefix}-${fqdn}-unhealthy`,
        description: `Route 53's health check of ${fqdn}${path} fails. If this region is active, Route 53 now routes users to the other region, which is read-only until it is promoted. Otherwise users aren't affected. See docs/runbooks/fail-over.md.`,
        namespace: "AWS/Route53",
        metricName: "HealthCheckStatus",
        dimensions: { HealthCheckId: check.id },
        statistic: "Minimum",
        comparison: "LessThanThreshold",
        threshold: 1,
        period: 60,
        periods: 3,
        alarmTopicArn,
      });
    return check;
  }

  private topic(): pulumi.Output<string> {
    const { alarms: settings, context: environment } = this.args;
    // A prefix of its own, since the environment may be in the same region.
    const context = { ...environment, region: dnsRegion, prefix: `${environment.prefix}-failover` };
    const keys = { alarms: encryptionKey(this, "alarms", context) };
    return new AlarmTopic(this.child("topic"), { context, settings, keys }, this.inside).arn;
  }
}
