import assert from "node:assert/strict";
import type * as pulumi from "@pulumi/pulumi";
import { GeneratedSecret } from "../../../components/security/generated-secret";
import { entryName } from "../../../components/security/secret-entry";
import { context, created, entryOf, inClear, keyArn, preview } from "../data/fixture";

const make = (protect: boolean) => (opts: pulumi.ComponentResourceOptions) =>
  new GeneratedSecret(
    "ams-jwt",
    { context: context(protect), system: "ams", store: "jwt", keys: ["access", "refresh"], keyArn },
    opts,
  );

describe("a Secrets Manager entry", () => {
  it("is encrypted with our key and has a predictable name", async () => {
    const { inputs, name } = (await preview(make(true))).recording.one("aws:secretsmanager/secret:Secret");
    assert.equal(name, "ams-jwt-entry");
    assert.equal(inputs.name, "plinth-test/ams/jwt");
    assert.equal(inputs.kmsKeyId, keyArn);
  });

  it("can be restored if the environment is protected, otherwise frees its name", async () => {
    for (const [protect, days] of [
      [true, 30],
      [false, 0],
    ] as const) {
      const entry = (await preview(make(protect))).recording.one("aws:secretsmanager/secret:Secret");
      assert.equal(entry.inputs.recoveryWindowInDays, days);
      assert.equal(entry.protect, protect);
    }
  });

  it("refuses a name that is too long, and never truncates it", () => {
    assert.throws(() => entryName(context(true), "ams", "x".repeat(512)), /at most 512/);
  });
});

describe("GeneratedSecret", () => {
  it("generates one secret per key, all different, none in clear text", async () => {
    const values = await entryOf(make(true), "ams-jwt-entry-version");
    assert.deepEqual(values, { access: "generatedamsjwtaccess", refresh: "generatedamsjwtrefresh" });
    for (const [name, inputs] of await created(make(true)))
      for (const value of Object.values(values)) assert.ok(!inClear(inputs).includes(value), name);
  });

  it("generates long secrets of letters and digits", async () => {
    for (const { inputs } of (await preview(make(true))).recording.ofType(
      "random:index/randomPassword:RandomPassword",
    ))
      assert.deepEqual([inputs.length, inputs.special], [64, false]);
  });

  it("needs no egress and grants nothing", async () => {
    const { store } = await preview(make(true));
    assert.deepEqual([store.outputs.destinations, store.outputs.grants, store.outputs.plain], [[], [], {}]);
    assert.equal(store.outputs.secret?.filledBy.length, 1);
  });
});
