import { createHash, createHmac, pbkdf2Sync } from "node:crypto";

/** Rounds of PBKDF2, as PostgreSQL counts them by itself. Source: its documentation, `scram_iterations`. */
const rounds = 4096;

/**
 * What PostgreSQL keeps of a password (RFC 5802, RFC 7677). It takes it in the password's place, so no password stands
 * in a statement, and none in the server's log, which has every `ALTER ROLE`.
 *
 * @param salt Random, a fresh one each time.
 */
export function scramVerifier(password: string, salt: Buffer): string {
  const salted = pbkdf2Sync(password, salt, rounds, 32, "sha256");
  const key = (text: string) => createHmac("sha256", salted).update(text).digest();
  const stored = createHash("sha256").update(key("Client Key")).digest("base64");
  return `SCRAM-SHA-256$${rounds}:${salt.toString("base64")}$${stored}:${key("Server Key").toString("base64")}`;
}
