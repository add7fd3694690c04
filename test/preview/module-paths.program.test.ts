import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, mkdtempSync, readdirSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";

const code = pathToFileURL(join(__dirname, "..", "..", "preview", "start", "module-paths.mjs")).href;

describe("remembered module paths", () => {
  let root: string;
  const packages = () => join(root, "node_modules");
  const cache = () => join(packages(), ".cache", "plinth");
  const put = (file: string, text: string) => {
    mkdirSync(join(file, ".."), { recursive: true });
    writeFileSync(file, text);
  };
  /** What `require("a")` gives a file of the project. */
  const loaded = (): string => {
    const script = `
      const { rememberPaths } = await import(${JSON.stringify(code)});
      const { createRequire } = await import("node:module");
      rememberPaths(${JSON.stringify(root)});
      console.log(createRequire(${JSON.stringify(join(root, "program.js"))})("a"));`;
    const { stdout, stderr } = spawnSync(process.execPath, ["--input-type=module", "--eval", script], {
      encoding: "utf8",
    });
    assert.equal(stderr, "");
    return stdout.trim();
  };

  beforeEach(() => {
    root = realpathSync(mkdtempSync(join(tmpdir(), "plinth-paths-")));
    put(join(packages(), ".package-lock.json"), "1");
    put(join(packages(), "a", "package.json"), '{ "main": "one.js" }');
    put(join(packages(), "a", "one.js"), 'module.exports = "one";');
    put(join(packages(), "a", "two.js"), 'module.exports = "two";');
  });
  afterEach(() => rmSync(root, { recursive: true, force: true }));

  it("are valid until npm installs packages", () => {
    assert.equal(loaded(), "one");
    put(join(packages(), "a", "package.json"), '{ "main": "two.js" }');
    assert.equal(loaded(), "one");
    put(join(packages(), ".package-lock.json"), "2");
    assert.equal(loaded(), "two");
  });

  it("can be damaged", () => {
    assert.equal(loaded(), "one");
    const [file = ""] = readdirSync(cache());
    put(join(cache(), file), "nonsense".repeat(10));
    assert.equal(loaded(), "one");
  });

  it("aren't kept without npm's list of installed packages", () => {
    rmSync(join(packages(), ".package-lock.json"));
    assert.equal(loaded(), "one");
    assert.deepEqual(readdirSync(packages()), ["a"]);
  });
});
