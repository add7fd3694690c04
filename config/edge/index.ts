import { z } from "zod";
import { cdn } from "./cdn";
import { sourceNetworks } from "../ranges";
import { checkShield, shieldKeys } from "./shield";
import { choice, domain, integer, pattern } from "../values";
import { waf } from "./waf";

/** Load balancer policies with TLS 1.2 or newer and only forward-secret ciphers. Source: AWS ELB, security policies. */
const tlsPolicies = [
  "ELBSecurityPolicy-TLS13-1-2-2021-06",
  "ELBSecurityPolicy-TLS13-1-2-Res-2021-06",
  "ELBSecurityPolicy-TLS13-1-3-2021-06",
] as const;

/** Each network is two rules (HTTP, HTTPS) of a security group, which can have 60. Source: Amazon VPC quotas. */
const mostInbound = 30;

const edgeParts = z.strictObject({
  zones: z
    .record(domain, pattern(/^Z[A-Z0-9]{8,31}$/, "the id of a Route 53 hosted zone"), {
      error: (issue) =>
        issue.code === "invalid_key"
          ? 'a domain in lower case without a dot at its end, such as "example.com", as the key'
          : "hosted zone ids by domain",
    })
    .refine((ids) => Object.keys(ids).length > 0, {
      error: "at least one hosted zone: every public host is below one",
    })
    .describe("Route 53 hosted zones by domain: every host must be in one of them."),
  tlsPolicy: choice(tlsPolicies),
  inboundCidrs: sourceNetworks(mostInbound, { min: 1, otherwise: "; leave the key out to allow all" })
    .default([])
    .describe(
      "Networks that may reach the load balancer. Default: all. Applies to all hosts of the environment.",
    ),
  idleSeconds: integer(1, 4000, "seconds")
    .default(60)
    .describe(
      "Idle timeout of the load balancer in seconds, 1 to 4000. A server's keep-alive timeout must be longer, or the load balancer occasionally returns 502. Default: 60, as AWS'.",
    ),
  waf,
  cdn: cdn
    .optional()
    .describe(
      "CloudFront in front of the hosts whose descriptions ask for a CDN (systems/). Default: none; the load balancer serves them.",
    ),
  ...shieldKeys,
});

/** The public edge: hosts, TLS, firewall, CDN. */
export const edge = edgeParts.superRefine(checkShield);

export type EdgeSettings = z.infer<typeof edge>;
