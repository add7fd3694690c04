import type { Policies } from "@pulumi/policy";
import { between, given, is, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

const failsOver = ({ props }: Whole) => props.failoverRoutingPolicies !== undefined;
const inAGroup = ({ props }: Whole) => props.originGroups !== undefined;

/** What routes clients to the region that serves. */
export const failoverRows: Policies = [
  must(
    ["aws:route53/healthCheck:HealthCheck"],
    {
      name: "route53-health-check-https",
      description:
        "A health check asks a host for a path over HTTPS, and takes a few failures for an outage.",
      severity: "medium",
      remediation:
        "Set type to HTTPS, fqdn and resourcePath, leave enableSni on, and failureThreshold between 2 and 10.",
      url: `${docs}/Route53/latest/DeveloperGuide/health-checks-creating-values.html`,
    },
    [
      ["type", is("HTTPS")],
      ["fqdn", given],
      ["resourcePath", given],
      ["port", is(443)],
      ["enableSni", unlessSet(true)],
      ["failureThreshold", between(2, 10)],
    ],
  ),
  must(
    ["aws:route53/record:Record"],
    {
      name: "route53-failover-checked",
      description: "A record that fails over says by which health check.",
      severity: "high",
      remediation:
        "Set healthCheckId and setIdentifier, and a type in failoverRoutingPolicies: without a health check Route 53 takes the target for healthy.",
      url: `${docs}/Route53/latest/DeveloperGuide/dns-failover-configuring.html`,
    },
    [
      ["healthCheckId", given, failsOver],
      ["setIdentifier", given, failsOver],
      ["failoverRoutingPolicies[].type", given, failsOver],
      ["ttl", between(1, 60), failsOver],
    ],
  ),
  must(
    ["aws:cloudfront/distribution:Distribution"],
    {
      name: "cloudfront-origin-group-whole",
      description: "A group of origins has two members, and fails over when the first one is down.",
      severity: "medium",
      remediation: "Set both members, and the status codes 500, 502, 503 and 504 in failoverCriteria.",
      url: `${docs}/AmazonCloudFront/latest/DeveloperGuide/high_availability_origin_failover.html`,
    },
    [
      ["originGroups[].originId", given, inAGroup],
      ["originGroups[].members", given, inAGroup],
      ["originGroups[].members[].originId", given, inAGroup],
      ["originGroups[].failoverCriteria.statusCodes", given, inAGroup],
      ["originGroups[].failoverCriteria.statusCodes[]", between(400, 599), inAGroup],
    ],
  ),
];
