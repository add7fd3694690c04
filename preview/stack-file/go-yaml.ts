/**
 * Values of a stack file: accepted if all YAML parsers agree on them, refused if they don't, and written in the form in
 * which the CLI (Go, encoding/json) passes them to the program.
 */

export type Plain = null | boolean | number | string | Plain[] | { [key: string]: Plain };

const WORDS = new Map<string, null | boolean>([
  ...["", "~", "null", "Null", "NULL"].map((word) => [word, null] as const),
  ...["true", "True", "TRUE"].map((word) => [word, true] as const),
  ...["false", "False", "FALSE"].map((word) => [word, false] as const),
]);

/** A number on which all parsers agree: decimal, without redundant zeros, sign or exponent. */
const NUMBER = /^(?:0|-?[1-9]\d*|-?(?:0|[1-9]\d*)\.\d*[1-9])$/;

/** Scalars on which YAML 1.1, YAML 1.2 and the CLI disagree, with a description. */
const AMBIGUOUS: readonly (readonly [form: RegExp, what: string])[] = [
  [/^[-+]?\.(?:inf|Inf|INF)$|^\.(?:nan|NaN|NAN)$/, "a number that isn't finite"],
  [/^\d{4}-\d\d?-\d\d?(?:[Tt ].*)?$/, "a date"],
  [/^[-+]?\d[\d_]*(?::[0-5]?\d)+(?:\.[\d_]*)?$/, "a base 60 number, or a time"],
  [/^[-+]?0[xX][\da-fA-F_]+$/, "a hexadecimal number"],
  [/^[-+]?0[bB][01_]+$/, "a binary number"],
  [/^[-+]?0[oO]?[0-9_]+$/, "a number with a leading zero, which some parsers read as octal"],
  [
    /^[-+]?(?:[\d_]*\d[\d_]*\.?[\d_]*|\.\d[\d_]*)(?:[eE][-+]?\d+)?$/,
    "a number that parsers write differently",
  ],
  [/^(?:y|n|yes|no|on|off)$/i, "a word that some parsers read as true or false"],
];

/** The value of an unquoted scalar, or its text. */
export const plainScalar = (source: string): null | boolean | number | string => {
  const word = WORDS.get(source);
  if (word !== undefined) return word;
  return NUMBER.test(source) ? Number(source) : source;
};

/** Why YAML parsers disagree on an unquoted scalar, such as a version `1.30`, a date, `0x10`; undefined: they agree. */
export const ambiguity = (source: string): string | undefined =>
  NUMBER.test(source) ? undefined : AMBIGUOUS.find(([form]) => form.test(source))?.[1];

/** The value in the format of Go's encoding/json: keys sorted by their bytes, `<`, `>`, `&` escaped. */
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
