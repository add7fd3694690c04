import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { CdnSettings } from "../../config";
import type { Component } from "../base/component";
import { httpsPort } from "../base/ports";
import type { CdnHost, Caching } from "./cdn-paths";
import type { BehaviorPolicies } from "./cdn-policies";
import { originHeader } from "./waf-rules";

export interface DistributionArgs {
  readonly settings: CdnSettings;
  readonly host: CdnHost;
  /** Certificate of the host, in us-east-1. */
  readonly certificateArn: pulumi.Input<string>;
  readonly webAclArn: pulumi.Input<string>;
  readonly policies: Readonly<Record<Caching, BehaviorPolicies>>;
  /** The secret by which the load balancer recognizes the CDN. */
  readonly secret: pulumi.Input<string>;
  /** Whether the web ACL admits only some networks, which are IPv4: a client with IPv6 would be refused. */
  readonly restricted: boolean;
  /** Seconds after which the load balancer ends a connection without data. */
  readonly idleSeconds: number;
  /** DNS names of the load balancers: of the active region, and of the other one. Undefined: there is one region. */
  readonly regional: readonly [active: string, other: string] | undefined;
}

/** Name of the origin that has every path. With two regions, its DNS name resolves to the one that serves. */
const origin = "load-balancer";

/** Name of the origin group, whose second origin CloudFront uses when the first one fails. */
const group = "either-region";

const methods = {
  read: ["GET", "HEAD", "OPTIONS"],
  all: ["GET", "HEAD", "OPTIONS", "PUT", "POST", "PATCH", "DELETE"],
} as const;

/**
 * Longest time in seconds that CloudFront waits for a response, and keeps an idle connection. Source: CloudFront API
 * reference, CustomOriginConfig.
 */
const longestWait = 120;

/**
 * Seconds for which CloudFront caches an error. Its default of 10 would serve errors after the load balancer is back; a
 * missing asset is cached for a second, since during a release the next pod may have it.
 */
const errors = [
  ...[500, 502, 503, 504].map((errorCode) => ({ errorCode, errorCachingMinTtl: 0 })),
  ...[403, 404].map((errorCode) => ({ errorCode, errorCachingMinTtl: 1 })),
];

/**
 * CloudFront allows an origin group only in cache behaviors for read requests: it never repeats a request that may have
 * changed something. Source: CloudFront developer guide, optimizing high availability with origin failover.
 */
const behavior = (caching: Caching, { policies, regional }: DistributionArgs) => ({
  targetOriginId: caching === "passed" || regional === undefined ? origin : group,
  viewerProtocolPolicy: "redirect-to-https",
  allowedMethods: [...methods[caching === "passed" ? "all" : "read"]],
  cachedMethods: ["GET", "HEAD"],
  compress: true,
  ...policies[caching],
});

/** The CDN of one public host, with the load balancer behind it. */
export function distribution(
  parent: Component,
  key: string,
  args: DistributionArgs,
): aws.cloudfront.Distribution {
  const { settings, host, certificateArn, webAclArn, restricted, regional } = args;
  return new aws.cloudfront.Distribution(
    parent.child(key),
    {
      comment: host.host,
      aliases: [host.host],
      enabled: true,
      httpVersion: "http2and3",
      isIpv6Enabled: !restricted,
      priceClass: settings.priceClass,
      webAclId: webAclArn,
      viewerCertificate: {
        acmCertificateArn: certificateArn,
        sslSupportMethod: "sni-only",
        minimumProtocolVersion: settings.tlsPolicy,
      },
      origins: [
        loadBalancer(origin, host.originHost, args),
        ...(regional ?? []).map((name) => loadBalancer(name, name, args)),
      ],
      ...(regional === undefined ? {} : { originGroups: [originGroup(regional)] }),
      defaultCacheBehavior: behavior(host.otherwise, args),
      orderedCacheBehaviors: host.patterns.map(([pathPattern, caching]) => ({
        pathPattern,
        ...behavior(caching, args),
      })),
      customErrorResponses: errors,
      restrictions: { geoRestriction: { restrictionType: "none" } },
      // Only then does the load balancer's web ACL stop accepting the previous secret.
      waitForDeployment: true,
    },
    // The origin's headers contain the secret.
    { ...parent.inside, additionalSecretOutputs: ["origins"] },
  );
}

/** A load balancer as an origin, under one of its names. */
const loadBalancer = (
  originId: string,
  domainName: string,
  { settings, secret, idleSeconds }: DistributionArgs,
): aws.types.input.cloudfront.DistributionOrigin => ({
  originId,
  domainName,
  customHeaders: [{ name: originHeader, value: secret }],
  customOriginConfig: {
    httpPort: 80,
    httpsPort,
    originProtocolPolicy: "https-only",
    originSslProtocols: ["TLSv1.2"],
    // As long as the load balancer waits for a pod.
    originReadTimeout: Math.min(idleSeconds, longestWait),
    // CloudFront closes idle connections before the load balancer does.
    originKeepaliveTimeout: Math.max(1, Math.min(idleSeconds - 5, longestWait)),
  },
  ...(settings.originShield === undefined
    ? {}
    : { originShield: { enabled: true, originShieldRegion: settings.originShield } }),
});

/** CloudFront falls back to the other region when the active one can't be reached, or responds that it can't serve. */
const originGroup = (regional: readonly [active: string, other: string]) => ({
  originId: group,
  failoverCriteria: { statusCodes: [500, 502, 503, 504] },
  members: regional.map((originId) => ({ originId })),
});
