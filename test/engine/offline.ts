import { execFile } from "node:child_process";
import * as path from "node:path";
import { planOfPreview, type OfflineResource, type Planned } from "./plan";

/** Result of the offline preview of a stack. */
export interface Offline {
  resources: OfflineResource[];
  plan: Planned[];
}

/** In bytes. A plan of a thousand resources takes a few megabytes. */
const maxBuffer = 256 * 1024 * 1024;

/** Runs the offline preview of a stack. Rejects if it doesn't return a plan. */
export function previewOffline(project: string, stack: string): Promise<Offline> {
  const command = [path.join(project, "preview/run.mjs"), stack, "--json"];
  return new Promise((resolve, reject) => {
    execFile(process.execPath, command, { cwd: project, maxBuffer }, (error, stdout, stderr) => {
      try {
        // Violated policies are covered by another test: the plan is there anyway.
        resolve(offlineOf(stdout));
      } catch {
        const code = error?.code ?? 0;
        reject(
          new Error(`the offline preview of ${stack} ended with ${code}, without a plan:\n${stderr.trim()}`),
        );
      }
    });
  });
}

/** The plan that an offline preview printed. Throws if it printed none. */
export function offlineOf(stdout: string): Offline {
  const { resources } = JSON.parse(stdout) as { resources: OfflineResource[] };
  return { resources, plan: planOfPreview(resources) };
}
