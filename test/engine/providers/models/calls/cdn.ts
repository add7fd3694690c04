import { callsOf, type Mappings } from "../call";

const cloudfront = callsOf("cloudfront");
const logs = callsOf("logs");

/** Members, by property, of the structure with all parameters of a call. */
const inside = (structure: string, members: Readonly<Record<string, string>>) =>
  Object.fromEntries(Object.entries(members).map(([property, name]) => [property, `${structure}.${name}`]));

export const cdnCalls: Mappings = {
  "aws:cloudfront/distribution:Distribution": {
    calls: [
      cloudfront("CreateDistribution", {
        members: {
          ...inside("DistributionConfig", {
            aliases: "Aliases",
            comment: "Comment",
            customErrorResponses: "CustomErrorResponses",
            defaultCacheBehavior: "DefaultCacheBehavior",
            enabled: "Enabled",
            httpVersion: "HttpVersion",
            isIpv6Enabled: "IsIPV6Enabled",
            orderedCacheBehaviors: "CacheBehaviors",
            originGroups: "OriginGroups",
            origins: "Origins",
            priceClass: "PriceClass",
            restrictions: "Restrictions",
            viewerCertificate: "ViewerCertificate",
            webAclId: "WebACLId",
          }),
          "originGroups.originId": "Id",
          "origins.originId": "Id",
          "origins.customHeaders.name": "HeaderName",
          "origins.customHeaders.value": "HeaderValue",
          "defaultCacheBehavior.cachedMethods": "AllowedMethods.CachedMethods",
          "orderedCacheBehaviors.cachedMethods": "AllowedMethods.CachedMethods",
        },
        supplied: [
          "DistributionConfig.CallerReference",
          "DistributionConfig.Restrictions.GeoRestriction.Quantity",
        ],
      }),
    ],
    elsewhere: { waitForDeployment: "how long the provider waits" },
  },
  "aws:cloudfront/cachePolicy:CachePolicy": {
    calls: [
      cloudfront("CreateCachePolicy", {
        members: inside("CachePolicyConfig", {
          name: "Name",
          minTtl: "MinTTL",
          defaultTtl: "DefaultTTL",
          maxTtl: "MaxTTL",
          parametersInCacheKeyAndForwardedToOrigin: "ParametersInCacheKeyAndForwardedToOrigin",
        }),
      }),
    ],
  },
  "aws:cloudfront/responseHeadersPolicy:ResponseHeadersPolicy": {
    calls: [
      cloudfront("CreateResponseHeadersPolicy", {
        members: inside("ResponseHeadersPolicyConfig", {
          name: "Name",
          securityHeadersConfig: "SecurityHeadersConfig",
        }),
      }),
    ],
  },
  "aws:cloudwatch/logDeliverySource:LogDeliverySource": { calls: [logs("PutDeliverySource")] },
  "aws:cloudwatch/logDeliveryDestination:LogDeliveryDestination": {
    calls: [logs("PutDeliveryDestination")],
  },
  "aws:cloudwatch/logDelivery:LogDelivery": { calls: [logs("CreateDelivery")] },
};
