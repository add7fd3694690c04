import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import * as fs from "node:fs";
import * as os from "node:os";
import * as path from "node:path";
import { compareVersions, findCli } from "./cli";

describe("finding the CLI", () => {
  let folder: string;
  beforeEach(() => (folder = fs.mkdtempSync(path.join(os.tmpdir(), "plinth-cli-"))));
  afterEach(() => fs.rmSync(folder, { recursive: true }));

  const program = (name: string, text: string, mode = 0o755) =>
    fs.writeFileSync(path.join(folder, name), `#!/bin/sh\n${text}\n`, { mode });

  it("finds none on an empty path", () => {
    assert.deepEqual(findCli(folder, "3.248.0"), { kind: "absent", why: "no pulumi on the PATH" });
  });

  it("ignores a file that isn't executable", () => {
    program("pulumi", "echo v3.260.0", 0o644);
    assert.equal(findCli(folder, "3.248.0").kind, "absent");
  });

  it("accepts the SDK's version or newer", () => {
    program("pulumi-language-nodejs", "");
    program("pulumi", "echo v3.248.0");
    const found = findCli(`/nowhere${path.delimiter}${folder}`, "3.248.0");
    assert.deepEqual(found, { kind: "found", file: path.join(folder, "pulumi"), version: "3.248.0" });
  });

  it("refuses a version older than the SDK", () => {
    program("pulumi-language-nodejs", "");
    program("pulumi", "echo v3.99.1");
    const found = findCli(folder, "3.248.0");
    assert.equal(found.kind, "unusable");
    assert.match(
      found.kind === "unusable" ? found.why : "",
      /version 3\.99\.1, older than the SDK .*install 3\.248\.0/,
    );
  });

  it("refuses a CLI without its language host", () => {
    program("pulumi", "echo v3.260.0");
    const found = findCli(folder, "3.248.0");
    assert.match(found.kind === "unusable" ? found.why : "", /no pulumi-language-nodejs/);
  });

  it("refuses a CLI that doesn't print its version", () => {
    program("pulumi-language-nodejs", "");
    for (const text of ["exit 1", "echo hello"]) {
      program("pulumi", text);
      assert.equal(findCli(folder, "3.248.0").kind, "unusable", text);
    }
  });

  it("compares versions numerically", () => {
    assert.ok(compareVersions("3.99.0", "3.248.0") < 0);
    assert.ok(compareVersions("4.0.0", "3.248.0") > 0);
    assert.equal(compareVersions("3.248.0-dev.1+a", "3.248.0"), 0);
  });

  describe("on the command line", () => {
    const run = (...args: string[]) => {
      const script = path.join(__dirname, "run.mjs");
      const env = { PATH: folder, TMPDIR: folder };
      const before = fs.readdirSync(folder);
      const { status, stdout, stderr } = spawnSync(process.execPath, [script, ...args], {
        encoding: "utf8",
        env,
      });
      assert.deepEqual(fs.readdirSync(folder), before, "a file is left behind");
      return { status, stdout, stderr };
    };

    it("is skipped with the reason if there is no CLI", () => {
      const { status, stdout } = run();
      assert.equal(status, 0);
      assert.match(stdout, /^test:engine: skipped: no pulumi on the PATH/);
    });

    it("ends with an error without a stack trace if the CLI is too old", () => {
      program("pulumi-language-nodejs", "");
      program("pulumi", "echo v3.1.0");
      const { status, stdout, stderr } = run();
      assert.equal(status, 2);
      assert.match(stdout, /version 3\.1\.0, older than the SDK/);
      assert.doesNotMatch(stdout + stderr, /^\s+at /m);
    });

    it("refuses an unknown stack and an unknown option", () => {
      const { status, stdout } = run("nowhere", "--fast");
      assert.equal(status, 2);
      assert.match(stdout, /unknown: --fast, nowhere; stacks are dev, prod, staging/);
    });
  });
});
