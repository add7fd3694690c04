import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import { physicalName } from "../base/naming";

export interface LoadBalancerArgs {
  readonly context: Context;
  readonly publicSubnetIds: readonly pulumi.Input<string>[];
  /** TLS policy of the HTTPS listener. */
  readonly tlsPolicy: string;
  /** Networks that it lets in; none: everybody. */
  readonly inboundCidrs: readonly string[];
}

/**
 * The one public load balancer: an Ingress class whose Ingresses share it. EKS Auto Mode makes the load balancer
 * when the first of them appears, and takes it away with the last.
 */
export class LoadBalancer extends Component {
  /** The class that an Ingress names. */
  readonly className = "alb";
  /** The class itself: an Ingress is made after it and deleted before it. */
  readonly ingressClass: pulumi.Resource;
  /** Annotations that every Ingress of the class carries, alike. */
  readonly annotations: Readonly<Record<string, string>>;

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
    const key = (annotation: string) => `alb.ingress.kubernetes.io/${annotation}`;
    this.annotations = {
      [key("load-balancer-name")]: physicalName("loadBalancer", args.context.prefix),
      [key("listen-ports")]: JSON.stringify([{ HTTP: 80 }, { HTTPS: 443 }]),
      [key("ssl-redirect")]: "443",
      [key("ssl-policy")]: args.tlsPolicy,
      // Auto Mode's IngressClassParams have no field for it. Source: EKS user guide, IngressClassParams reference.
      ...(args.inboundCidrs.length > 0 ? { [key("inbound-cidrs")]: args.inboundCidrs.join(",") } : {}),
    };
    this.registerOutputs();
  }

  private parameters({ context, publicSubnetIds }: LoadBalancerArgs): k8s.apiextensions.CustomResource {
    const attributes = {
      "routing.http.drop_invalid_header_fields.enabled": "true",
      "deletion_protection.enabled": String(context.protect),
    };
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
          loadBalancerAttributes: Object.entries(attributes).map(([name, value]) => ({ key: name, value })),
        },
      },
      this.inside,
    );
  }
}
