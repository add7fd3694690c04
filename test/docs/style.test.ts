import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join, posix } from "node:path";

const root = join(__dirname, "..", "..");
const page = "docs/style.md";
const read = (file: string) => readFileSync(join(root, file), "utf8");

/** Words to avoid: the backticked ones in the right-hand column of the page's table. */
const avoided = [...read(page).matchAll(/^\|[^|]+\|(.+)\|$/gm)].flatMap(([, column = ""]) =>
  [...column.matchAll(/`([^`]+)`/g)].map(([, words = ""]) => words),
);

/** Excluded: the page itself, recordings, and files written by packages. */
const left = [page, "test/engine/record/", "package-lock.json", "test/docs/style.test.ts"];

/** What isn't in the repository: folders that hold only what was installed or built. */
const ignored = new Set([".git", ...(read(".gitignore").match(/^.+(?=\/$)/gm) ?? [])]);

const filesIn = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const file = posix.join(folder, entry.name);
    if (ignored.has(file) || ignored.has(entry.name)) return [];
    return entry.isDirectory() ? filesIn(file) : [file];
  });

const files = filesIn("")
  .filter((file) => /\.(ts|mjs|cjs|md|ya?ml|sh|json)$|^\.ci\//.test(file))
  .filter((file) => !left.some((prefix) => file.startsWith(prefix)));

/** Occurrences of the words: `file:line: words`. */
export function found(text: string, file: string): string[] {
  const pattern = new RegExp(`\\b(${avoided.join("|")})\\b`, "i");
  return text.split("\n").flatMap((line, index) => {
    const [words] = pattern.exec(line) ?? [];
    return words === undefined ? [] : [`${file}:${index + 1}: ${words}`];
  });
}

describe(page, () => {
  it("lists words to avoid, and the search finds each", () => {
    assert.ok(avoided.length > 15);
    for (const words of avoided) assert.equal(found(`a line\nwith ${words} in it`, "x").length, 1, words);
  });

  it("is followed in every file", () => {
    assert.ok(files.length > 300);
    assert.deepEqual(
      files.flatMap((file) => found(read(file), file)),
      [],
    );
  });
});
