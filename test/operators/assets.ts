import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { join, resolve } from "node:path";

import { findCli } from "../engine/cli";
import { installedVersion } from "../engine/plugins";

const BUILD = resolve(__dirname, "../../tools/operators.mjs");

/** The programs next to the control plane. */
export const OPERATORS = [
  "nats-server",
  "rollouts-controller",
  "cert-manager",
  "prometheus",
  "keda-operator",
  "keda-metrics-server",
  "pulumi-resource-kubernetes",
  "pulumi",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** The programs of a stack that don't run here, with the reason. Each counts as skipped. */
export const MISSING: Readonly<Record<string, string>> = {
  "External Secrets": "its API is a separate module since v0.20, which the Go module proxy doesn't serve",
  NACK: "it finds NATS by the name of a Service, which isn't resolved here",
  Karpenter: "EKS Auto Mode's provider for it, the only one that knows its NodeClass, is not published",
  Reloader: "the Go module proxy doesn't serve its module",
};

/** An existing program, and the version it was built from. */
export interface Built {
  file: string;
  version: string;
}

export type Operators = Partial<Record<Operator, Built>>;

/**
 * The programs that `npm run tools:operators` has built, and the Pulumi CLI if a usable one is on the PATH.
 *
 * @param root the project's folder
 */
export function findOperators(root: string, env: NodeJS.ProcessEnv = process.env): Operators {
  const text = execFileSync(process.execPath, [BUILD, "--where"], { encoding: "utf8", env });
  const all = JSON.parse(text) as Record<Operator, Built>;
  // Other programs are built with them, such as promtool.
  const known = OPERATORS.filter((name) => name in all && isExecutable(all[name].file));
  const built = Object.fromEntries(known.map((name) => [name, all[name]]));
  const cli = findCli(env.PATH ?? "", installedVersion(join(root, "node_modules"), "pulumi"));
  return cli.kind === "found" ? { ...built, pulumi: { file: cli.file, version: `v${cli.version}` } } : built;
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
