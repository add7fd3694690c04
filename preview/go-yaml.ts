/** How the CLI (Go, yaml.v3 and encoding/json) reads and writes the values of a stack file. */

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

const WORDS = new Map<string, null | boolean | number>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
  ...[".nan", ".NaN", ".NAN"].map((word) => [word, NaN] as const),
  ...[".inf", ".Inf", ".INF", "+.inf", "+.Inf", "+.INF"].map((word) => [word, Infinity] as const),
  ...["-.inf", "-.Inf", "-.INF"].map((word) => [word, -Infinity] as const),
]);

const INTEGER = /^(?<sign>[-+]?)(?<digits>0[xX][\da-fA-F]+|0[bB][01]+|0[oO]?[0-7]+|0|[1-9]\d*)$/;
const FLOAT = /^[-+]?(?:\.\d+|\d+(?:\.\d*)?)(?:[eE][-+]?\d+)?$/;
const TIME = String.raw`(?<h>\d\d?):(?<m>\d\d?):(?<s>\d\d?)(?:[.,](?<fraction>\d{1,9}))?`;
const DATE = String.raw`(?<year>\d{4})-(?<month>\d\d?)-(?<day>\d\d?)`;
const TIMESTAMPS = [DATE, `${DATE}[Tt]${TIME}Z`, `${DATE} ${TIME}`].map((form) => new RegExp(`^${form}$`));

/** A time with an offset: what the CLI makes of it depends on the time zone of its machine. */
export const LOCAL_TIME = new RegExp(`^${DATE}[Tt]${TIME}[-+]\\d\\d:\\d\\d$`);

/**
 * What an unquoted scalar is: `1_000` and `0x10` are numbers, `010` is 8, `1.30` is 1.3; `yes` and `on`
 * are text, and so is `12:30`; a date is the text that Go prints for a point in time.
 */
export function goScalar(source: string): null | boolean | number | string {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  return goTimestamp(source) ?? goNumber(source) ?? source;
}

function goNumber(source: string): number | undefined {
  const plain = source.startsWith(".") ? source : source.replaceAll("_", "");
  const integer = INTEGER.exec(plain)?.groups;
  const value = integer
    ? Number(`${integer.sign === "-" ? "-" : ""}1`) * Number(integer.digits?.replace(/^0(?=[0-7])/, "0o"))
    : FLOAT.test(plain)
      ? Number(plain)
      : NaN;
  // Go prints no negative zero here, and takes what exceeds a float for text.
  return Number.isFinite(value) ? value + 0 : undefined;
}

function goTimestamp(source: string): string | undefined {
  const parts = TIMESTAMPS.map((form) => form.exec(source)?.groups).find((groups) => groups !== undefined);
  if (!parts) return undefined;
  const pad = (part: string | undefined) => (part ?? "0").padStart(2, "0");
  const date = `${parts.year}-${pad(parts.month)}-${pad(parts.day)}`;
  const time = `${pad(parts.h)}:${pad(parts.m)}:${pad(parts.s)}`;
  const instant = new Date(`${date}T${time}Z`);
  const exists = !Number.isNaN(instant.valueOf()) && instant.toISOString().startsWith(`${date}T${time}`);
  if (!exists) return undefined;
  const fraction = parts.fraction?.replace(/0+$/, "") ?? "";
  return `${date} ${time}${fraction === "" ? "" : `.${fraction}`} +0000 UTC`;
}

/** The value as Go's encoding/json writes it: keys in the order of their bytes, `<`, `>`, `&` escaped. */
export function goJson(value: Plain): string {
  if (Array.isArray(value)) return `[${value.map(goJson).join(",")}]`;
  if (typeof value !== "object" || value === null) return escape(JSON.stringify(value));
  const members = Object.entries(value)
    .sort(([a], [b]) => Buffer.compare(Buffer.from(a), Buffer.from(b)))
    .map(([key, inner]) => `${escape(JSON.stringify(key))}:${goJson(inner)}`);
  return `{${members.join(",")}}`;
}

function escape(json: string): string {
  return json.replace(/[<>&\u2028\u2029]/g, (c) => `\\u${c.charCodeAt(0).toString(16).padStart(4, "0")}`);
}
