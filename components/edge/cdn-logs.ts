import * as aws from "@pulumi/aws";
import { physicalName } from "../base/naming";
import type { AccessLogs } from "../storage/access-logs";
import { cdnLogPrefix } from "../storage/bucket-policy";
import type { Cdn } from "./cdn";

/**
 * Logged fields of a request: no cookies and no query strings, which hold sessions and tokens. Source: CloudFront
 * developer guide, access logs, log file fields.
 */
export const cdnLogFields = [
  "date",
  "time",
  "x-edge-location",
  "c-ip",
  "cs-method",
  "x-host-header",
  "cs-uri-stem",
  "sc-status",
  "sc-bytes",
  "cs-bytes",
  "time-taken",
  "time-to-first-byte",
  "cs(User-Agent)",
  "x-edge-result-type",
  "x-edge-detailed-result-type",
  "x-edge-request-id",
  "cs-protocol",
  "cs-protocol-version",
  "ssl-protocol",
  "ssl-cipher",
  "sc-content-type",
  "sc-content-len",
];

/**
 * Has CloudWatch deliver CloudFront's access logs (v2) to the bucket of a region: CloudFront itself writes only to
 * buckets with ACLs. All of these resources are in us-east-1. Source: CloudFront developer guide, configure standard
 * logging (v2).
 *
 * Deliveries to one destination are created and deleted one after another: CloudWatch refuses concurrent changes with
 * ConflictException. Source: terraform-provider-aws, issue 42194.
 */
export function cdnLogs(cdn: Cdn, { bucketName }: AccessLogs): void {
  const destination = new aws.cloudwatch.LogDeliveryDestination(
    cdn.child("log-destination"),
    {
      name: physicalName("logDelivery", cdn.prefix, "access-logs"),
      outputFormat: "json",
      deliveryDestinationConfiguration: {
        destinationResourceArn: bucketName.apply((name) => `arn:aws:s3:::${name}/${cdnLogPrefix}`),
      },
    },
    cdn.inside,
  );
  let previous: aws.cloudwatch.LogDelivery[] = [];
  for (const [host, { arn }] of Object.entries(cdn.distributions)) {
    const source = new aws.cloudwatch.LogDeliverySource(
      cdn.child(host, "log-source"),
      {
        name: physicalName("logDelivery", cdn.prefix, host.replaceAll(".", "-")),
        logType: "ACCESS_LOGS",
        resourceArn: arn,
      },
      cdn.inside,
    );
    const delivery = new aws.cloudwatch.LogDelivery(
      cdn.child(host, "log-delivery"),
      {
        deliverySourceName: source.name,
        deliveryDestinationArn: destination.arn,
        recordFields: cdnLogFields,
      },
      { ...cdn.inside, dependsOn: previous },
    );
    previous = [delivery];
  }
}
