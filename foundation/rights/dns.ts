import type * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/**
 * Route 53 permissions that `pulumi up` of an environment needs: records of its zones, and health checks of its hosts.
 */
export const dnsRights = (zoneIds: readonly pulumi.Input<string>[]): aws.iam.PolicyStatement[] => [
  { Sid: "Zones", Effect: "Allow", Action: "route53:List*", Resource: "*" },
  // IAM rejects a statement without resources.
  ...(zoneIds.length === 0 ? [] : [records(zoneIds)]),
  {
    // Of two regions that serve the same hosts. A new one has no ARN yet.
    Sid: "NewHealthChecks",
    Effect: "Allow",
    Action: "route53:CreateHealthCheck",
    Resource: "*",
  },
  {
    Sid: "HealthChecks",
    Effect: "Allow",
    Action: [
      "route53:ChangeTagsForResource",
      "route53:DeleteHealthCheck",
      "route53:GetHealthCheck",
      "route53:UpdateHealthCheck",
    ],
    Resource: "arn:aws:route53:::healthcheck/*",
  },
  {
    Sid: "RecordChanges",
    Effect: "Allow",
    Action: "route53:GetChange",
    Resource: "arn:aws:route53:::change/*",
  },
];

const records = (zoneIds: readonly pulumi.Input<string>[]): aws.iam.PolicyStatement => ({
  Sid: "Records",
  Effect: "Allow",
  Action: [
    "route53:ChangeResourceRecordSets",
    "route53:GetHostedZone",
    "route53:ListResourceRecordSets",
    "route53:ListTagsForResource",
  ],
  Resource: zoneIds.map((id) => pulumi.interpolate`arn:aws:route53:::hostedzone/${id}`),
});
