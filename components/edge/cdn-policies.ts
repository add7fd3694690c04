import * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import type { Caching } from "./cdn-paths";

const day = 86_400;
const year = 365 * day;

/** Seconds that CloudFront keeps a file: what its `Cache-Control` says, within these bounds. */
const lifetimes = {
  // An image that says nothing has its assets kept for a day, not a year: of a missing one, some servers answer with the
  // page, and a release would then show it to everybody for that long.
  assets: { minTtl: 0, defaultTtl: day, maxTtl: year },
  // Whatever the image says, nobody sees an old page for more than a minute after a release.
  pages: { minTtl: 0, defaultTtl: 0, maxTtl: 60 },
} as const;

/**
 * Policies that AWS manages, the same in every account. Source: CloudFront developer guide, managed cache policies and
 * managed origin request policies.
 */
const managed = {
  cachingDisabled: "4135ea2d-6df8-44a3-9df3-4b5a84be39ad",
  allViewer: "216adef6-5c7f-47e4-b989-5492eafa07d3",
  hostHeaderOnly: "bf0718e1-ba1e-49d1-88b1-f726733018ae",
} as const;

/** What a cache behaviour refers to. */
export interface BehaviorPolicies {
  readonly cachePolicyId: pulumi.Input<string>;
  readonly originRequestPolicyId: string;
  readonly responseHeadersPolicyId?: pulumi.Input<string>;
}

/** The policies of cache behaviours, by what becomes of a path. Their names are unique in the account. */
export function cdnPolicies(parent: Component, prefix: string): Readonly<Record<Caching, BehaviorPolicies>> {
  const responseHeadersPolicyId = headersPolicy(parent, prefix).id;
  // The load balancer decides by the public host, so CloudFront sends it on; and nothing else that tells clients apart.
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

/** Files are told apart by their paths alone, and by the compression that the browser takes. */
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
 * Security headers of pages and assets, which stand even where the image sends others. There is no
 * Content-Security-Policy among them: which scripts a page may run only its image knows.
 */
const headersPolicy = (parent: Component, prefix: string) =>
  new aws.cloudfront.ResponseHeadersPolicy(
    parent.child("headers"),
    {
      name: `${prefix}-security-headers`,
      securityHeadersConfig: {
        // Without subdomains: others may share the domain.
        strictTransportSecurity: { accessControlMaxAgeSec: year, override: true },
        contentTypeOptions: { override: true },
        frameOptions: { frameOption: "SAMEORIGIN", override: true },
        referrerPolicy: { referrerPolicy: "strict-origin-when-cross-origin", override: true },
      },
    },
    parent.inside,
  );
