import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import { databaseExporters } from "../../components/system/database-exporters";
import { catalog } from "../../systems";
import { formatted } from "../../tools/format";
import type { SystemSpec } from "../../systems/spec";
import { drop } from "../support/edits";
import { firstRegionIn, objects, podOwners, recordingOf, recordingWith } from "../support/recordings";
import { disposable, stacks, type Stack } from "../support/stacks";
import { section } from "./contract";

const file = join(__dirname, "..", "..", "docs", "image-contract.md");
const marks = { begin: "<!-- generated: begin -->", end: "<!-- generated: end -->" };
/** Prettier would pad each cell of a table to its column's width. */
const raw = { begin: "<!-- prettier-ignore-start -->", end: "<!-- prettier-ignore-end -->" };

/** The page shows a disposable stack, since that one has the mail catchers. */
const documented = stacks.find(disposable) ?? assert.fail("no stack is disposable");

/** Exporters of databases, whose image isn't ours, and which only a stack with Prometheus has. */
const exporters = Object.values<SystemSpec>(catalog)
  .flatMap(databaseExporters)
  .map(({ exporter: { namespace, name } }) => `${namespace}/${name}`);

/** Sections of every Deployment and Rollout of the systems in a stack, by `namespace/name`. */
async function sections(stack: Stack, edit?: (file: Document) => void): Promise<Map<string, string>> {
  const recording = firstRegionIn(
    await (edit === undefined ? recordingOf(stack) : recordingWith(stack, edit)),
  );
  const manifests = (kind: string) =>
    [...objects(recording, kind)].map(([key, { manifest }]) => [key, manifest] as const);
  const configMaps = new Map(manifests("ConfigMapPatch"));
  return new Map(
    [...podOwners(recording)]
      .filter(
        ([key, { manifest }]) =>
          (manifest.metadata.labels?.["app.kubernetes.io/part-of"] ?? "") in catalog &&
          !exporters.includes(key),
      )
      .map(([key, { manifest }]) => [key, manifest] as const)
      .sort(([one], [other]) => one.localeCompare(other))
      .map(([key, manifest]) => [key, section(manifest, configMaps)]),
  );
}

/** The page with its generated part updated. */
async function page(current: string): Promise<string> {
  const [before, rest] = current.split(marks.begin);
  const [, after] = (rest ?? "").split(marks.end);
  assert.ok(before !== undefined && after !== undefined, `${file} has no markers of its generated part`);
  const generated = [raw.begin, ...(await sections(documented)).values(), raw.end].join("\n\n");
  const text = `${before}${marks.begin}\n\n${generated}\n\n${marks.end}${after}`;
  return formatted(file, text);
}

describe("docs/image-contract.md", function () {
  // Runs the program once per stack.

  it("matches the pods (UPDATE_DOCS=1 npm run test:unit writes it)", async () => {
    const current = readFileSync(file, "utf8");
    const wanted = await page(current);
    if (process.env.UPDATE_DOCS === "1") writeFileSync(file, wanted);
    assert.equal(readFileSync(file, "utf8"), wanted);
  });

  it("is the same for every stack, except for mail catchers and a stand-in of disposable ones", async () => {
    const shown = await sections(documented, drop("systems.tapwork.workloads.biometric"));
    assert.ok(shown.delete("tapwork/smtp") && shown.delete("asset-management/smtp"));
    for (const stack of stacks.filter((each) => !disposable(each)))
      assert.deepEqual(await sections(stack), shown, stack);
  });
});
