import assert from "node:assert/strict";
import * as path from "node:path";
import { document } from "../../preview/report/json";
import { allStacksOf, placeOf } from "../../preview/stacks";
import { compare } from "./compare";
import { foundationOf } from "../support/foundations";
import { recordingOf } from "../support/recordings";
import { offlineOf, type Offline } from "./offline";
import type { OfflineResource, Planned } from "./plan";
import {
  abandoned,
  distance,
  hashes,
  programDigest,
  readRecord,
  recordCommand,
  renewed,
  type EngineRecord,
} from "./record";

const project = path.join(__dirname, "../..");
const database = "urn:pulumi:dev::plinth::aws:rds/instance:Instance::db";
const renamed = database.replace("::db", "::data");
const deployment = "urn:pulumi:dev::plinth::kubernetes:apps/v1:Deployment::api";

const resource = (urn: string, options: OfflineResource["options"] = {}): OfflineResource => ({
  urn,
  type: urn.split("::")[2] ?? "",
  name: urn.split("::")[3] ?? "",
  parent: null,
  provider: null,
  custom: true,
  protect: false,
  dependencies: [],
  inputs: {},
  options,
});
const planned = (urn: string, inputs = {}): Planned => ({
  urn,
  custom: true,
  protect: false,
  inputs,
  options: {},
});

describe("a record of an engine run", () => {
  it("has one hash per resource, sorted and independent of the order of keys", () => {
    const one = hashes([planned("urn:b", { x: 1, y: 2 }), planned("urn:a")]);
    assert.deepEqual(Object.keys(one), ["urn:a", "urn:b"]);
    assert.deepEqual(hashes([planned("urn:a"), planned("urn:b", { y: 2, x: 1 })]), one);
    assert.notEqual(hashes([planned("urn:a", { x: 1 })])["urn:a"], one["urn:a"]);
  });

  it("lists what was added, removed and changed since", () => {
    const found = distance({ a: "1", b: "1", c: "1" }, { b: "1", c: "2", d: "1" });
    assert.deepEqual(found, { added: ["d"], removed: ["a"], changed: ["c"] });
  });

  it("reports a stateful resource whose URN is missing", () => {
    assert.deepEqual(abandoned({ [database]: "1" }, [resource(renamed)]), [database]);
  });

  it("finds a stateful resource by its alias", () => {
    const options = { aliases: [{ name: "db" }] };
    assert.deepEqual(abandoned({ [database]: "1" }, [resource(renamed, options)]), []);
    assert.deepEqual(abandoned({ [database]: "1" }, [resource(renamed, { aliases: [database] })]), []);
  });

  it("marks what only the offline preview has shown, until the engine has received it", () => {
    const record: EngineRecord = {
      stack: "dev",
      cli: "1",
      program: "",
      resources: { a: "1", b: "1", c: "1" },
    };
    const once = renewed(project, record, { a: "1", b: "2", d: "1" });
    assert.deepEqual([once.resources, once.offline], [{ a: "1", b: "2", d: "1" }, ["b", "d"]]);
    const twice = renewed(project, once, { a: "3", b: "2" });
    assert.deepEqual(twice.offline, ["a", "b"]);
    assert.equal(renewed(project, record, record.resources).offline, undefined);
  });

  it("doesn't report a missing resource without data", () => {
    assert.deepEqual(abandoned({ [deployment]: "1" }, []), []);
  });
});

const noVerdicts = { policies: [], violations: [], pack: { name: "none", version: "0" } };

/** The resources in the output of `npm run preview -- <stack> --json`, from the shared recording. */
async function previewed(name: string): Promise<string> {
  const { folder, stack } = placeOf(project, name);
  const recording = folder === project ? await recordingOf(stack) : (await foundationOf(stack)).recording;
  return JSON.stringify(document(stack, recording, noVerdicts));
}

for (const stack of allStacksOf(project))
  describe(`the committed record of ${stack}`, () => {
    const record = readRecord(project, stack);
    let offline: Offline;

    before(async function () {
      if (record === undefined) {
        console.log(`      no record of ${stack}: ${recordCommand(stack)}`);
        this.skip();
      }
      offline = offlineOf(await previewed(stack));
    });

    it("has lost no stateful resource: each still has its URN, or an alias", () => {
      assert.deepEqual(abandoned(record?.resources ?? {}, offline.resources), []);
    });

    it("matches the offline preview", function () {
      const found = distance(record?.resources ?? {}, hashes(offline.plan));
      const [added, removed, changed] = [found.added, found.removed, found.changed].map(
        ({ length }) => length,
      );
      const differs = [added, removed, changed].some((count) => count !== 0);
      if (differs && record?.program !== programDigest(project, stack)) {
        console.log(
          `      the program has changed since the record of ${stack} was made: ${added} resources added, ${removed} removed, ${changed} changed; renew it: npm run record -- ${stack}`,
        );
        this.skip();
      }
      assert.deepEqual(found, { added: [], removed: [], changed: [] });
      if (record?.offline !== undefined)
        console.log(
          `      ${record.offline.length} resources of ${stack} are as the offline preview alone shows them: ${recordCommand(stack)}`,
        );
    });
  });

describe("the comparison with the engine", () => {
  it("reports no difference to the same plan, and a missing resource", () => {
    const plan = [planned("urn:a"), planned("urn:b")];
    assert.deepEqual(compare(plan, plan), []);
    assert.equal(compare(plan, plan.slice(1)).length, 1);
  });
});
