import { execFileSync } from "node:child_process";
import { accessSync, constants, existsSync } from "node:fs";
import { delimiter, join, resolve } from "node:path";

import { UserError } from "./errors";

export const BINARIES = [
  "etcd",
  "kube-apiserver",
  "kube-controller-manager",
  "kube-scheduler",
  "kwok",
] as const;

export type Binary = (typeof BINARIES)[number];

/** Paths of the control plane's programs. */
export interface Assets {
  binaries: Record<Binary, string>;
  /** Folder with the generated custom resource definitions of the operators. */
  crds: string;
}

const BUILD = resolve(__dirname, "../../tools/build.mjs");

/**
 * Finds the binaries as envtest does: in the folder `KUBEBUILDER_ASSETS`, else on the PATH, else in the cache that
 * `npm run tools:cluster` fills. Each binary is searched for separately.
 */
export function findAssets(env: NodeJS.ProcessEnv = process.env): Assets {
  const built = execFileSync(process.execPath, [BUILD, "--where"], { encoding: "utf8", env }).trim();
  const given = env.KUBEBUILDER_ASSETS;
  const folders = [...(given ? [given] : []), ...(env.PATH ?? "").split(delimiter), built];
  const found = BINARIES.map((name) => [name, firstIn(folders, name)] as const);
  const missing: string[] = found.filter(([, path]) => path === undefined).map(([name]) => name);
  const crds = [...(given ? [given] : []), built]
    .map((dir) => join(dir, "crds"))
    .find((dir) => existsSync(dir));
  if (crds === undefined) missing.push("crds/ (the operators' definitions)");
  if (missing.length > 0) throw new UserError(missingMessage(missing, given));
  return { binaries: Object.fromEntries(found) as Record<Binary, string>, crds: crds ?? "" };
}

function missingMessage(missing: readonly string[], given: string | undefined): string {
  return [
    `The test cluster can't start: ${missing.join(", ")} not found`,
    `  looked in: ${given ? `KUBEBUILDER_ASSETS=${given}, ` : ""}the PATH, the cache of tools/build.mjs`,
    "  to build them from their Go modules (about five minutes, once): npm run tools:cluster",
    "  to use your own: set KUBEBUILDER_ASSETS to the folder that contains them",
  ].join("\n");
}

function firstIn(folders: readonly string[], name: string): string | undefined {
  return folders
    .filter((folder) => folder !== "")
    .map((folder) => join(folder, name))
    .find(isExecutable);
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
