import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, readdirSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import * as proto from "@pulumi/pulumi/proto/analyzer_pb";
import { policies } from "../../policies/pack";
import { LEVELS, readLevels, unknownPolicies } from "../../preview/analyzer/levels";
import { policyConfiguration } from "../../preview/analyzer/messages";
import { allStacksOf } from "../../preview/stacks";
import { stacks } from "../support/stacks";

const root = join(__dirname, "../..");

describe("policy config files", () => {
  let folder: string;
  before(() => {
    folder = mkdtempSync(join(tmpdir(), "plinth-levels-"));
    mkdirSync(join(folder, "policies", "config"), { recursive: true });
  });
  after(() => rmSync(folder, { recursive: true, force: true }));
  const written = (text: string) => {
    writeFileSync(join(folder, "policies", "config", "dev.json"), text);
    return () => readLevels(folder, "dev");
  };

  it("are empty if there is none", () => assert.deepEqual(readLevels(folder, "prod"), {}));

  it("give a level, or a level and settings", () => {
    assert.deepEqual(written('{"a": "disabled", "b": {"enforcementLevel": "advisory", "days": 3}}')(), {
      a: { enforcementLevel: "disabled", settings: {} },
      b: { enforcementLevel: "advisory", settings: { days: 3 } },
    });
  });

  it("are refused as a whole, with what is allowed", () => {
    assert.throws(written("{"), /^Error: policies\/config\/dev\.json isn't valid JSON/);
    assert.throws(written("[]"), /allowed is an object/);
    assert.throws(written('{"a": "maybe", "b": 3}'), {
      message: `policies/config/dev.json:\n  a: found level "maybe"; allowed are ${LEVELS.join(", ")}.\n  b: found level 3; allowed are ${LEVELS.join(", ")}.`,
    });
    assert.match(
      unknownPolicies({ x: { settings: {} }, all: { settings: {} } }, ["y"], "dev") ?? "",
      /no policy x;/,
    );
  });

  it("configure the pack as the engine would", () => {
    const policy = (name: string) =>
      new proto.PolicyInfo().setName(name).setEnforcementlevel(proto.EnforcementLevel.MANDATORY);
    const info = new proto.AnalyzerInfo().setPoliciesList([policy("a"), policy("b")]);
    const levels = {
      all: { enforcementLevel: "advisory", settings: {} },
      b: { enforcementLevel: "remediate", settings: { days: 3 } },
    };
    const found = policyConfiguration(info, levels).getPolicyconfigMap();
    assert.equal(found.get("a")?.getEnforcementlevel(), proto.EnforcementLevel.ADVISORY);
    assert.equal(found.get("b")?.getEnforcementlevel(), proto.EnforcementLevel.REMEDIATE);
    assert.deepEqual(found.get("b")?.getProperties()?.toJavaScript(), { days: 3 });
  });

  it("exist for each stack, and name rules of the pack", () => {
    const names = policies.map(({ name }) => name);
    for (const stack of stacks)
      assert.equal(unknownPolicies(readLevels(root, stack), names, stack), undefined);
    const folder = join(root, "policies", "config");
    const files = readdirSync(folder, { recursive: true })
      .map(String)
      .filter((file) => file.endsWith(".json"))
      .sort();
    assert.deepEqual(
      files,
      allStacksOf(root)
        .map((stack) => `${stack}.json`)
        .sort(),
    );
    for (const file of files) JSON.parse(readFileSync(join(folder, file), "utf8"));
  });
});
