import assert from "node:assert/strict";
import { parseDocument } from "yaml";
import { largerDatabase, lost, moreReplicas, newImage, wrongSteps, type Change } from "./changes";
import type { Step } from "./events";

const stackFile = `config:
  plinth:systems:
    one:
      stores:
        postgres: { class: db.t4g.micro, storage: 20 }
        cache: { nodeType: cache.t4g.micro }
      workloads:
        api: { image: one/api:1.0.0, replicas: 2 }
        web: { image: one/web:1.0.0, autoscaling: { min: 2, max: 4 } }
    two:
      workloads:
        api: { image: "two@sha256:0123456789abcdef", replicas: 1 }
`;

function edited(change: Change): { shown: string[]; text: string } {
  const document = parseDocument(stackFile);
  return { shown: change.edit(document), text: document.toString() };
}

const step = (op: Step["op"], type: string, inputs: Step["inputs"] = {}): Step => ({
  op,
  type,
  inputs,
  urn: `urn:pulumi:s::p::${type}::it`,
});
const deployment = "kubernetes:apps/v1:Deployment";
const database = "aws:rds/instance:Instance";

describe("the changes of a stack file", () => {
  it("give the first workload of each system another image", () => {
    const { shown, text } = edited(newImage);
    assert.deepEqual(shown, ["one/api:1.0.0-next", "two@sha256:012345670e0e0e0e"]);
    assert.match(text, /api: \{ image: one\/api:1\.0\.0-next/);
    assert.match(text, /web: \{ image: one\/web:1\.0\.0,/);
  });

  it("give each database the next class and more storage", () => {
    const { shown, text } = edited(largerDatabase);
    assert.deepEqual(shown, ["db.t4g.small", "25"]);
    assert.match(text, /postgres: \{ class: db\.t4g\.small, storage: 25 \}/);
  });

  it("give each workload one pod more, fixed or at least", () => {
    const { text } = edited(moreReplicas);
    assert.match(text, /image: one\/api:1\.0\.0, replicas: 3/);
    assert.match(text, /min: 3, max: 4/);
  });
});

describe("the steps of a change", () => {
  it("are right where they update what was to be updated", () => {
    assert.deepEqual(wrongSteps(newImage, [step("update", deployment, { image: "a:2" })], ["a:2"]), []);
  });

  it("are wrong where nothing shows the change", () => {
    const wrong = wrongSteps(newImage, [step("update", deployment, { image: "a:1" })], ["a:2"]);
    assert.deepEqual(wrong, ["nothing that was updated has a:2"]);
    assert.match(wrongSteps(newImage, [], []).join(), /^nothing of .*Deployment.* was updated$/);
  });

  it("are wrong where they touch something else", () => {
    const wrong = wrongSteps(
      largerDatabase,
      [step("update", database), step("update", "aws:eks/cluster:Cluster")],
      [],
    );
    assert.match(wrong.join(), /Cluster::it: update, which isn't part of the change$/);
  });

  it("are wrong where a database is replaced", () => {
    const steps = [
      step("create-replacement", database),
      step("replace", database),
      step("delete-replaced", database),
    ];
    assert.equal(lost(steps).length, 3);
    assert.ok(wrongSteps(largerDatabase, steps, []).length > 3);
  });

  it("lose nothing where what goes holds nothing", () => {
    assert.deepEqual(lost([step("delete", deployment), step("update", database)]), []);
  });
});
