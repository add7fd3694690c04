import assert from "node:assert/strict";
import { parse } from "yaml";
import { localOf } from "../../compose/local";
import { catalog, type SystemSpec } from "../../systems";
import { describeFiles, files } from "./fixture";
import type { Parsed } from "./programs";

const specs: Readonly<Record<string, SystemSpec>> = catalog;
const secretName = /(PASSWORD|SECRET|KEY)/;

describe("Compose files", () => {
  it("have a workload for each entry of local.ts", () => {
    for (const [name, { workloads }] of Object.entries(specs))
      for (const key of Object.keys(localOf(name).workloads)) assert.ok(key in workloads, `${name}.${key}`);
  });

  describeFiles((written) => {
    it("have no missing values", () => {
      for (const text of Object.values(written()))
        assert.doesNotMatch(text, /\bundefined\b|\bNaN\b|\[object |\[unknown\]|\[secret\]/);
    });
  });

  it("have secrets that are recognizable as local and can't be generated ones", async () => {
    const { ".env.example": env = "" } = await files(undefined);
    const secrets = env
      .split("\n")
      .filter((line) => /^\w+=/.test(line) && secretName.test(line.split("=")[0] ?? ""));
    assert.ok(secrets.length > 20);
    // Secrets generated in the cloud have only letters and digits.
    for (const line of secrets) assert.match(line, /^\w+=local_[a-z0-9_]+$/);
    assert.equal(new Set(secrets.map((line) => line.split("=")[1])).size, secrets.length);
  });

  it("fill the database only with the profile seed, or at each start with --seed", async () => {
    const seed = async (given: object) =>
      (parse((await files("ams", given))["compose.yaml"] ?? "") as { services: Record<string, Parsed> })
        .services.seed;
    assert.deepEqual((await seed({}))?.profiles, ["seed"]);
    assert.equal((await seed({ seed: true }))?.profiles, undefined);
    assert.deepEqual((await seed({}))?.entrypoint, specs.ams?.migration?.seed);
  });
});
