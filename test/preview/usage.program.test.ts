import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { join } from "node:path";

const root = join(__dirname, "..", "..");

describe("commands that take minutes", () => {
  for (const file of ["preview/same.mjs", "tools/build.mjs", "tools/operators.mjs", "tools/local.mjs"])
    it(`${file} prints its usage, and refuses an unknown option`, () => {
      const run = (word: string) =>
        spawnSync(process.execPath, [join(root, file), word], { cwd: root, encoding: "utf8" });
      for (const word of ["--help", "-h"]) {
        const { status, stdout } = run(word);
        assert.equal(status, 0);
        assert.match(stdout, /^Usage: npm run /);
      }
      const { status, stdout, stderr } = run("--nothing");
      assert.deepEqual([status, stdout], [2, ""]);
      assert.match(stderr, /^unknown option '--nothing'\nUsage: npm run /);
    });
});
