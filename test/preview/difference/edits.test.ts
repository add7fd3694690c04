import assert from "node:assert/strict";
import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Document } from "yaml";
import type { Verdicts } from "../../../preview/analyzer/pack";
import { differenceOf, type DifferenceDocument } from "../../../preview/difference/document";
import { humanDifference } from "../../../preview/difference/human";
import { markdownDifference } from "../../../preview/difference/markdown";
import { document } from "../../../preview/report/json";
import type { Recording } from "../../../preview/run-program";
import type { Catalog } from "../../../systems/spec";
import { drop, set } from "../../support/edits";
import { catalog, recordingOf } from "../../support/frozen";
import { projectIn } from "../../support/project";

const none: Verdicts = { pack: { name: "pack", version: "1.0.0" }, policies: [], violations: [] };
const folder = join(__dirname, "../../fixtures/project");

interface Edit {
  file?: (file: Document) => void;
  catalog?: Catalog;
}

const planOf = async (recording: Promise<Recording>) => document("dev", await recording, none);
let unchanged: ReturnType<typeof planOf> | undefined;
const plans = new WeakMap<Edit, ReturnType<typeof planOf>>();

/** The difference that an edit of the descriptions or of dev's stack file makes. */
async function differenceOfEdit(edit: Edit, accepted: string[] = []): Promise<DifferenceDocument> {
  const project = projectIn(folder, edit.catalog ?? catalog);
  const changed = plans.get(edit) ?? planOf(project.recordingWith("dev", edit.file));
  plans.set(edit, changed);
  unchanged ??= planOf(recordingOf("dev"));
  return differenceOf(await unchanged, await changed, { name: "main", sameStack: true, accepted });
}

/** A system of the catalog with some parts changed. */
const withSystem = (name: string, change: (spec: NonNullable<Catalog[string]>) => object): Catalog => {
  const spec = (catalog as Catalog)[name] ?? assert.fail(name);
  return { ...catalog, [name]: { ...spec, ...change(spec) } };
};

const rowOf = ({ rows }: DifferenceDocument, name: string) =>
  rows.find((row) => row.name === name) ?? assert.fail(`no row for ${name}`);

const databaseName: Edit = {
  catalog: withSystem("ams", ({ stores }) => ({
    stores: { ...stores, postgres: { ...stores.postgres, database: "assets" } },
  })),
};

const newImage: Edit = { file: set("systems.tapwork.workloads.api.image", "tapwork/api:v9") };

const { scanner, ...otherWorkloads } = catalog.tapwork?.workloads ?? {};
const at = (key: string) => ["config", "plinth:systems", "tapwork", "workloads", key];
/** TAPWORK's scanner under another key: the Deployment keeps its own name. */
const renamedWorkload: Edit = {
  catalog: withSystem("tapwork", () => ({ workloads: { ...otherWorkloads, reader: scanner } })),
  file: (file) => {
    file.setIn(at("reader"), file.getIn(at("scanner")));
    file.deleteIn(at("scanner"));
  },
};

/** `UPDATE_SNAPSHOTS=1` updates the snapshot. */
function matches(name: string, comment: string): void {
  // Digests depend on scripts and images, which change independently.
  const text = comment.replaceAll(/\b[0-9a-f]{8}(?:[0-9a-f]{4})?\b/g, "<digest>");
  const file = join(__dirname, "comments", `${name}.md`);
  if (process.env.UPDATE_SNAPSHOTS === "1") writeFileSync(file, text);
  assert.equal(text, readFileSync(file, "utf8"), `UPDATE_SNAPSHOTS=1 writes ${file}`);
}

describe("the comment on a pull request", () => {
  it("of a new image", async () => {
    const found = await differenceOfEdit(newImage);
    matches("image", markdownDifference(found));
  });

  it("of a database's name, whose instance is replaced", async () => {
    matches("database-name", markdownDifference(await differenceOfEdit(databaseName)));
  });

  it("of a workload's key", async () => {
    matches("renamed-workload", markdownDifference(await differenceOfEdit(renamedWorkload)));
  });
});

describe("the difference of two stacks", () => {
  it("replaces and loses nothing, and proposes no alias", async () => {
    const recording = await recordingOf("dev");
    const plans = [recording, recording].map((each) => document("dev", each, none));
    assert.ok(plans[0] !== undefined && plans[1] !== undefined);
    plans[1].resources = plans[1].resources
      .filter(({ type }) => type !== "aws:s3/bucket:Bucket")
      .map((resource) =>
        resource.type === "aws:rds/instance:Instance"
          ? { ...resource, inputs: { ...resource.inputs, dbName: "other" } }
          : resource,
      );
    const found = differenceOf(plans[0], plans[1], { name: "stack x", sameStack: false, accepted: [] });
    const { summary, lost, renames, rows } = found;
    assert.deepEqual([summary.replaced, lost, renames], [0, [], []]);
    assert.ok(
      summary.deleted > 0 && rows.every(({ loses, changes }) => !loses && changes.every((c) => !c.replaces)),
    );
    assert.ok(rows.some(({ action, changes }) => action === "changed" && changes[0]?.path === "dbName"));
  });
});

describe("the difference of an edit", () => {
  it("without an edit is empty", async () => {
    const { rows, renames, lost } = await differenceOfEdit({});
    assert.deepEqual([rows, renames, lost], [[], [], []]);
  });

  it("of an image: the Deployment changes in place, and the gates run again", async () => {
    const found = await differenceOfEdit(newImage);
    const deployment = rowOf(found, "primary-tapwork-api-deployment");
    assert.equal(deployment.action, "changed");
    assert.deepEqual(
      deployment.changes.map(({ path, replaces }) => [path, replaces]),
      [["spec.template.spec.containers[api].image", false]],
    );
    assert.equal(rowOf(found, "primary-tapwork-gates-migrate-job").action, "replaced");
    assert.deepEqual(found.lost, []);
  });

  it("of an instance class: the instance changes in place", async () => {
    const found = await differenceOfEdit({ file: set("systems.ams.stores.postgres.class", "db.m7g.xlarge") });
    const { action, changes, loses } = rowOf(found, "primary-ams-stores-postgres-primary");
    assert.deepEqual([action, loses], ["changed", false]);
    assert.deepEqual(changes, [
      { path: "instanceClass", before: "db.t4g.micro", after: "db.m7g.xlarge", replaces: false },
    ]);
  });

  it("of a database's name: the instance is replaced, and comes first", async () => {
    const found = await differenceOfEdit(databaseName);
    const [first] = found.rows;
    assert.equal(first?.name, "primary-ams-stores-postgres-primary");
    assert.deepEqual([first?.action, first?.loses], ["replaced", true]);
    assert.deepEqual(first?.changes, [{ path: "dbName", before: "ams", after: "assets", replaces: true }]);
    assert.deepEqual(found.lost, [first?.urn]);
    const gate = rowOf(found, "primary-ams-gates-preflight-job");
    assert.deepEqual([gate.action, gate.because], ["replaced", first?.urn]);
    assert.match(
      humanDifference(found, false),
      /^dev against main: .*\n\nSTATEFUL RESOURCES ARE REPLACED OR DELETED: .*\n {2}± replaced Instance /,
    );
  });

  it("of a database's name: nothing is lost that --accept names", async () => {
    const { lost } = await differenceOfEdit(databaseName);
    assert.deepEqual((await differenceOfEdit(databaseName, lost)).lost, []);
    await assert.rejects(differenceOfEdit(databaseName, ["urn:wrong"]), /--accept urn:wrong: no stateful .*/);
  });

  it("of a store that is removed: its bucket is deleted, and lost", async () => {
    const found = await differenceOfEdit({
      catalog: withSystem("tapwork", ({ stores }) => ({
        stores: Object.fromEntries(Object.entries(stores).filter(([key]) => key !== "backups")),
      })),
      file: drop("systems.tapwork.stores.backups"),
    });
    const bucket = rowOf(found, "primary-tapwork-stores-backups-bucket");
    assert.deepEqual([bucket.action, bucket.loses], ["deleted", true]);
    assert.equal(found.summary.deleted, found.rows.length);
    assert.deepEqual(found.lost, [bucket.urn]);
  });

  it("of a workload's key: a probable rename, with the alias that keeps what has its own name", async () => {
    const found = await differenceOfEdit(renamedWorkload);
    const rename = found.renames.find(({ type }) => type === "plinth:workload:Workload");
    assert.deepEqual(rename?.alias, { name: "primary-tapwork-scanner" });
    assert.ok(rename.keeps > 0, "the alias keeps nothing");
    assert.deepEqual([rename.replaces, found.lost], [0, []]);
    assert.ok(!found.rows.some(({ loses }) => loses));
  });
});
