import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync, rmSync, statSync, utimesSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { functionBundle } from "../../../components/base/function-bundle";

const folder = join(__dirname, "..", "..", "..", "functions", "rotation");
const bundle = join(folder, "bin", "index.js");

describe("rotation: the bundle", () => {
  const build = () => {
    execFileSync(process.execPath, [join(folder, "build.mjs")]);
    return readFileSync(bundle, "utf8");
  };

  it("contains everything except AWS' SDK, and is reproducible", () => {
    const text = build();
    const left = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    const packages = left.filter((name) => !/^(node:)?[a-z_/]+$/.test(name) || name.startsWith("@"));
    assert.deepEqual([...new Set(packages)].sort(), ["@aws-sdk/client-secrets-manager", "pg-native"]);
    assert.match(text, /handler: \(\) => handler/);
    assert.equal(build(), text);
  });

  it("is built if it is missing or older than a source", () => {
    const text = build();
    rmSync(bundle);
    assert.equal(functionBundle("rotation"), "functions/rotation/bin/index.js");
    assert.equal(readFileSync(bundle, "utf8"), text);
    writeFileSync(bundle, "yesterday's");
    utimesSync(bundle, 0, 0);
    functionBundle("rotation");
    assert.equal(readFileSync(bundle, "utf8"), text);
  });

  it("isn't built if it is up to date", () => {
    build();
    const before = statSync(bundle).ino;
    functionBundle("rotation");
    assert.equal(statSync(bundle).ino, before);
  });
});
