import type { Rules } from "../../rule";

const distribution = "aws:cloudfront/distribution:Distribution";
const source = "aws:cloudwatch/logDeliverySource:LogDeliverySource";
const destination = "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination";
const deliveryName = { property: "name", max: 60, pattern: /^[\w-]+$/, what: "letters, digits, _ and -" };
const policyName = { property: "name", max: 128, pattern: /^[\w-]+$/, what: "letters, digits, _ and -" };

/** CloudFront, its policies, and delivery of its logs. */
export const cdnRules: Rules = {
  "aws:cloudfront/originAccessControl:OriginAccessControl": {
    id: "E{hex13}",
    arn: "arn:aws:cloudfront::{account}:origin-access-control/{id}",
    name: { property: "name", max: 64, auto: true },
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    id: "{uuid}",
    arn: "arn:aws:cloudfront::{account}:cache-policy/{id}",
    name: policyName,
    outputs: { etag: "E{hex8}" },
    held: true,
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    id: "{uuid}",
    arn: "arn:aws:cloudfront::{account}:response-headers-policy/{id}",
    name: policyName,
    outputs: { etag: "E{hex8}" },
    held: true,
  },
  [distribution]: {
    id: "E{hex13}",
    replace: ["staging"],
    arn: "arn:aws:cloudfront::{account}:distribution/{id}",
    outputs: {
      domainName: "d{hex13}.cloudfront.net",
      hostedZoneId: "Z2FDTNDATAQYW2",
      status: "Deployed",
      etag: "E{hex8}",
    },
    unordered: ["aliases", "origins", "customErrorResponses"],
  },
  [source]: {
    id: "{name}",
    arn: "arn:aws:logs:{region}:{account}:delivery-source:{name}",
    name: deliveryName,
    replace: ["name", "logType", "resourceArn"],
    outputs: { service: "cloudfront" },
    refs: { resourceArn: distribution },
    held: true,
  },
  [destination]: {
    id: "{name}",
    arn: "arn:aws:logs:{region}:{account}:delivery-destination:{name}",
    name: deliveryName,
    replace: ["name", "outputFormat"],
    outputs: { deliveryDestinationType: "S3" },
    held: true,
  },
  "aws:cloudwatch/logDelivery:LogDelivery": {
    id: "{hex16}",
    arn: "arn:aws:logs:{region}:{account}:delivery:{id}",
    replace: ["deliverySourceName", "deliveryDestinationArn"],
    refs: { deliverySourceName: source, deliveryDestinationArn: destination },
  },
};
