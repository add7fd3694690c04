import { createHmac } from "node:crypto";

/** First byte of the password: the version of the scheme. */
const version = 0x04;

/** Steps of the signature. All but the region are constants of the scheme, including the date. */
const steps = (region: string) => ["11111111", region, "ses", "aws4_request", "SendRawEmail"];

/**
 * SMTP password of an IAM access key, for SES in one region.
 *
 * The provider's attribute supports only a few regions. Source of the scheme: Amazon SES developer guide, "Obtaining
 * Amazon SES SMTP credentials by converting existing AWS credentials".
 */
export function smtpPassword(secretAccessKey: string, region: string): string {
  let signature: Buffer = Buffer.from(`AWS4${secretAccessKey}`, "utf8");
  for (const step of steps(region)) signature = createHmac("sha256", signature).update(step).digest();
  return Buffer.concat([Buffer.of(version), signature]).toString("base64");
}
