import assert from "node:assert/strict";
import { exec, execFileSync, execSync, fork, spawn, spawnSync } from "node:child_process";

describe("a unit test", () => {
  const starts: Readonly<Record<string, () => unknown>> = {
    spawn: () => spawn("true"),
    exec: () => exec("true"),
    fork: () => fork("true.js"),
    spawnSync: () => spawnSync("true"),
    execFileSync: () => execFileSync(process.execPath, ["--version"]),
    execSync: () => execSync("true"),
  };
  for (const [name, start] of Object.entries(starts))
    it(`starts no program by ${name}`, () =>
      void assert.throws(start, /a unit test starts a program: .*; move it to a file \*\.program\.test\.ts/));
});
