import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { copyFileSync, mkdirSync, mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { root } from "./stubs";

/** `npm run test:coverage` with reports of earlier runs, in a repository of its own. */
describe("the floor of the coverage", () => {
  let folder: string;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plinth-coverage-"));
    mkdirSync(join(folder, "test"));
    copyFileSync(join(root, "test/coverage.mjs"), join(folder, "test/coverage.mjs"));
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" });
    floor(90);
    git("init", "--quiet", "--initial-branch", "main");
    git("add", ".");
    git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "x");
  });
  afterEach(() => rmSync(folder, { recursive: true, force: true }));

  const file = () => join(folder, "test/coverage.json");
  const floor = (lines: unknown) =>
    writeFileSync(file(), JSON.stringify({ lines, branches: 80, functions: 80 }));
  const judge = (lines: number, ...options: string[]) => {
    const total = { lines: { pct: lines }, branches: { pct: 80 }, functions: { pct: 80 } };
    writeFileSync(join(folder, "summary.json"), JSON.stringify({ total }));
    return spawnSync("node", ["test/coverage.mjs", "--summary", "summary.json", ...options], {
      cwd: folder,
      encoding: "utf8",
      env: { ...process.env, GITHUB_STEP_SUMMARY: "" },
    });
  };

  it("passes at the floor and fails below it", () => {
    assert.equal(judge(90).status, 0);
    const { status, stdout } = judge(89.9);
    assert.equal(status, 1);
    assert.match(stdout, /lines: 89.9 % are covered; the floor is 90 %/);
  });

  it("refuses to be lower than on the base branch", () => {
    floor(85);
    assert.equal(judge(86).status, 0);
    const { status, stdout } = judge(86, "--base", "main");
    assert.equal(status, 1);
    assert.match(stdout, /lines is 85; on main it is 90. It must not be lowered/);
  });

  it("is raised on request, never lowered", () => {
    assert.match(judge(95).stdout, /can be raised from 90 to 94.8/);
    assert.equal(judge(95, "--raise").status, 0);
    assert.deepEqual(JSON.parse(readFileSync(file(), "utf8")), { lines: 94.8, branches: 80, functions: 80 });
    judge(91, "--raise");
    assert.match(readFileSync(file(), "utf8"), /"lines":94.8/);
  });

  it("says what is wrong with a revision, a floor, a report or an option", () => {
    const said = (...options: string[]) => {
      const { status, stderr } = judge(90, ...options);
      assert.equal(status, 2);
      return stderr;
    };
    assert.match(said("--base", "gone"), /--base gone: the repository has no such revision/);
    assert.match(said("--lower"), /usage: npm run test:coverage/);
    assert.match(said("--summary", "gone.json"), /gone.json: no report of c8; run npm run test:coverage/);
    floor("much");
    assert.match(said(), /test\/coverage.json: lines is much; allowed is a percentage from 0 to 100/);
  });
});
