import {
  existsSync,
  mkdirSync,
  mkdtempSync,
  readdirSync,
  rmdirSync,
  rmSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { dirname, join } from "node:path";

import { RunError } from "@pulumi/pulumi";

import type { DifferenceDocument } from "../difference/document";
import { markdownDifference } from "../difference/markdown";
import { makeFolder } from "../make-folder";
import type { Recording } from "../run-program";
import { charts } from "./charts";
import type { Plan } from "./json";
import { manifestsByCluster } from "./manifests";

/** The written files. */
export interface Written {
  folder: string;
  manifests: number;
  unknowns: number;
}

/** Parts of the folder that each preview replaces as a whole. */
const PARTS = ["manifests", "manifests-standby", "charts"] as const;

/** Files of a comparison: one without any leaves none of an earlier one. */
const DIFFERENCE = ["difference.json", "difference.md"] as const;

/** Marks a folder that a preview wrote and may replace. */
const MARKER = ".plinth-preview";

/**
 * Checks that a plan can be written into a folder, before anything else is done. Leaves no files.
 *
 * @throws RunError if something is there that no preview wrote, or nothing can be written there.
 */
export function checkFolder(folder: string): void {
  for (const part of PARTS) refuseForeign(join(folder, part));
  const made: string[] = [];
  try {
    makeFolder(folder, made);
    const probe = mkdtempSync(join(folder, MARKER));
    made.unshift(probe);
  } catch (error) {
    const why = error instanceof Error ? error.message : String(error);
    throw new RunError(`--out ${folder} can't be written: ${why}. Set another folder.`);
  } finally {
    for (const folder of made) rmdirSync(folder);
  }
}

/**
 * Writes the plan, the manifests (those of a second cluster beside them), the list of their placeholders, and each system as a chart into a folder. Manifests
 * and charts of an earlier preview are replaced as a whole, so that none stays of an object that is gone.
 *
 * @throws RunError if the folder holds manifests or charts that no preview wrote.
 */
export function writeFolder(
  folder: string,
  plan: Plan,
  recording: Recording,
  { page, difference }: { page?: string; difference?: DifferenceDocument } = {},
): Written {
  const [written = [], second = []] = manifestsByCluster(recording);
  const parts = {
    manifests: written,
    "manifests-standby": second,
    charts: charts(written, recording),
  };
  for (const part of PARTS) refuseForeign(join(folder, part));
  for (const part of PARTS) {
    const [files, target] = [parts[part], join(folder, part)];
    rmSync(target, { recursive: true, force: true });
    // Most stacks have one cluster.
    if (part === "manifests-standby" && files.length === 0) continue;
    for (const { file, text } of files) write(join(target, file), text);
    write(
      join(target, MARKER),
      "Written by `npm run preview -- <stack> --out`, which replaces this folder.\n",
    );
  }
  const unknowns = (["manifests", "manifests-standby"] as const).flatMap((part) =>
    parts[part].flatMap(({ file, placeholders }) =>
      placeholders.map((placeholder) => ({ file: `${part}/${file}`, ...placeholder })),
    ),
  );
  write(join(folder, "unknowns.json"), json(unknowns));
  write(join(folder, "preview.json"), json(plan));
  if (page !== undefined) write(join(folder, "index.html"), page);
  for (const file of DIFFERENCE) rmSync(join(folder, file), { force: true });
  if (difference !== undefined) {
    write(join(folder, "difference.json"), json(difference));
    write(join(folder, "difference.md"), markdownDifference(difference));
  }
  return { folder, manifests: written.length + second.length, unknowns: unknowns.length };
}

/** Throws if there are files that no preview wrote. */
function refuseForeign(target: string): void {
  if (!existsSync(target)) return;
  const files = statSync(target).isDirectory() ? readdirSync(target) : [target];
  if (files.length > 0 && !files.includes(MARKER)) {
    throw new RunError(
      `${target} contains files that no preview wrote; nothing was written. Set another folder, or remove it.`,
    );
  }
}

function write(path: string, text: string): void {
  mkdirSync(dirname(path), { recursive: true });
  writeFileSync(path, text);
}

function json(value: unknown): string {
  return `${JSON.stringify(value, null, 2)}\n`;
}
