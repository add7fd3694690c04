import { privateKeyHeader, tokenForms } from "../../standards/tokens";

/** Secrets whose form is known. Each begins with letters of its own, so that nothing else is taken for one. */
export const knownToken = new RegExp(String.raw`\b(?:${tokenForms.join("|")})|${privateKeyHeader}`);

/** Whose login is written out in a URL: `scheme://user:password@host`, unless it is a reference or a template. */
export const loginInUrl = /\b[a-z][a-z0-9+.-]*:\/\/[^/\s:@"']*:(?!\$[({]|\{\{|%[sv]|<)[^@\s/"'{$]+@/i;

/** Names of what holds a secret. */
export const secretName =
  /(^|[_.\-a-z])(PASSWORD|PASSWD|PASSPHRASE|SECRET|TOKEN|API_?KEY|ACCESS_?KEY|PRIVATE_?KEY|CREDENTIALS?)$/i;

/** A URL whose traffic anyone on the way can read; undefined if there is none in the text. */
export function plainUrl(text: string): string | undefined {
  // What a template puts in is a part of the address.
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
 * PostgreSQL: only with the server's name checked is it known who answers. asyncpg says `ssl`, Node and libpq `sslmode`,
 * and Prisma up to 6 `sslaccept=strict` beside `sslmode=require`.
 */
const isVerified = (address: string) =>
  /[?&](sslmode|ssl)=verify-full\b/.test(address) ||
  (/[?&]sslmode=require\b/.test(address) && /[?&]sslaccept=strict\b/.test(address));

/** A host of the cluster itself: within a namespace's network policies plain HTTP is what Services speak. */
const inside = (host: string) =>
  // Names of XML's own, which nobody asks, and the address of Pod Identity on each node.
  /^(www\.w3\.org|schemas\..+|169\.254\.170\.23)$/.test(host) ||
  /\.svc(\.cluster\.local)?$/.test(host) ||
  /^[a-z0-9-]+$/.test(host) ||
  host === "" ||
  /^(\$|\{\{|%)/.test(host);
