import * as assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { PolicyPack } from "../../preview/analyzer/pack";
import { PackError, PackProcess } from "../../preview/analyzer/process";
import type { Registration } from "../../preview/monitor";

const stack = { project: "fixture", stack: "test", config: {}, secretKeys: [] };

function registration(name: string, inputs: Registration["inputs"]): Registration {
  return {
    urn: `urn:pulumi:test::fixture::aws:s3/bucket:Bucket::${name}`,
    type: "aws:s3/bucket:Bucket",
    name,
    parent: undefined,
    custom: true,
    provider: undefined,
    protect: false,
    dependencies: [],
    propertyDependencies: {},
    options: {},
    inputs,
    outputs: undefined,
  };
}

describe("a policy pack", function () {
  this.timeout(120_000);

  it("that doesn't start is reported with what it said", async () => {
    const folder = mkdtempSync(join(tmpdir(), "pack-"));
    const broken = "throw new Error('no policies today');";
    writeFileSync(
      join(folder, "package.json"),
      '{ "name": "broken", "version": "1.0.0", "main": "index.js" }',
    );
    writeFileSync(join(folder, "index.js"), broken);
    const pack = new PackProcess(folder);
    try {
      await assert.rejects(new PolicyPack(pack, stack).finish([]), (error: Error) => {
        assert.ok(error instanceof PackError);
        assert.match(error.message, /^The policy pack didn't start: .*no policies today/s);
        return true;
      });
    } finally {
      pack.kill();
      rmSync(folder, { recursive: true });
    }
  });

  it("judges every resource, however many are asked about before it is up", async () => {
    const process = new PackProcess(join(__dirname, "fixtures", "app", "policies"));
    try {
      const pack = new PolicyPack(process, stack);
      const buckets = Array.from({ length: 100 }, (_, index) =>
        registration(`b${index}`, { tags: { versioned: index % 10 === 0 ? "no" : "yes" } }),
      );
      buckets.forEach((bucket) => pack.analyze(bucket));
      const { violations } = await pack.finish(buckets);
      const found = violations.filter(({ policy }) => policy === "bucket-is-versioned");
      const expected = [0, 10, 20, 30, 40, 50, 60, 70, 80, 90].map((index) => buckets[index]?.urn).sort();
      assert.deepEqual(
        found.map(({ urn }) => urn),
        expected,
      );
      assert.ok(found.every(({ level, severity }) => level === "mandatory" && severity === "high"));
    } finally {
      process.kill();
    }
  });
});
