import * as fs from "node:fs";
import * as path from "node:path";
import { preProcessFile } from "typescript";

/**
 * Tests that see the catalog or a stack file but aren't run after a change, since no ordinary change of a system or a
 * size can affect them. Each with the reason.
 */
const APART: Readonly<Record<string, string>> = {
  "test/ci/up.program.test.ts": "obeys stubs",
  "test/compose/refusals.test.ts": "what the command line refuses",
  "test/engine/record.test.ts":
    "compares with what the engine once received; a changed program leaves it pending",
  "test/mutations/mutations.test.ts":
    "a sample of npm run test:mutations, which CI runs in full on the real stacks",
  "test/preflight/command.program.test.ts":
    "what the command prints of an account; it reads dev's file as the preview does",
  "test/preview/difference/revision.program.test.ts":
    "makes a change of its own, of keys that every environment has",
  "test/preview/speed.program.test.ts": "how fast the preview is",
};

interface Split {
  /** Tests that can see the catalog or a stack file, which a change can affect. */
  readonly affected: readonly string[];
  /** Tests of machinery, which use fixtures of their own. */
  readonly others: readonly string[];
}

/**
 * The test files of a repository, by whether they can see its catalog or its stack files: by what they import, also
 * indirectly, or by a program that they start. Paths are relative to the repository.
 */
export function testsOf(root: string): Split {
  const seen = new Map<string, boolean>();
  const tests = fs
    .readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => path.join("test", name))
    .filter((name) => !Object.hasOwn(APART, name))
    .sort();
  const sees = (file: string) => reads(root, path.join(root, file), seen);
  return { affected: tests.filter(sees), others: tests.filter((file) => !sees(file)) };
}

function reads(root: string, file: string, seen: Map<string, boolean>): boolean {
  const known = seen.get(file);
  if (known !== undefined) return known;
  seen.set(file, false);
  const name = path.relative(root, file);
  const found = readsItself(name, fs.readFileSync(file, "utf8")) || importsReader(root, file, seen);
  seen.set(file, found);
  return found;
}

/**
 * Systems besides the words of descriptions, what reads the real stack files, and what starts a program that does. A file
 * of that name in a test's own `folder` is none of them.
 */
const readsItself = (name: string, text: string): boolean =>
  /^systems\/(?!images|spec|stores)/.test(name) ||
  /(?<!describeFault\(|file: |folder, )"Pulumi\.[a-z]+\.yaml"|"(preview|preflight|compose)\/run\.mjs"/.test(
    text,
  );

const importsReader = (root: string, file: string, seen: Map<string, boolean>): boolean =>
  preProcessFile(fs.readFileSync(file, "utf8")).importedFiles.some(({ fileName }) => {
    if (!fileName.startsWith(".")) return false;
    const at = path.resolve(path.dirname(file), fileName);
    const target = [`${at}.ts`, path.join(at, "index.ts")].find((each) => fs.existsSync(each));
    return target !== undefined && reads(root, target, seen);
  });
