import { existsSync, mkdirSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";

import { RunError } from "@pulumi/pulumi";

import type { Recording } from "../run-program";
import { charts } from "./charts";
import type { Plan } from "./json";
import { manifests } from "./manifests";

/** What was written where. */
export interface Written {
  folder: string;
  manifests: number;
  unknowns: number;
}

/** Tells a folder that a preview wrote, and may replace, from anything else. */
const MARKER = ".plinth-preview";

/**
 * Writes the plan, the manifests, the list of their placeholders, and each system as a chart into a folder. Manifests
 * and charts of an earlier preview are replaced as a whole, so that none stays of an object that is gone.
 *
 * @throws RunError if the folder holds manifests or charts that no preview wrote.
 */
export function writeFolder(folder: string, plan: Plan, recording: Recording): Written {
  const written = manifests(recording);
  const parts = { manifests: written, charts: charts(written, recording) };
  for (const part of Object.keys(parts)) refuseForeign(join(folder, part));
  for (const [part, files] of Object.entries(parts)) {
    const target = join(folder, part);
    rmSync(target, { recursive: true, force: true });
    for (const { file, text } of files) write(join(target, file), text);
    write(
      join(target, MARKER),
      "Written by `npm run preview -- <stack> --out`, which replaces this folder.\n",
    );
  }
  const unknowns = written.flatMap(({ file, placeholders }) =>
    placeholders.map((placeholder) => ({ file: `manifests/${file}`, ...placeholder })),
  );
  write(join(folder, "unknowns.json"), json(unknowns));
  write(join(folder, "preview.json"), json(plan));
  return { folder, manifests: written.length, unknowns: unknowns.length };
}

function refuseForeign(target: string): void {
  if (!existsSync(target)) return;
  const files = readdirSync(target);
  if (files.length > 0 && !files.includes(MARKER)) {
    throw new RunError(
      `${target} holds files that no preview wrote; nothing was written. Name another folder, or remove it.`,
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
