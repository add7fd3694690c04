import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { SyslogSettings } from "../../config";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import type { Network } from "../network/network";
import { metricAlarm } from "../observability/alarm";
import type { AccessLogs } from "../storage/access-logs";
import { deregistrationSeconds } from "../workload/drain";
import { zoneOf } from "./zones";

export interface SyslogArgs {
  readonly context: Context;
  readonly system: string;
  readonly settings: SyslogSettings;
  /** Port on which the pods receive messages, over TCP and UDP. */
  readonly port: number;
  readonly network: Network;
  /** Physical name of the cluster. */
  readonly clusterName: string;
  /** Certificate of the public host. */
  readonly certificateArn: pulumi.Input<string>;
  readonly tlsPolicy: string;
  readonly zones: Readonly<Record<string, string>>;
  readonly accessLogs: AccessLogs;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Listener ports. Sources: RFC 5426 and RFC 6587 (514), RFC 5425 (6514). */
const listeners = {
  plain: { port: 514, protocol: "TCP_UDP" },
  tls: { port: 6514, protocol: "TLS" },
} as const;

type Kind = keyof typeof listeners;

/** Ingress rules of the security group. */
const openings = [
  { key: "tcp", ipProtocol: "tcp", port: listeners.plain.port },
  { key: "udp", ipProtocol: "udp", port: listeners.plain.port },
  { key: "tls", ipProtocol: "tcp", port: listeners.tls.port },
] as const;

/** Health checks: interval in seconds, and consecutive results that change a target's state. */
const health = { interval: 10, healthyThreshold: 2, unhealthyThreshold: 2 };

/**
 * The network load balancer that receives syslog messages from devices: TCP and UDP on 514, TLS on 6514, which it
 * terminates. It forwards them to pods, which EKS registers with its target groups, and preserves client IP addresses.
 */
export class Syslog extends Component {
  /** Target groups to register the pods with, by kind. */
  readonly targetGroupArns: Readonly<Record<Kind, pulumi.Output<string>>>;

  constructor(name: string, args: SyslogArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:Syslog", name, opts);
    const balancer = this.balancer(args);
    const target = (kind: Kind) => this.target(kind, args, balancer);
    this.targetGroupArns = { plain: target("plain"), tls: target("tls") };
    new aws.route53.Record(
      this.child("record"),
      {
        zoneId: zoneOf(args.settings.host, args.zones),
        name: args.settings.host,
        type: "CNAME",
        ttl: 60,
        records: [balancer.dnsName],
      },
      this.inside,
    );
    metricAlarm(this, "refused", {
      name: `${args.context.prefix}-${args.system}-syslog-refused`,
      description:
        "The syslog load balancer rejects connections because it has no healthy target: messages from devices are lost. See docs/syslog.md.",
      namespace: "AWS/NetworkELB",
      metricName: "RejectedFlowCount",
      statistic: "Sum",
      dimensions: { LoadBalancer: balancer.arnSuffix },
      threshold: 1,
      alarmTopicArn: args.alarmTopicArn,
    });
    this.registerOutputs();
  }

  private balancer(args: SyslogArgs): aws.lb.LoadBalancer {
    const { context, system, network, accessLogs } = args;
    return new aws.lb.LoadBalancer(
      this.child("balancer"),
      {
        name: physicalName("loadBalancer", context.prefix, system, "syslog"),
        loadBalancerType: "network",
        subnets: [...network.publicSubnetIds],
        // A network load balancer created without a security group can never get one.
        securityGroups: [this.group(args)],
        enableCrossZoneLoadBalancing: true,
        enableDeletionProtection: context.protect,
        // A network load balancer logs only TLS connections.
        accessLogs: {
          bucket: accessLogs.bucketName,
          prefix: `load-balancer-${system}-syslog`,
          enabled: true,
        },
      },
      { ...this.inside, protect: context.protect },
    );
  }

  /** Ingress from the devices' networks, and egress only to the nodes on the pods' port. */
  private group({ context, system, settings, port, network }: SyslogArgs): pulumi.Output<string> {
    const { id: securityGroupId } = new aws.ec2.SecurityGroup(
      this.child("group"),
      {
        vpcId: network.vpcId,
        description: "Network Load Balancer for syslog from devices",
        tags: { Name: `${context.prefix}-${system}-syslog` },
      },
      this.inside,
    );
    for (const { key, ipProtocol, port: opening } of openings)
      settings.sources.forEach((cidrIpv4) => {
        new aws.vpc.SecurityGroupIngressRule(
          this.child(key, cidrIpv4),
          {
            securityGroupId,
            cidrIpv4,
            ipProtocol,
            fromPort: opening,
            toPort: opening,
            description: "Syslog from devices",
          },
          this.inside,
        );
      });
    // A rule that references the load balancer's group also applies with client IP preservation. Source: ELB user
    // guide, security groups of a network load balancer.
    for (const ipProtocol of ["tcp", "udp"]) {
      const ports = { ipProtocol, fromPort: port, toPort: port };
      new aws.vpc.SecurityGroupEgressRule(
        this.child("to-nodes", ipProtocol),
        {
          ...ports,
          securityGroupId,
          referencedSecurityGroupId: network.nodeSecurityGroupId,
          description: "To the pods that receive syslog",
        },
        this.inside,
      );
      new aws.vpc.SecurityGroupIngressRule(
        this.child("nodes", ipProtocol),
        {
          ...ports,
          securityGroupId: network.nodeSecurityGroupId,
          referencedSecurityGroupId: securityGroupId,
          description: "From the syslog load balancer",
        },
        this.inside,
      );
    }
    return securityGroupId;
  }

  /** A target group with its listener, and an alarm on unhealthy targets. */
  private target(kind: Kind, args: SyslogArgs, balancer: aws.lb.LoadBalancer): pulumi.Output<string> {
    const { context, system, port, network, certificateArn, tlsPolicy } = args;
    const group = new aws.lb.TargetGroup(
      this.child(kind, "targets"),
      {
        // A changed port creates a new group before this one is deleted.
        name: physicalName("targetGroup", context.prefix, system, kind, String(port)),
        port,
        protocol: kind === "plain" ? "TCP_UDP" : "TCP",
        targetType: "ip",
        vpcId: network.vpcId,
        preserveClientIp: "true",
        // Shorter than the pod's drain: see `workload/drain.ts`.
        deregistrationDelay: deregistrationSeconds,
        // UDP flows have no end of their own.
        connectionTermination: true,
        // UDP has no health check: the TCP check on the same port covers both.
        healthCheck: { ...health, protocol: "TCP", port: String(port) },
        // Without it EKS isn't permitted to register pods. Source: AWS managed policy AmazonEKSLoadBalancingPolicy.
        tags: { "eks:eks-cluster-name": args.clusterName },
      },
      this.inside,
    );
    new aws.lb.Listener(
      this.child(kind),
      {
        loadBalancerArn: balancer.arn,
        ...listeners[kind],
        ...(kind === "tls" ? { certificateArn, sslPolicy: tlsPolicy } : {}),
        defaultActions: [{ type: "forward", targetGroupArn: group.arn }],
      },
      this.inside,
    );
    metricAlarm(this, `${kind}-unhealthy`, {
      name: `${context.prefix}-${system}-syslog-${kind}-unhealthy`,
      description:
        "Pods that receive syslog fail the load balancer's health checks. Check their readiness and their log. See docs/syslog.md.",
      namespace: "AWS/NetworkELB",
      metricName: "UnHealthyHostCount",
      statistic: "Maximum",
      dimensions: { LoadBalancer: balancer.arnSuffix, TargetGroup: group.arnSuffix },
      threshold: 1,
      // A pod that starts or terminates is briefly unhealthy.
      periods: 2,
      alarmTopicArn: args.alarmTopicArn,
    });
    return group.arn;
  }
}
