import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

const root = join(__dirname, "..", "..");
const bench = (folder: string, ...args: string[]) =>
  spawnSync(process.execPath, [join(folder, "preview", "bench.mjs"), ...args], { encoding: "utf8" });

describe("npm run bench", () => {
  for (const [args, message] of [
    [["--runs", "0"], /whole number, 1 or more/],
    [["--runs", "x"], /whole number, 1 or more/],
    [["--rnus", "1"], /unknown option '--rnus'/],
    [["prod"], /too many arguments/],
  ] as const)
    it(`refuses ${args.join(" ")} with exit code 2 and the usage`, () => {
      const { status, stderr } = bench(root, ...args);
      assert.equal(status, 2);
      assert.match(stderr, message);
      assert.match(stderr, /^Usage: npm run bench -- \[options\]/m);
    });

  it("says how to install missing packages", () => {
    const copy = mkdtempSync(join(tmpdir(), "plinth-bench-"));
    try {
      cpSync(join(root, "preview"), join(copy, "preview"), { recursive: true });
      cpSync(join(root, "package.json"), join(copy, "package.json"));
      const { status, stderr } = bench(copy);
      assert.equal(status, 3);
      assert.match(stderr, /^The package commander is missing: run `npm ci` in /);
    } finally {
      rmSync(copy, { recursive: true, force: true });
    }
  });
});
