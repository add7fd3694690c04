import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Caching } from "./cdn-paths";

const day = 86_400;
const year = 365 * day;

/** Seconds that CloudFront keeps a file: what its `Cache-Control` says, within these bounds. */
const lifetimes = {
  // A day, not a year, if the image sends no Cache-Control: some servers answer a request for a missing asset with the
  // page, which CloudFront would then serve to everybody for that long.
  assets: { minTtl: 0, defaultTtl: day, maxTtl: year },
  // Whatever headers the image sends, clients get an old page for at most a minute after a release.
  pages: { minTtl: 0, defaultTtl: 0, maxTtl: 60 },
} as const;

/**
 * AWS' managed policies, whose ids are the same in every account. Source: CloudFront developer guide, managed cache
 * policies and managed origin request policies.
 */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewer: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  hostHeaderOnly: "bf0718e1-ba1e-49d1-88b1-f726733018ae",
} as const;

/** Policies that a cache behaviour refers to. */
export interface BehaviorPolicies {
  readonly cachePolicyId: pulumi.Input<string>;
  readonly originRequestPolicyId: string;
  readonly responseHeadersPolicyId?: pulumi.Input<string>;
}

/** Policies for cache behaviours, by how paths are cached. Their names must be unique in the account. */
export function cdnPolicies(parent: Component, prefix: string): Readonly<Record<Caching, BehaviorPolicies>> {
  const responseHeadersPolicyId = headersPolicy(parent, prefix).id;
  // The load balancer routes by the public host, so CloudFront forwards that header, and nothing that differs between
  // clients.
  const kept = (kind: keyof typeof lifetimes): BehaviorPolicies => ({
    cachePolicyId: cachePolicy(parent, kind, prefix).id,
    originRequestPolicyId: managed.hostHeaderOnly,
    responseHeadersPolicyId,
  });
  return {
    assets: kept("assets"),
    pages: kept("pages"),
    passed: { cachePolicyId: managed.cachingDisabled, originRequestPolicyId: managed.allViewer },
  };
}

/** The cache key is the path, and the compression that the browser accepts. */
const cachePolicy = (parent: Component, kind: keyof typeof lifetimes, prefix: string) =>
  new aws.cloudfront.CachePolicy(
    parent.child(kind),
    {
      name: `${prefix}-${kind}`,
      ...lifetimes[kind],
      parametersInCacheKeyAndForwardedToOrigin: {
        cookiesConfig: { cookieBehavior: "none" },
        headersConfig: { headerBehavior: "none" },
        queryStringsConfig: { queryStringBehavior: "none" },
        enableAcceptEncodingGzip: true,
        enableAcceptEncodingBrotli: true,
      },
    },
    parent.inside,
  );

/**
 * Security headers of pages and assets; they override those of the image. There is no Content-Security-Policy: only the
 * image knows which scripts its pages run.
 */
const headersPolicy = (parent: Component, prefix: string) =>
  new aws.cloudfront.ResponseHeadersPolicy(
    parent.child("headers"),
    {
      name: `${prefix}-security-headers`,
      securityHeadersConfig: {
        // Without subdomains, which may belong to others.
        strictTransportSecurity: { accessControlMaxAgeSec: year, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "SAMEORIGIN", override: true },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
      },
    },
    parent.inside,
  );
