import { execFileSync } from "node:child_process";
import { accessSync, constants } from "node:fs";
import { resolve } from "node:path";

const BUILD = resolve(__dirname, "../../tools/operators.mjs");

/** The programs that stand beside the control plane. */
export const OPERATORS = [
  "nats-server",
  "rollouts-controller",
  "cert-manager",
  "prometheus",
  "keda-operator",
  "keda-metrics-server",
] as const;

export type Operator = (typeof OPERATORS)[number];

/** A program that is there, and the version it was built from. */
export interface Built {
  file: string;
  version: string;
}

export type Operators = Partial<Record<Operator, Built>>;

/** Those that `npm run tools:operators` has built; what couldn't be built is missing. */
export function findOperators(env: NodeJS.ProcessEnv = process.env): Operators {
  const text = execFileSync(process.execPath, [BUILD, "--where"], { encoding: "utf8", env });
  const all = JSON.parse(text) as Record<Operator, Built>;
  // Other programs are built beside them, such as promtool.
  const known = OPERATORS.filter((name) => isExecutable(all[name].file));
  return Object.fromEntries(known.map((name) => [name, all[name]]));
}

function isExecutable(path: string): boolean {
  try {
    accessSync(path, constants.X_OK);
    return true;
  } catch {
    return false;
  }
}
