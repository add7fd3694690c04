import * as fs from "node:fs";
import * as path from "node:path";
import { preProcessFile } from "typescript";

/**
 * The test files of a repository that can see its catalog or its stack files: by what they import, also indirectly, or
 * by a program that they start and that reads them. Every other file stands on fixtures of its own. Relative to the
 * repository.
 *
 * @param local Whether the change can reach the local tier, which is made from the catalog and from dev's stack file.
 */
export function affectedBy(root: string, local: boolean): string[] {
  const seen = new Map<string, boolean>();
  const tests = fs
    .readdirSync(path.join(root, "test"), { recursive: true, encoding: "utf8" })
    .filter((name) => name.endsWith(".test.ts"))
    .map((name) => path.join("test", name));
  return tests
    .filter((file) => local || !file.startsWith(path.join("test", "compose")))
    .filter((file) => reads(root, path.join(root, file), seen))
    .sort();
}

/** Minutes each, and what they hold isn't the stacks': that the preview is fast, and that `.ci/up` obeys stubs. */
const LONG = /^test\/(ci\/up|preview\/speed)\.test\.ts$/;

function reads(root: string, file: string, seen: Map<string, boolean>): boolean {
  const known = seen.get(file);
  if (known !== undefined) return known;
  seen.set(file, false);
  const name = path.relative(root, file);
  const found =
    !LONG.test(name) && (readsItself(name, fs.readFileSync(file, "utf8")) || importsReader(root, file, seen));
  seen.set(file, found);
  return found;
}

const readsItself = (name: string, text: string): boolean =>
  /^systems\/(?!images|spec|stores)/.test(name) ||
  /Pulumi\.[a-z]+\.yaml|preview\/run\.mjs|preflight\/run\.mjs/.test(text);

const importsReader = (root: string, file: string, seen: Map<string, boolean>): boolean =>
  preProcessFile(fs.readFileSync(file, "utf8")).importedFiles.some(({ fileName }) => {
    if (!fileName.startsWith(".")) return false;
    const at = path.resolve(path.dirname(file), fileName);
    const target = [`${at}.ts`, path.join(at, "index.ts")].find((each) => fs.existsSync(each));
    return target !== undefined && reads(root, target, seen);
  });
