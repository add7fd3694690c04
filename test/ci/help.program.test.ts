import assert from "node:assert/strict";
import { execFileSync, spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { needsTools, root } from "./stubs";

const folder = join(root, ".ci");
/** Scripts that others source. */
const parts = ["context", "help", "stack-settings"];
const scripts = readdirSync(folder).filter((name) => !parts.includes(name));
const inBash = scripts.filter((name) => /^#!.*bash/.test(readFileSync(join(folder, name), "utf8")));

describe(".ci", () => {
  before(function () {
    needsTools(this, "sed");
  });

  for (const name of inBash)
    it(`${name} --help prints its usage and does nothing else`, () => {
      for (const asked of ["--help", "-h"]) {
        // Without the CLIs that it calls.
        const env = { PATH: "/usr/bin:/bin", HOME: "/nonexistent" };
        const said = execFileSync(join(folder, name), [asked], { env, encoding: "utf8", input: "" });
        const [, first = ""] = readFileSync(join(folder, name), "utf8").split("\n");
        assert.equal(`# ${said.split("\n")[0]}`, first);
        assert.doesNotMatch(said, /^(#|set )/m);
      }
    });

  it("run refuses arguments", () => {
    const { status, stderr } = spawnSync(join(folder, "run"), ["prod"], { encoding: "utf8" });
    assert.equal(status, 2);
    assert.match(stderr, /^usage: \.ci\/run/);
  });
});
