import { execFileSync, spawn } from "node:child_process";
import { existsSync, mkdtempSync, readdirSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { answerHelp } from "../tools/usage.mjs";

/*
 * `npm run same -- <revision> [stack …]`: checks that `npm run preview -- <stack> --json` prints the same bytes as at a
 * git revision, for the given stacks or all. Exit code 0: the same; 1: a stack differs (prints the first differing
 * lines); 2: the revision doesn't exist or its preview fails.
 */

const usage = "Usage: npm run same -- <revision> [stack ...], such as npm run same -- HEAD~1";
answerHelp(usage);
const [revision, ...named] = process.argv.slice(2);
const root = process.cwd();

function fail(message) {
  process.stderr.write(`${message}\n`);
  process.exit(2);
}

const git = (...args) =>
  execFileSync("git", args, { cwd: root, maxBuffer: 1 << 30, stdio: ["pipe", "pipe", "pipe"] });

/** A folder with the files of a revision, and packages: this folder's if the lock file is the same. */
function checkOut(commit) {
  const folder = mkdtempSync(join(tmpdir(), "plinth-same-"));
  process.once("exit", () => rmSync(folder, { recursive: true, force: true }));
  execFileSync("tar", ["-x", "-C", folder], { input: git("archive", commit) });
  const lock = (at) => readFileSync(join(at, "package-lock.json"), "utf8");
  if (lock(folder) === lock(root)) symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  else execFileSync("npm", ["ci", "--no-audit", "--no-fund"], { cwd: folder, stdio: "ignore" });
  return folder;
}

/** The JSON output of a stack's preview; rejects if the preview fails. */
function plan(folder, stack) {
  return new Promise((resolve, reject) => {
    const child = spawn(process.execPath, ["preview/run.mjs", stack, "--json"], { cwd: folder });
    const [printed, complaint] = [[], []];
    child.stdout.on("data", (chunk) => printed.push(chunk));
    child.stderr.on("data", (chunk) => complaint.push(chunk));
    child.once("error", reject);
    child.once("close", (code) => {
      if (code === 0 || code === 1) resolve(Buffer.concat(printed).toString());
      else
        reject(new Error(`${folder}: preview of ${stack} ended with ${code}\n${Buffer.concat(complaint)}`));
    });
  });
}

/** The first lines in which two texts differ. */
function difference(before, after) {
  const [one, other] = [before.split("\n"), after.split("\n")];
  const at = one.findIndex((line, index) => line !== other[index]);
  const lines = (mark, text) => text.slice(at, at + 3).map((line) => `${mark} ${line}`);
  return [`line ${at + 1}:`, ...lines("-", one), ...lines("+", other)].join("\n");
}

const stacksIn = (folder) =>
  readdirSync(folder).flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? []);

if (revision === undefined) fail(usage);
let commit;
try {
  commit = git("rev-parse", "--verify", "--quiet", `${revision}^{commit}`).toString().trim();
} catch {
  fail(`${revision} isn't a commit of this repository`);
}
const stacks = named.length > 0 ? named : stacksIn(root);
for (const stack of stacks)
  if (!existsSync(join(root, `Pulumi.${stack}.yaml`))) fail(`there is no Pulumi.${stack}.yaml`);
try {
  const folder = checkOut(commit);
  for (const stack of stacks) {
    const [before, after] = [await plan(folder, stack), await plan(root, stack)];
    const verdict = before === after ? "the same" : `differs, ${difference(before, after)}`;
    process.stdout.write(`${stack}: ${verdict}\n`);
    if (before !== after) process.exitCode = 1;
  }
} catch (error) {
  fail(error.message);
}
