import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { root } from "./fixture";
import { scratch } from "./programs";

/** Runs the command as a user does. */
const typed = (args: readonly string[], cwd: string) =>
  spawnSync(process.execPath, [join(root, "compose", "run.mjs"), ...args], {
    cwd,
    encoding: "utf8",
    env: { ...process.env, INIT_CWD: cwd },
  });

describe("npm run compose", () => {
  it("writes compose.yaml and .env.example, replaces its own files, and keeps others", () => {
    const folder = scratch();
    for (const profile of ["image", "sample"]) {
      const { status, stdout, stderr } = typed(["ams", "--profile", profile, "--out", "files"], folder);
      assert.equal(status, 0, stderr);
      assert.match(stdout, /docker compose -f files\/compose\.yaml up/);
      writeFileSync(join(folder, "files", ".env"), "mine");
    }
    assert.deepEqual(readdirSync(join(folder, "files")).sort(), [".env", ".env.example", "compose.yaml"]);
    assert.match(readFileSync(join(folder, "files", "compose.yaml"), "utf8"), /images\/hello/);
    assert.equal(readFileSync(join(folder, "files", ".env"), "utf8"), "mine");
  });
});
