import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { createRequire } from "node:module";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";

const folder = join(__dirname, "..", "..", "rotation");

describe("rotation: the bundle", () => {
  it("has everything but AWS's SDK in it, and is the same each time", function () {
    try {
      createRequire(join(folder, "index.ts")).resolve("pg");
    } catch {
      console.log("      skipped: the package pg isn't installed");
      this.skip();
    }
    const build = () => {
      execFileSync(process.execPath, [join(folder, "build.mjs")]);
      return readFileSync(join(folder, "bin", "index.js"), "utf8");
    };
    const text = build();
    const left = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const packages = left.filter((name) => !/^(node:)?[a-z_/]+$/.test(name) || name.startsWith("@"));
    assert.deepEqual([...new Set(packages)].sort(), ["@aws-sdk/client-secrets-manager", "pg-native"]);
    assert.match(text, /handler: \(\) => handler/);
    assert.equal(build(), text);
  });

  it("is where the program looks for it", () => {
    const rotation = readFileSync(
      join(folder, "..", "components", "data", "credentials-rotation.ts"),
      "utf8",
    );
    assert.match(rotation, /"rotation\/bin\/index\.js"/);
    assert.ok(existsSync(join(folder, "build.mjs")));
  });
});
