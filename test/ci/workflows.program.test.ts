import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { built, missing } from "../compose/programs";
import { needs } from "../support/needs";
import { stacks, stackText } from "../support/stacks";
import { needsTools, root } from "./stubs";

describe("workflows", () => {
  it("pass actionlint", function () {
    const lack = missing("actionlint");
    needs(this, lack);
    const { status, stdout } = spawnSync(built("actionlint").file, ["-no-color"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(status, 0, stdout);
  });

  for (const stack of stacks)
    it(`find account, region and registry of ${stack}`, () => {
      const action = readFileSync(join(root, ".github/actions/prepare/action.yml"), "utf8");
      const { steps } = (parse(action) as { runs: { steps: { run?: string }[] } }).runs;
      const script =
        /node -e '([^']*)'/.exec(steps.map(({ run = "" }) => run).join("\n"))?.[1] ?? assert.fail();
      const { status, stdout } = spawnSync("node", ["-e", script], {
        cwd: root,
        env: { ...process.env, STACK: stack },
        encoding: "utf8",
      });
      assert.equal(status, 0);
      const { config } = parse(stackText(stack)) as {
        config: { "plinth:account": Record<string, string>; "plinth:registry": string };
      };
      const { id, region } = config["plinth:account"];
      const registry = stackText(stack).includes(" build:") ? config["plinth:registry"] : "";
      assert.equal(stdout, `id=${id}\nregion=${region}\nregistry=${registry}\n`);
    });
});

describe(".ci", () => {
  before(function () {
    needsTools(this);
  });
  for (const file of readdirSync(join(root, ".ci")))
    it(`${file} is a valid script`, () => {
      const path = join(root, ".ci", file);
      const text = readFileSync(path, "utf8");
      const [command, ...args] = text.startsWith("#!/usr/bin/env node")
        ? ["node", "--check", path]
        : ["bash", "-n", path];
      if (command === "bash") assert.match(text, /^#!\/usr\/bin\/env bash\n/);
      // Node decides by a file's extension how to check it, and treats a file without one as a script.
      const { status, stderr } = spawnSync(command as string, args, { encoding: "utf8" });
      assert.equal(status, 0, stderr);
    });
});
