import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** Iterations of PBKDF2: PostgreSQL's default. Source: PostgreSQL documentation, `scram_iterations`. */
const rounds = 4096;

/**
 * SCRAM verifier of a password (RFC 5802, RFC 7677). PostgreSQL accepts it instead of the password, so no password
 * appears in a statement, nor in the server's log, which has every `ALTER ROLE`.
 *
 * @param salt Random, a new one for each verifier.
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, "sha256");
  const key = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${rounds}:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}
