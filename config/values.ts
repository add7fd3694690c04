import { z } from "zod";

/** The leaves of the configuration schema: one value each, with its unit and its limits. */

const quoted = (what: string) => `a quoted string, ${what}`;

/** What the CLI's YAML reader makes of a date that nobody quoted. */
const pointInTime = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)? [+-]\d{4} \S+$/;

/** A string; numbers, dates and booleans are refused, since YAML has changed them by now (`1.30` is 1.3). */
export const text = (what: string) =>
  z
    .string({ error: quoted(what) })
    .refine((value) => !pointInTime.test(value), { error: `${quoted(what)}; a date must be quoted too` });

/** A string that matches a pattern. `what` says what is allowed, for the message. */
export const pattern = (regex: RegExp, what: string) => text(what).regex(regex, { error: quoted(what) });

/** A whole number within bounds, both inclusive. */
export const integer = (min: number, max: number, unit: string) => {
  const error = `a whole number of ${unit}, ${min} to ${max}`;
  return z.int({ error }).min(min, { error }).max(max, { error });
};

/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(values: T) =>
  z.enum(values, { error: `one of ${values.map((value) => `"${value}"`).join(", ")}` });

export const flag = z.boolean({ error: "true or false" });

/** CloudWatch Logs keeps logs for one of these numbers of days. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
];

/** Days that a log group keeps its logs. */
export const logDays = integer(1, 3653, "days").refine((days) => retentions.includes(days), {
  error: `a retention that CloudWatch Logs offers: ${retentions.join(", ")} days`,
});

/** AWS account id: 12 digits. */
export const accountId = pattern(/^\d{12}$/, 'the 12 digits of an AWS account id, such as "012345678901"');

export const region = pattern(/^[a-z]{2}(-[a-z]+)+-\d$/, 'an AWS region, such as "ap-northeast-2"');

export const zone = pattern(
  /^[a-z]{2}(-[a-z]+)+-\d[a-z]$/,
  'an availability zone, such as "ap-northeast-2a"',
);

export const arn = pattern(
  /^arn:aws[a-z-]*:iam::\d{12}:(role|user)\/[\w+=,.@/-]+$/,
  "the ARN of an IAM role or user",
);

/** Kubernetes minor version, as EKS spells it. */
export const kubernetesVersion = pattern(/^1\.\d{2}$/, 'an EKS version, such as "1.36"');

/** EKS add-on build. */
export const addonVersion = pattern(
  /^v\d+\.\d+\.\d+-eksbuild\.\d+$/,
  'an add-on build, such as "v0.9.0-eksbuild.11"',
);

/** Chart version: an exact semantic version, never a range. */
export const chartVersion = pattern(/^\d+\.\d+\.\d+(-[\w.]+)?$/, 'an exact chart version, such as "2.9.0"');

/** Fully qualified domain name, lower case, no trailing dot. */
export const domain = pattern(
  /^(?=.{4,253}$)([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a host name in lower case, such as "ams.example.com"',
);

/** CPU in Kubernetes' own notation: `250m` or `"2"`. */
export const cpu = pattern(/^([1-9]\d*m|[1-9]\d*(\.\d{1,3})?|0\.\d{1,3})$/, 'CPU as "250m" or "2"');

/** Memory or storage in binary units. */
export const bytes = pattern(/^[1-9]\d*(Mi|Gi|Ti)$/, 'an amount such as "512Mi" or "20Gi"');

/** ElastiCache node type. */
export const nodeType = pattern(
  /^cache\.[a-z0-9]+\.[a-z0-9]+$/,
  'an ElastiCache node type, such as "cache.t4g.small"',
);

/** Absolute path of an HTTP probe. */
export const httpPath = pattern(/^\/[\w./-]*$/, 'an absolute path, such as "/health"');

const tag = /^[\w][\w.-]{0,127}$/;
const digest = /^sha256:[a-f0-9]{64}$/;
const repository = /^[a-z0-9]+([._-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Container image with a tag or a digest; `latest` isn't one, since what it names changes. */
export const image = text('an image with a tag or digest, such as "ams/api:1.4.2"').refine(isPinned, {
  error: 'an image with a tag other than latest, or a digest: "ams/api:1.4.2", "ams/api@sha256:…"',
});

function isPinned(value: string): boolean {
  const [name = "", hash] = value.split("@");
  if (hash !== undefined) return digest.test(hash) && repository.test(name.replace(/:[\w.-]+$/, ""));
  const colon = name.lastIndexOf(":");
  if (colon <= name.lastIndexOf("/")) return false;
  const found = name.slice(colon + 1);
  return tag.test(found) && found !== "latest" && repository.test(name.slice(0, colon));
}
