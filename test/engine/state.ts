import * as fs from "node:fs";
import * as path from "node:path";
import type { Cloud } from "./providers/cloud";

/** A secret found in clear. */
export interface Leak {
  file: string;
  /** Surrounding text in the file, with the secret redacted. */
  around: string;
}

/** Forms of a secret in a file: plain text, or base64 as in Kubernetes. */
const forms = (secret: string) => [secret, Buffer.from(secret).toString("base64").replace(/=+$/, "")];

/**
 * Searches everything that the engine wrote for secrets that the providers generated: checkpoints, their backups and
 * the history.
 */
export function leaks(environment: { backend: string; cloud: Cloud }): Leak[] {
  const secrets = environment.cloud.secrets().flatMap(forms);
  return filesIn(environment.backend).flatMap((file) => {
    const text = fs.readFileSync(file, "utf8");
    return secrets.flatMap((secret) => {
      const at = text.indexOf(secret);
      if (at === -1) return [];
      const around =
        text.slice(Math.max(0, at - 120), at) + "…" + text.slice(at + secret.length, at + secret.length + 40);
      return [{ file: path.relative(environment.backend, file), around: around.replace(/\s+/g, " ") }];
    });
  });
}

function filesIn(folder: string): string[] {
  return fs.readdirSync(folder, { withFileTypes: true }).flatMap((entry) => {
    const name = path.join(folder, entry.name);
    return entry.isDirectory() ? filesIn(name) : [name];
  });
}
