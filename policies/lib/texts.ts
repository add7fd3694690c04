import { privateKeyHeader, tokenForms } from "../../standards/tokens";

/** Secrets with a known format. Each has a distinctive prefix, so there are no false positives. */
export const knownToken = new RegExp(String.raw`\b(?:${tokenForms.join("|")})|${privateKeyHeader}`);

/** A URL with a literal password: `scheme://user:password@host`, unless it is a reference or a template. */
export const loginInUrl = /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@"']*:(?!\$[({]|\{\{|%[sv]|<)[^@\s/"'{$]+@/i;

/** Names of settings that contain a secret. */
export const secretName =
  /(^|[_.\-a-z])(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** The scheme of a URL without TLS in the text; undefined if there is none. */
export function plainUrl(text: string): string | undefined {
  // Template expressions are part of the address.
  const filled = text.replace(/\{\{.*?\}\}/gs, "x");
  for (const [whole, scheme = "", , rest = ""] of filled.matchAll(
    /\b([a-z][a-z0-9+.-]*):\/\/(?:([^@\s"'/]*)@)?([^\s"'`<>|,;)\]]*)/gi,
  )) {
    const kind = scheme.toLowerCase();
    const host = rest.replace(/[/?#:].*$/s, "").toLowerCase();
    const here = /^(localhost|127\.\d+\.\d+\.\d+|\[?::1\]?|0\.0\.0\.0)$/.test(host);
    if (here) continue;
    if (/^(postgres|postgresql|cockroachdb)(\+\w+)?$/.test(kind)) {
      if (!isVerified(whole)) return scheme;
    } else if (/^(mysql|mariadb)(\+\w+)?$/.test(kind)) {
      if (!/\b(ssl-?mode=verify_identity|tls=true|useSSL=true)/i.test(whole)) return scheme;
    } else if (/^(redis|valkey|nats|amqp|mqtt|ldap|smtp|ftp|telnet|mongodb|kafka|ws|tcp)$/.test(kind)) {
      if (kind !== "mongodb" || !/\btls=true\b/.test(whole)) return scheme;
    } else if (kind === "http" && !inside(host)) return scheme;
  }
  return undefined;
}

/**
 * PostgreSQL: only a verified server name identifies the server. asyncpg uses `ssl`, Node and libpq `sslmode`, and
 * Prisma up to 6 `sslaccept=strict` with `sslmode=require`.
 */
const isVerified = (address: string) =>
  /[?&](sslmode|ssl)=verify-full\b/.test(address) ||
  (/[?&]sslmode=require\b/.test(address) && /[?&]sslaccept=strict\b/.test(address));

/** A host in the cluster: Services use plain HTTP, limited by network policies. */
const inside = (host: string) =>
  // XML namespaces, which aren't requested, and Pod Identity's address on each node.
  /^(www\.w3\.org|schemas\..+|169\.254\.170\.23)$/.test(host) ||
  /\.svc(\.cluster\.local)?$/.test(host) ||
  /^[a-z0-9-]+$/.test(host) ||
  host === "" ||
  /^(\$|\{\{|%)/.test(host);
