import { privateKeyHeader, tokenForms } from "../../../standards/tokens";

/** Replacement of a secret. */
const mask = "***";

/** Names of fields, headers and query parameters that contain a secret. */
const names = [
  ...[
    "password",
    "passwd",
    "passphrase",
    "secret",
    "token",
    "api[_-]?key",
    "access[_-]?key",
    "private[_-]?key",
  ],
  ...["credentials?", "authorization", "cookie", "set-cookie", "session[_-]?id"],
].join("|");

/** A pattern (RE2) and what it is replaced by; `$1` is the pattern's first group. */
interface Masking {
  readonly pattern: string;
  readonly replacement: string;
}

/**
 * What the collector masks in every line and in every span's attributes before they leave the node, in this order. The
 * token formats are those that the policy pack refuses. JSON stays valid.
 */
const maskings: readonly Masking[] = [
  { pattern: `(?s)${privateKeyHeader}.*?(?:-----END [A-Z ]*PRIVATE KEY-----|$)`, replacement: mask },
  { pattern: String.raw`\b(?:${tokenForms.join("|")})`, replacement: mask },
  // "password": "…"
  {
    pattern: String.raw`(?i)("[\w.-]*(?:${names})"\s*:\s*)"(?:[^"\\]|\\.)*"`,
    replacement: `$1"${mask}"`,
  },
  // Authorization: Bearer …, in a line of text
  { pattern: String.raw`(?i)\b((?:bearer|basic)\s+)[\w.~+/=-]{8,}`, replacement: `$1${mask}` },
  // password=…, api_key: …
  {
    pattern: String.raw`(?i)\b((?:[\w.-]*[_.-])?(?:${names})\s*[=:]\s*)[^\s"'&,;}\]]+`,
    replacement: `$1${mask}`,
  },
  // scheme://user:password@host
  { pattern: String.raw`(?i)\b([a-z][a-z0-9+.-]*://[^/\s:@"']*:)[^@\s/"']+@`, replacement: `$1${mask}@` },
];

/** A text within a statement of the collector's transformation language, in a file where `$` begins a reference. */
const quoted = (text: string) => JSON.stringify(text.replaceAll("$", "$$$$"));

/** Statements for log records: the line is still text. */
export const logStatements = (): string[] =>
  maskings.map(
    ({ pattern, replacement }) => `replace_pattern(log.body, ${quoted(pattern)}, ${quoted(replacement)})`,
  );

/** Statements for spans: attributes that are strings, and those with the name of a secret. */
export const spanStatements = (): string[] => [
  ...maskings.map(
    ({ pattern, replacement }) =>
      `replace_all_patterns(span.attributes, "value", ${quoted(pattern)}, ${quoted(replacement)})`,
  ),
  `delete_matching_keys(span.attributes, ${quoted(`(?i)(?:^|[._-])(?:${names})$`)})`,
];
