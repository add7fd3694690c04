import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../systems/spec";
import { choice, integer } from "./values";

/** Regions that have Origin Shield. Source: CloudFront developer guide, using Origin Shield. */
const shieldRegions = [
  "us-east-1",
  "us-east-2",
  "us-west-2",
  "ap-south-1",
  "ap-northeast-1",
  "ap-northeast-2",
  "ap-southeast-1",
  "ap-southeast-2",
  "eu-central-1",
  "eu-west-1",
  "eu-west-2",
  "me-central-1",
  "sa-east-1",
] as const;

/** Policies that accept TLS 1.2 or 1.3 alone. Source: CloudFront API reference, ViewerCertificate. */
const tlsPolicies = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"] as const;

/** CloudFront in front of the hosts whose descriptions ask for a CDN. */
export const cdn = z.strictObject({
  tlsPolicy: choice(tlsPolicies)
    .default("TLSv1.2_2021")
    .describe("Oldest TLS version and ciphers that browsers may use. Default: TLSv1.2_2021."),
  priceClass: choice(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).describe(
    "Edge locations that answer: 100 is North America, Europe and Israel; 200 adds Asia, the Middle East and Africa; All is all of them.",
  ),
  originShield: choice(shieldRegions)
    .optional()
    .describe(
      "Region of Origin Shield, a cache that all edge locations ask before the load balancer: take the environment's own. Default: none.",
    ),
  withoutCdn: choice(["block", "count"]).describe(
    "What AWS WAF does with requests to these hosts that reach the load balancer past the CDN. Switch the CDN on with `count`, so that clients with an old DNS answer are still served, and then set it to `block`.",
  ),
  originSecret: integer(1, 1_000_000, "rotations").describe(
    "Generation of the secret that the CDN sends to the load balancer. Add 1 to rotate it, and never go back: docs/edge.md.",
  ),
});

export type CdnSettings = z.output<typeof cdn>;

/** Keys of a system's hosts that a CDN stands in front of, where the stack file has one. */
export const cdnHostKeys = ({ workloads }: Pick<SystemSpec, "workloads">): string[] => [
  ...new Set(
    Object.values<WorkloadSpec>(workloads).flatMap(({ exposure = [] }) =>
      exposure.flatMap(({ host, cdn: cached }) => (cached === undefined ? [] : [host])),
    ),
  ),
];

/** DNS name under which the CDN finds the load balancer for a host. */
export const originHost = (host: string) => `origin-${host}`;
