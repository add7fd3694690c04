import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";
import { httpsPort } from "../base/ports";
import type { AccessLogs } from "../storage/access-logs";

export interface LoadBalancerArgs {
  readonly context: Context;
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  /** TLS policy of the HTTPS listener. */
  readonly tlsPolicy: string;
  /** Networks that may reach it; an empty list: all. */
  readonly inboundCidrs: readonly string[];
  /** Idle timeout of connections, in seconds. */
  readonly idleSeconds: number;
  readonly accessLogs: AccessLogs;
  /** Web ACL that inspects every request. */
  readonly webAclArn: pulumi.Input<string>;
}

/**
 * Attributes of the load balancer. Some are AWS' defaults, set so that manual changes show as a diff. Source: ELB API
 * reference, LoadBalancerAttribute.
 */
const attributesOf = ({ context, idleSeconds, accessLogs }: LoadBalancerArgs) => ({
  "deletion_protection.enabled": String(context.protect),
  "idle_timeout.timeout_seconds": String(idleSeconds),
  "routing.http.desync_mitigation_mode": "defensive",
  "routing.http.drop_invalid_header_fields.enabled": "true",
  "routing.http2.enabled": "true",
  // Requests that AWS WAF can't inspect are refused.
  "waf.fail_open.enabled": "false",
  "access_logs.s3.enabled": "true",
  "access_logs.s3.bucket": accessLogs.bucketName,
  "access_logs.s3.prefix": "load-balancer",
  "connection_logs.s3.enabled": "true",
  "connection_logs.s3.bucket": accessLogs.bucketName,
  "connection_logs.s3.prefix": "load-balancer-connections",
});

/**
 * The only public load balancer: an Ingress class whose Ingresses share it. EKS Auto Mode creates the load balancer
 * with the first of them and deletes it with the last.
 */
export class LoadBalancer extends Component {
  /** Physical name of the load balancer. */
  readonly name: string;
  /** The class that an Ingress names. */
  readonly className = "alb";
  /** The class. An Ingress is created after it and deleted before it. */
  readonly ingressClass: pulumi.Resource;
  /** Annotations of every Ingress of the class. */
  readonly annotations: Readonly<Record<string, pulumi.Input<string>>>;

  constructor(name: string, args: LoadBalancerArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:edge:LoadBalancer", name, opts);
    const parameters = this.parameters(args);
    this.ingressClass = new k8s.networking.v1.IngressClass(
      this.child("class"),
      {
        metadata: { name: this.className },
        spec: {
          controller: "eks.amazonaws.com/alb",
          parameters: {
            apiGroup: "eks.amazonaws.com",
            kind: "IngressClassParams",
            name: this.className,
          },
        },
      },
      { ...this.inside, dependsOn: [parameters] },
    );
    this.name = physicalName("loadBalancer", args.context.prefix);
    const key = (annotation: string) => `alb.ingress.kubernetes.io/${annotation}`;
    this.annotations = {
      [key("load-balancer-name")]: this.name,
      [key("listen-ports")]: JSON.stringify([{ HTTP: 80 }, { HTTPS: httpsPort }]),
      [key("ssl-redirect")]: String(httpsPort),
      [key("ssl-policy")]: args.tlsPolicy,
      [key("wafv2-acl-arn")]: args.webAclArn,
      // Auto Mode's IngressClassParams have no field for inbound CIDRs. Source: EKS user guide, IngressClassParams
      // reference.
      ...(args.inboundCidrs.length > 0 ? { [key("inbound-cidrs")]: args.inboundCidrs.join(",") } : {}),
    };
    this.registerOutputs();
  }

  private parameters(args: LoadBalancerArgs): k8s.apiextensions.CustomResource {
    const { context, publicSubnetIds } = args;
    return new k8s.apiextensions.CustomResource(
      this.child("parameters"),
      {
        apiVersion: "eks.amazonaws.com/v1",
        kind: "IngressClassParams",
        metadata: { name: this.className },
        spec: {
          scheme: "internet-facing",
          group: { name: context.prefix },
          subnets: { ids: publicSubnetIds },
          tags: Object.entries(context.tags).map(([key, value]) => ({ key, value })),
          loadBalancerAttributes: Object.entries(attributesOf(args)).map(([key, value]) => ({ key, value })),
        },
      },
      this.inside,
    );
  }
}
