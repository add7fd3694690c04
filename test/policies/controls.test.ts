import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { publishedStandards } from "../../policies/controls";
import { policies } from "../../policies/pack";
import { documentation } from "./docs";

const root = join(__dirname, "../..");
const source = (path: string) => readFileSync(join(root, path), "utf8");

describe("policies in the documentation", () => {
  it("have unique names", () => {
    const all = policies.map(({ name }) => name);
    assert.deepEqual(all, [...new Set(all)]);
    for (const name of all) assert.match(name, /^[a-z0-9]+(-[a-z0-9]+)+$/);
  });

  for (const policy of policies) {
    it(`${policy.name} has a description that states the rule, and a remediation`, () => {
      assert.match(policy.description, /^[A-Z].* (must|should) .*\.$/);
      assert.match(policy.remediationSteps ?? "", /^[A-Z].*\.$/);
      assert.match(policy.url ?? "", /^https:\/\/[a-z0-9.-]+\/\S+$/);
      assert.ok(policy.severity);
      for (const setting of Object.values(policy.configSchema?.properties ?? {})) {
        assert.notEqual(setting.default, undefined);
      }
    });
  }

  it("match docs/policies.md (npm run docs:policies), which has a reason for each unread property", async () => {
    const { is, made } = await documentation({ write: process.env.UPDATE_DOCS === "1" });
    assert.ok(!made.includes("NO REASON"), "policies/unread.ts lacks a reason");
    // A full diff would be a page long.
    assert.ok(is === made, "docs/policies.md is out of date: npm run docs:policies");
  });

  it("implement controls of published standards, which name no unknown policy", () => {
    const all = new Set(policies.map(({ name }) => name));
    for (const { name, controls } of publishedStandards)
      for (const [id, , rules] of controls)
        if (typeof rules !== "string")
          for (const rule of rules) assert.ok(all.has(rule), `${name} ${id}: ${rule}`);
        else assert.match(rules, /\.$/);
  });
});

describe("the resource types that policies name", () => {
  const tokens = [source("policies/aws/types.ts"), source("policies/kubernetes/types.ts")]
    .flatMap((text) => [...text.matchAll(/^ {2}"([^"]+)":/gm)])
    .map(([, token]) => token ?? "");

  it("are found", () => assert.ok(tokens.length > 60));

  for (const token of tokens.filter((one) => !one.includes("keda.sh"))) {
    it(`${token} exists in the SDK`, () => assert.match(source(sdkFile(token)), declares(token)));
  }
});

/** The SDK's file that declares a type, from its token. */
function sdkFile(token: string): string {
  const [first = "", middle = "", kind = ""] = token.split(":");
  if (first === "pulumi") return `node_modules/@pulumi/${kind}/provider.js`;
  if (first === "random") return `node_modules/@pulumi/random/${middle.replace("index/", "")}.js`;
  if (first === "aws") return `node_modules/@pulumi/aws/${middle}.js`;
  const [group = "", version = ""] = middle.split("/");
  const folders: Record<string, string> = { "rbac.authorization.k8s.io": "rbac", "helm.sh": "helm" };
  const file = kind.charAt(0).toLowerCase() + kind.slice(1);
  return `node_modules/@pulumi/kubernetes/${folders[group] ?? group.split(".")[0]}/${version}/${file}.js`;
}

/** A provider's class contains its package's name; any other the whole token. */
function declares(token: string): RegExp {
  const mark = token.startsWith("pulumi:") ? token.split(":")[2] : token;
  return new RegExp(`__pulumiType = '${mark?.replaceAll(".", "\\.")}'`);
}
