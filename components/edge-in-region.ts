import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "./base/component";
import { cdnLogs } from "./edge/cdn-logs";
import { guardedByCdn, keepOriginSecrets, limits } from "./edge/cdn-origin";
import { Certificates } from "./edge/certificates";
import { LoadBalancer } from "./edge/load-balancer";
import { WebAcl } from "./edge/web-acl";
import { pageHosts } from "./pages-in-region";
import type { ConfiguredSystem, RegionResources } from "./system-in-region";

export interface RegionEdgeArgs extends Pick<
  RegionResources,
  "context" | "settings" | "keys" | "network" | "cdn" | "alarms" | "accessLogs"
> {
  readonly systems: readonly ConfiguredSystem[];
}

/**
 * The way in: certificates, AWS WAF, the load balancer, and what it shares with the CDN.
 *
 * @param inCluster Options for what needs the cluster's provider.
 */
export function edgeInRegion(
  parent: Component,
  { systems, settings, cdn, context, keys, network, alarms, accessLogs }: RegionEdgeArgs,
  inCluster: pulumi.ComponentResourceOptions,
): Pick<RegionResources, "certificates" | "loadBalancer"> {
  const { edge } = settings;
  const certificates = new Certificates(
    parent.child("certificates"),
    {
      hosts: systems
        .flatMap(({ settings: { hosts, syslog } }) => [
          ...Object.values(hosts),
          ...(syslog === undefined ? [] : [syslog.host]),
        ])
        .concat(cdn?.hosts.map(({ originHost }) => originHost) ?? [])
        .concat(Object.values(pageHosts(settings))),
      zones: edge.zones,
    },
    parent.inside,
  );
  if (cdn !== undefined) {
    keepOriginSecrets(parent, "origin-secret", { secrets: cdn.secrets, context, keys });
    cdnLogs(cdn, accessLogs);
  }
  const webAcl = new WebAcl(
    parent.child("waf"),
    {
      context,
      settings: edge.waf,
      keys,
      alarmTopicArn: alarms.arn,
      scope: "REGIONAL",
      limited: limits(systems, (host) => cdn?.distributions[host] === undefined),
      ...guardedByCdn(cdn, edge),
    },
    { ...parent.inside, dependsOn: Object.values(cdn?.distributions ?? {}) },
  );
  const loadBalancer = new LoadBalancer(
    parent.child("edge"),
    {
      context,
      publicSubnetIds: network.publicSubnetIds,
      tlsPolicy: edge.tlsPolicy,
      // The CDN comes from anywhere: AWS WAF tells it from others.
      inboundCidrs: cdn === undefined ? edge.inboundCidrs : [],
      webAclArn: webAcl.arn,
      idleSeconds: edge.idleSeconds,
      accessLogs,
    },
    inCluster,
  );
  return { certificates, loadBalancer };
}
