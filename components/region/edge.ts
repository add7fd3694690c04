import type * as pulumi from "@pulumi/pulumi";
import { regionalHost } from "../../config";
import type { Component } from "../base/component";
import { cdnLogs } from "../edge/cdn-logs";
import { guardedByCdn, keepOriginSecrets, limits } from "../edge/cdn-origin";
import { Certificates } from "../edge/certificates";
import { LoadBalancer } from "../edge/load-balancer";
import { WebAcl } from "../edge/web-acl";
import { pageHosts } from "./pages";
import type { ConfiguredSystem } from "./configured-systems";
import type { RegionResources } from "./resources";

export interface RegionEdgeArgs extends Pick<
  RegionResources,
  "context" | "settings" | "keys" | "network" | "cdn" | "failover" | "alarms" | "accessLogs"
> {
  readonly systems: readonly ConfiguredSystem[];
}

/**
 * The edge of a region: certificates, AWS WAF, the load balancer, and what it shares with the CDN.
 *
 * @param inCluster Options for what needs the cluster's provider.
 */
export function edgeInRegion(
  parent: Component,
  { systems, settings, cdn, failover, context, keys, network, alarms, accessLogs }: RegionEdgeArgs,
  inCluster: pulumi.ComponentResourceOptions,
): Pick<RegionResources, "certificates" | "loadBalancer"> {
  const { edge } = settings;
  const first = failover?.first !== false;
  const certificates = new Certificates(
    parent.child("certificates"),
    { hosts: certified(systems, settings, cdn, failover), zones: edge.zones, provenElsewhere: !first },
    parent.inside,
  );
  // Only the first region creates them.
  if (cdn !== undefined && first) {
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
      limited: limits(withRegional(systems, failover), (host) => cdn?.distributions[host] === undefined),
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
      // CloudFront's requests come from any address: AWS WAF recognises them.
      inboundCidrs: cdn === undefined ? edge.inboundCidrs : [],
      webAclArn: webAcl.arn,
      idleSeconds: edge.idleSeconds,
      accessLogs,
    },
    inCluster,
  );
  return { certificates, loadBalancer };
}

/** Hosts that the load balancer answers for. */
function certified(
  systems: readonly ConfiguredSystem[],
  settings: RegionEdgeArgs["settings"],
  cdn: RegionEdgeArgs["cdn"],
  failover: RegionEdgeArgs["failover"],
): string[] {
  const hosts = withRegional(systems, failover).flatMap(({ settings: { hosts: own, syslog } }) => [
    ...Object.values(own),
    ...(syslog === undefined ? [] : [syslog.host]),
  ]);
  return [
    ...hosts,
    ...(cdn?.hosts ?? []).flatMap(({ host, originHost }) => (hosts.includes(host) ? [originHost] : [])),
    ...Object.values(pageHosts(settings)),
  ];
}

/** The systems, with the additional names that their hosts have in this region. */
const withRegional = (
  systems: readonly ConfiguredSystem[],
  failover: RegionEdgeArgs["failover"],
): readonly ConfiguredSystem[] =>
  systems.map(({ spec, settings }) => ({
    spec,
    settings: {
      ...settings,
      hosts: Object.fromEntries(
        Object.entries(settings.hosts).flatMap(([key, host]) => [
          [key, host],
          ...(failover?.hosts[host] === undefined
            ? []
            : [[`${key}-regional`, regionalHost(host, failover.region)]]),
        ]),
      ) as Record<string, string>,
    },
  }));
