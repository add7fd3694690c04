import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { AlarmSettings, CdnSettings, EdgeSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { required } from "../base/required";
import { AlarmTopic } from "../observability/alarm-topic";
import { cloudAlarms } from "../observability/cloud-alarms";
import { certificateAlarms, distributionAlarms } from "../observability/edge-alarms";
import { encryptionKey } from "../security/keys";
import type { CdnHost } from "./cdn-paths";
import { cdnPolicies } from "./cdn-policies";
import { Certificates } from "./certificates";
import { distribution } from "./distribution";
import { originSecrets, type OriginSecrets } from "./origin-secret";
import { protection } from "./shield";
import type { Limited } from "./waf-rules";
import { WebAcl } from "./web-acl";

/** CloudFront's region: its certificates, web ACLs, logs and metrics exist only there. */
export const cdnRegion = "us-east-1";

export interface CdnArgs {
  /** The environment's context; the CDN has another region and prefix. */
  readonly context: Context;
  readonly settings: CdnSettings;
  readonly edge: EdgeSettings;
  readonly alarms: Pick<AlarmSettings, "emails">;
  readonly hosts: readonly CdnHost[];
  /** Rate limits of the hosts behind the CDN: it alone sees the clients' addresses. */
  readonly limited: readonly Limited[];
  /** DNS names of a host's load balancers: of the active region, and of the other one. Default: there is one region. */
  readonly regional?: Readonly<Record<string, readonly [active: string, other: string]>>;
}

/**
 * CloudFront in front of an environment's load balancers, and what it needs in us-east-1: keys, certificates, a web ACL,
 * logs, and a topic for its alarms. One per environment. Give it that region's AWS provider, and the random one.
 */
export class Cdn extends Component {
  /** Prefix of its physical names. */
  readonly prefix: string;
  readonly hosts: readonly CdnHost[];
  readonly secrets: OriginSecrets;
  /** Log group of AWS WAF, in us-east-1. */
  readonly wafLog: aws.cloudwatch.LogGroup;
  /** Topic for alarms in us-east-1. */
  readonly alarmTopicArn: pulumi.Output<string>;
  /** Distributions by public host. Each is known once all edge locations send the current secret. */
  readonly distributions: Readonly<Record<string, aws.cloudfront.Distribution>>;

  constructor(name: string, args: CdnArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Cdn", name, opts);
    const { settings, edge, hosts } = args;
    // A prefix of its own, since the environment may be in the same region.
    const context = { ...args.context, region: cdnRegion, prefix: `${args.context.prefix}-cdn` };
    const keys = {
      logs: encryptionKey(this, "logs", context),
      alarms: encryptionKey(this, "alarms", context),
    };
    const topic = new AlarmTopic(this.child("topic"), { context, settings: args.alarms, keys }, this.inside);
    const certificates = new Certificates(
      this.child("certificates"),
      { hosts: hosts.map(({ host }) => host), zones: edge.zones, provenElsewhere: true },
      this.inside,
    );
    const webAcl = new WebAcl(
      this.child("waf"),
      {
        context,
        settings: edge.waf,
        scope: "CLOUDFRONT",
        limited: args.limited,
        networks: edge.inboundCidrs,
        keys,
        alarmTopicArn: topic.arn,
      },
      this.inside,
    );
    this.wafLog = webAcl.log;
    this.prefix = context.prefix;
    this.hosts = hosts;
    this.secrets = originSecrets(this, settings.originSecret);
    const policies = cdnPolicies(this, context.prefix);
    const made = hosts.map((host) => {
      const one = distribution(this, host.host, {
        settings,
        host,
        certificateArn: required(certificates.arns[host.host], `certificate of ${host.host}`),
        webAclArn: webAcl.arn,
        policies,
        secret: this.secrets.current,
        restricted: edge.inboundCidrs.length > 0,
        idleSeconds: edge.idleSeconds,
        regional: args.regional?.[host.host],
      });
      return [host.host, one] as const;
    });
    this.distributions = Object.fromEntries(made);
    this.alarmTopicArn = topic.arn;
    this.alarms(context, topic.arn, certificates);
    if (edge.shieldAdvanced)
      for (const [host, { arn }] of Object.entries(this.distributions))
        protection(this, `${host}-shield`, { name: `${context.prefix}-${host.replaceAll(".", "-")}`, arn });
    this.registerOutputs();
  }

  private alarms({ prefix }: Context, alarmTopicArn: pulumi.Input<string>, { arns }: Certificates): void {
    for (const [host, { id }] of Object.entries(this.distributions)) {
      cloudAlarms(this, host, distributionAlarms, {
        label: `${prefix}-${host}`,
        namespace: "AWS/CloudFront",
        dimensions: { DistributionId: id, Region: "Global" },
        alarmTopicArn,
      });
      cloudAlarms(this, `certificate-${host}`, certificateAlarms, {
        label: `${prefix}-${host}`,
        namespace: "AWS/CertificateManager",
        dimensions: { CertificateArn: required(arns[host], `certificate of ${host}`) },
        alarmTopicArn,
      });
    }
  }
}
