import { z } from "zod";

/** The leaves of the configuration schema: one value each, with its unit and its limits. */

const quoted = (what: string) => `a quoted string, ${what}`;

/** The CLI's YAML reader turns an unquoted date into this. */
const pointInTime = /^\d{4}-\d{2}-\d{2} \d{2}:\d{2}:\d{2}(\.\d+)? [+-]\d{4} \S+$/;

/** Maximum characters of a text without a limit by its service. */
const longestText = 1024;

// Every check aborts, so a wrong value is only one fault.
const abort = true;

/** Whether a text is one line without control characters or surrounding spaces, which editors don't show. */
const isTidy = (value: string) => value === value.trim() && !/[\p{Cc}\u2028\u2029]/u.test(value);

/**
 * A string of 1 to `longest` characters in one line. Numbers, dates and booleans are refused, since YAML has already
 * changed them (`1.30` is 1.3).
 */
export const text = (what: string, longest = longestText) =>
  z
    .string({ error: quoted(what) })
    .min(1, { error: quoted(what), abort })
    .max(longest, { error: `${quoted(what)} of at most ${longest} characters`, abort })
    .refine((value) => !pointInTime.test(value), {
      error: `${quoted(what)}; a date must be quoted too`,
      abort,
    })
    .refine(isTidy, { error: `${quoted(what)} in one line, without spaces around it`, abort });

/** A string that matches a pattern. `what` says what is allowed, for the message. */
export const pattern = (regex: RegExp, what: string, longest?: number) =>
  text(what, longest).regex(regex, { error: quoted(what), abort });

/** A schema with a further condition. */
export const where = <T extends z.ZodType>(
  schema: T,
  holds: (value: z.output<T>) => boolean,
  error: string,
) => schema.refine((value) => holds(value as z.output<T>), { error, abort }) as T;

/** A whole number without a unit, such as a port: within bounds, both inclusive. `what` says what it is. */
export const ordinal = (min: number, max: number, what: string) => {
  const error = `${what}, ${min} to ${max}`;
  return z.int({ error }).min(min, { error, abort }).max(max, { error, abort });
};

/** A whole number of something, within bounds, both inclusive. */
export const integer = (min: number, max: number, unit: string) =>
  ordinal(min, max, `a whole number of ${unit}`).meta({ unit });

/** An hour of the day. */
export const hour = ordinal(0, 23, "an hour of the day, UTC").meta({ unit: "o'clock, UTC" });

/** One of a few numbers of days. `what` says which, for the message. */
export const oneOfDays = (days: readonly [number, ...number[]], what: string) =>
  z.literal(days, { error: `${what}: ${days.join(", ")} days` });

/**
 * A list without duplicates: an entry's resources have its value in their names, so a second one would be the same
 * resource.
 *
 * @param what The list, for the message: `a list of ranges`.
 */
export const list = <T extends z.ZodType>(
  entry: T,
  what: string,
  { min = 0, max = 50 }: { readonly min?: number; readonly max?: number } = {},
) =>
  z
    .array(entry, { error: what })
    .min(min, { error: `${what}, at least ${min}`, abort })
    .max(max, { error: `${what}, at most ${max}`, abort })
    .superRefine((entries, context) => {
      const first = new Map<string, number>();
      entries.forEach((each, index) => {
        const written = JSON.stringify(each);
        const earlier = first.get(written);
        first.set(written, earlier ?? index);
        if (earlier !== undefined)
          context.addIssue({
            code: "custom",
            path: [index],
            message: `each entry once: entry ${earlier + 1} of the list is the same`,
            continue: false,
          });
      });
    });

/** One of a few words. */
export const choice = <const T extends readonly [string, ...string[]]>(values: T, why = "") =>
  z.enum(values, {
    error: `one of ${values.map((value) => `"${value}"`).join(", ")}${why === "" ? "" : `: ${why}`}`,
  });

/** The message of an object with fixed keys: of a key that isn't one of them, only the keys, which `explain.ts` reads. */
export const byName =
  (what: string, keys: readonly string[]) =>
  ({ code }: { readonly code: string }): string =>
    `${code === "unrecognized_keys" ? "" : what}${keys.join(", ")}`;

export const flag = z.boolean({ error: "true or false" });

/** Retention periods that CloudWatch Logs offers, in days. */
const retentions = [
  1, 3, 5, 7, 14, 30, 60, 90, 120, 150, 180, 365, 400, 545, 731, 1096, 1827, 2192, 2557, 2922, 3288, 3653,
] as const;

/** Retention of a log group in days. */
export const logDays = oneOfDays(retentions, "a retention that CloudWatch Logs offers");

/** AWS account id: 12 digits. */
export const accountId = pattern(/^\d{12}$/, 'the 12 digits of an AWS account id, such as "012345678901"');

/** IAM names have 64 characters, paths 512. Source: IAM user guide, quotas. */
export const arn = pattern(
  /^arn:aws(-cn|-us-gov)?:iam::\d{12}:(role|user)\/([!-.0-~]+\/)*[\w+=,.@-]{1,64}$/,
  'the ARN of an IAM role or user, such as "arn:aws:iam::012345678901:role/platform-admin"',
  610,
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
  /^([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'a host name in lower case, such as "ams.example.com"',
  253,
);

/**
 * A host with its own certificate: ACM allows 64 characters, since the name becomes the certificate's common name.
 * Source: ACM API reference, RequestCertificate, DomainName.
 */
export const host = domain.max(64, {
  error: "a host name of at most 64 characters, which is ACM's limit for a certificate",
  abort,
});

/** CPU in Kubernetes' own notation: `250m` or `"2"`. */
export const cpu = pattern(
  /^([1-9]\d{0,6}m|[1-9]\d{0,3}(\.\d{1,3})?|0\.\d{0,2}[1-9])$/,
  'CPU as "250m" or "2"',
);

/** Memory or storage in binary units. */
export const bytes = pattern(/^[1-9]\d{0,6}(Mi|Gi|Ti)$/, 'an amount such as "512Mi" or "20Gi"');

/** Absolute path of an HTTP probe. */
export const httpPath = pattern(/^\/[\w./-]*$/, 'an absolute path, such as "/health"', 256);

const tag = /^[\w][\w.-]{0,127}$/;
const digest = /^sha256:[a-f0-9]{64}$/;
const repository = /^[a-z0-9]+([._-][a-z0-9]+)*(:\d+)?(\/[a-z0-9]+([._-]+[a-z0-9]+)*)*$/;

/** Container image with a tag or a digest; `latest` isn't one, since what it names changes. */
export const image = text('an image with a tag or digest, such as "ams/api:1.4.2"').refine(isPinned, {
  error: 'an image with a tag other than latest, or a digest: "ams/api:1.4.2", "ams/api@sha256:…"',
  abort,
});

function isPinned(value: string): boolean {
  const [name = "", hash] = value.split("@");
  if (hash !== undefined) return digest.test(hash) && repository.test(name.replace(/:[\w.-]+$/, ""));
  const colon = name.lastIndexOf(":");
  if (colon <= name.lastIndexOf("/")) return false;
  const found = name.slice(colon + 1);
  return tag.test(found) && found !== "latest" && repository.test(name.slice(0, colon));
}

/** Any AWS region of the partition `aws` by name: roles and copies don't reach another partition. */
export const awsRegion = pattern(
  /^(?!cn-|us-gov-|(us|eu)-iso)[a-z]{2}(-[a-z]+)+-\d$/,
  'an AWS region of the partition aws, such as "ap-northeast-1"',
);

export const email = pattern(
  /^[a-z0-9.!#$%&'*+/=?^_`{|}~-]{1,64}@([a-z0-9]([a-z0-9-]{0,61}[a-z0-9])?\.)+[a-z]{2,63}$/,
  'an e-mail address in lower case, such as "platform-team@example.com"',
  254,
);
