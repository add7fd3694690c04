/**
 * Patterns of secrets with a known prefix: keys of AWS, GitHub, GitLab, Slack, Google, Stripe, npm, OpenAI and
 * SendGrid, and signed web tokens. Regular expressions that JavaScript and RE2 read alike, so that the policy pack
 * refuses what the log collector masks.
 */
export const tokenForms = [
  "A(?:KIA|SIA)[0-9A-Z]{16}",
  "gh[opusr]_[0-9A-Za-z]{30,}",
  "github_pat_[0-9A-Za-z_]{22,}",
  "glpat-[0-9A-Za-z_-]{20,}",
  "xox[abeprs]-[0-9A-Za-z-]{10,}",
  "AIza[0-9A-Za-z_-]{35}",
  "[sr]k_(?:live|test)_[0-9A-Za-z]{16,}",
  "npm_[0-9A-Za-z]{36}",
  "sk-(?:proj-)?[0-9A-Za-z_-]{32,}",
  String.raw`SG\.[0-9A-Za-z_-]{16,}\.[0-9A-Za-z_-]{16,}`,
  String.raw`eyJ[0-9A-Za-z_-]{8,}\.eyJ[0-9A-Za-z_-]{8,}\.[0-9A-Za-z_-]{8,}`,
] as const;

/** Beginning of a private key in PEM. */
export const privateKeyHeader = "-----BEGIN (?:[A-Z]+ )*PRIVATE KEY-----";
