import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { choice, integer } from "../values";

/** Regions with Origin Shield. Source: CloudFront developer guide, using Origin Shield. */
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

/** Policies that accept only TLS 1.2 and 1.3. Source: CloudFront API reference, ViewerCertificate. */
const tlsPolicies = ["TLSv1.2_2021", "TLSv1.2_2025", "TLSv1.3_2025"] as const;

/** CloudFront in front of the hosts whose descriptions ask for a CDN. */
export const cdn = z.strictObject({
  tlsPolicy: choice(tlsPolicies)
    .default("TLSv1.2_2021")
    .describe("Oldest TLS version and ciphers that browsers may use. Default: TLSv1.2_2021."),
  priceClass: choice(["PriceClass_100", "PriceClass_200", "PriceClass_All"]).describe(
    "Edge locations that serve: PriceClass_100 is North America, Europe and Israel; PriceClass_200 adds Asia, the Middle East and Africa; PriceClass_All is all.",
  ),
  originShield: choice(shieldRegions)
    .optional()
    .describe(
      "Region of Origin Shield, a cache between all edge locations and the load balancer. Choose the environment's own region. Default: none.",
    ),
  withoutCdn: choice(["block", "count"]).describe(
    "Action of AWS WAF for requests to these hosts that bypass the CDN. Turn the CDN on with `count`, which still serves clients with an old DNS answer, then set `block`.",
  ),
  originSecret: integer(1, 1_000_000, "rotations").describe(
    "Generation of the secret that the CDN sends to the load balancer. Add 1 to rotate it, and never subtract: docs/edge.md.",
  ),
});

export type CdnSettings = z.output<typeof cdn>;

/** Keys of a system's hosts that are behind the CDN, if the stack file has one. */
export const cdnHostKeys = ({ workloads }: Pick<SystemSpec, "workloads">): string[] => [
  ...new Set(
    Object.values<WorkloadSpec>(workloads).flatMap(({ exposure = [] }) =>
      exposure.flatMap(({ host, cdn: cached }) => (cached === undefined ? [] : [host])),
    ),
  ),
];

/** DNS name by which the CDN reaches the load balancer for a host. */
export const originHost = (host: string) => `origin-${host}`;
