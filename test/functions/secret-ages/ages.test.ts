import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { functionBundle } from "../../../components/base/function-bundle";
import { readRules, secretAges, type Rule, type Version } from "../../../functions/secret-ages/ages";

const now = new Date("2026-11-21T03:00:00Z");
const written = (days: number, ...stages: string[]): Version => ({
  stages,
  created: new Date(now.getTime() - days * 24 * 60 * 60 * 1000),
});
const cache: Rule = {
  entry: "plinth/ams/cache",
  days: 90,
  grace: 30,
  setting: "plinth:systems.ams.stores.cache.credentialsVersion",
};
const logins: Rule = { entry: "plinth/ams/postgres", days: 30, grace: 7 };
const reported = (versions: Record<string, Version[]>, ...rules: Rule[]) =>
  secretAges(rules, (entry) => Promise.resolve(versions[entry] ?? []), now);

describe("The ages of secrets", () => {
  it("are those of the current version: due after the rule's days, late after its grace", async () => {
    for (const [days, state] of [
      [89.9, "current"],
      [90, "due"],
      [119.9, "due"],
      [120, "late"],
    ] as const) {
      const versions = [written(400, "AWSPREVIOUS"), written(days, "AWSCURRENT"), written(0, "AWSPENDING")];
      const { ages, late } = await reported({ [cache.entry]: versions }, cache);
      const { entry, setting } = cache;
      assert.deepEqual(ages, [{ entry, setting, days: 90, age: Math.floor(days), state }]);
      assert.equal(late, state === "late" ? 1 : 0);
    }
  });

  it("are listed with the oldest first", async () => {
    const { ages } = await reported(
      {
        [cache.entry]: [written(3, "AWSCURRENT")],
        [logins.entry]: [written(8, "AWSCURRENT", "plinth-initial")],
      },
      cache,
      logins,
    );
    assert.deepEqual(
      ages.map(({ entry, age }) => [entry, age]),
      [
        [logins.entry, 8],
        [cache.entry, 3],
      ],
    );
  });

  it("fail after all were tried, naming the entries that have no value or can't be read", async () => {
    const failing = secretAges(
      [cache, logins],
      (entry) => (entry === logins.entry ? Promise.reject(new Error("denied")) : Promise.resolve([])),
      now,
    );
    await assert.rejects(failing, {
      message: "plinth/ams/cache: it has no value; plinth/ams/postgres: denied",
    });
  });

  it("refuse invalid rules", () => {
    assert.deepEqual(readRules(JSON.stringify([cache, logins])), [cache, logins]);
    for (const wrong of [
      "null",
      "{}",
      '[{"entry":"","days":1,"grace":1}]',
      '[{"entry":"x","days":0,"grace":1}]',
    ])
      assert.throws(() => readRules(wrong), /no list of rules/);
  });

  it("are requested by a bundle without AWS' SDK, which never reads a value", () => {
    execFileSync(process.execPath, ["functions/secret-ages/build.mjs"]);
    const text = readFileSync(functionBundle("secret-ages"), "utf8");
    const left = [...text.matchAll(/\brequire\("([^"]+)"\)/g)].map(([, name = ""]) => name);
    assert.deepEqual(left.sort(), [
      "@aws-sdk/client-cloudwatch",
      "@aws-sdk/client-secrets-manager",
      "node:fs",
      "node:path",
    ]);
    assert.doesNotMatch(text, /GetSecretValue/);
  });
});
