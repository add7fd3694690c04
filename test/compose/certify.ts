import { execFileSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { certificatesScript } from "../../compose/certificates";

/** Runs the service's script, with other folders. */
export function certify(folder: string, list: string): void {
  for (const part of ["certificates", "authority", "job"]) mkdirSync(join(folder, part), { recursive: true });
  writeFileSync(join(folder, "job", "servers"), list);
  const script = certificatesScript.replaceAll(/(?<=[ "<])\/(certificates|authority|job)/g, `${folder}/$1`);
  execFileSync("sh", ["-c", script], { stdio: "pipe" });
}
