import * as assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { PackError, type PackRunner } from "../../preview/analyzer/analyzer";
import { PolicyPack } from "../../preview/analyzer/pack";
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

/** A folder where a pack finds the SDK, used by no other test. */
const packs = join(__dirname, "..", "..", "node_modules", ".cache", "plinth");

/** The tests of a policy pack, wherever it runs. */
export function itJudges(run: (folder: string) => PackRunner): void {
  for (const [fault, source, said] of [
    ["throws", "throw new Error('no policies today');", /no policies today/],
    [
      "is refused by the SDK",
      'const { PolicyPack } = require("@pulumi/policy"); new PolicyPack("not a name", { policies: [] });',
      /Invalid policy pack name "not a name"/,
    ],
  ] as const) {
    it(`that ${fault} is reported with its output`, async () => {
      mkdirSync(packs, { recursive: true });
      const folder = mkdtempSync(join(packs, "pack-"));
      const manifest = { name: "broken", version: "1.0.0", main: "index.js" };
      writeFileSync(join(folder, "package.json"), JSON.stringify(manifest));
      writeFileSync(join(folder, "index.js"), source);
      const pack = run(folder);
      try {
        await assert.rejects(new PolicyPack(pack, stack).finish([]), (error: Error) => {
          assert.ok(error instanceof PackError);
          assert.match(error.message, /^The policy pack didn't start: /);
          assert.match(error.message, said);
          return true;
        });
      } finally {
        pack.kill();
        rmSync(folder, { recursive: true });
      }
    });
  }

  it("checks every resource, even those sent before it has started", async () => {
    const runner = run(join(__dirname, "fixtures", "app", "policies"));
    try {
      const pack = new PolicyPack(runner, stack);
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
      runner.kill();
    }
  });
}
