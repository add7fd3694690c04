import type { Policies } from "@pulumi/policy";
import { between, given, is, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";

const docs = "https://docs.aws.amazon.com";

const failsOver = ({ props }: Whole) => props.failoverRoutingPolicies !== undefined;
const inAGroup = ({ props }: Whole) => props.originGroups !== undefined;

/** Failover of Route 53 records and CloudFront origins to the second region. */
export const failoverRows: Policies = [
  must(
    ["aws:route53/healthCheck:HealthCheck"],
    {
      name: "route53-health-check-https",
      description: "Route 53 health checks must use HTTPS and tolerate single failures.",
      severity: "medium",
      remediation:
        "Set type to HTTPS, fqdn, resourcePath, port to 443, and failureThreshold to a number from 2 to 10. Don't disable enableSni.",
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
      description: "Route 53 failover records must have a health check.",
      severity: "high",
      remediation:
        "Set healthCheckId, setIdentifier, failoverRoutingPolicies[].type, and ttl to 60 seconds or less. Without a health check, Route 53 considers the target healthy.",
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
      description: "CloudFront origin groups must have members and failover criteria.",
      severity: "medium",
      remediation:
        "Set originId, originId of both members, and failoverCriteria.statusCodes, such as 500, 502, 503 and 504.",
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
