import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { formatted } from "../../tools/format";

const marks = { begin: "<!-- generated: begin -->", end: "<!-- generated: end -->" };

/** Fails unless the part of a page between its marks is `text`. With UPDATE_DOCS=1 it is written first. */
export async function assertGenerated(page: string, text: string): Promise<void> {
  const file = join(__dirname, "..", "..", "docs", page);
  const current = readFileSync(file, "utf8");
  const [before, rest] = current.split(marks.begin);
  const [, after] = (rest ?? "").split(marks.end);
  assert.ok(before !== undefined && after !== undefined, `${file} has lost its marks`);
  const whole = `${before}${marks.begin}\n\n${text}\n\n${marks.end}${after}`;
  const wanted = await formatted(file, whole);
  if (process.env.UPDATE_DOCS === "1") writeFileSync(file, wanted);
  assert.equal(readFileSync(file, "utf8"), wanted);
}

/** A table of Markdown. */
export const markdownTable = (head: readonly string[], rows: readonly (readonly string[])[]): string =>
  [head, head.map(() => "---"), ...rows].map((cells) => `| ${cells.join(" | ")} |`).join("\n");
