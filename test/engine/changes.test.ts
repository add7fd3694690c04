import assert from "node:assert/strict";
import { parseDocument } from "yaml";
import type { Change } from "./change";
import { lost, moreReplicas, newImage, wrongSteps } from "./changes";
import type { Step } from "./events";
import { failBack, promotion } from "./standby-changes";
import { largerDatabase, otherSettings } from "./store-changes";

const stackFile = `config:
  plinth:credentials: { rotationDays: 30 }
  plinth:systems:
    one:
      stores:
        postgres:
          class: db.t4g.micro
          storage: 20
          parameters: { max_connections: 100 }
          pooling: { kind: rds-proxy, connections: 60 }
        cache: { nodeType: cache.t4g.micro }
        backups: { coldDays: 60, noncurrentDays: 7, objectLockDays: 30 }
        files: { warmDays: 30, coldDays: 90 }
        tasks: { visibilitySeconds: 60, maxReceives: 5 }
      workloads:
        api: { image: one/api:1.0.0, replicas: 2 }
        web: { image: one/web:1.0.0, autoscaling: { min: 2, max: 4 } }
    two:
      workloads:
        api: { image: "two@sha256:0123456789abcdef", replicas: 1 }
`;

function edited(change: Change): { shown: string[]; text: string } {
  const document = parseDocument(stackFile);
  return { shown: (change.edit(document) ?? []).map(({ text }) => text), text: document.toString() };
}
const shown = (text: string) => [{ type: /Deployment/, text }];

const step = (op: Step["op"], type: string, inputs: Step["inputs"] = {}): Step => ({
  op,
  type,
  inputs,
  changed: [],
  urn: `urn:pulumi:s::p::${type}::it`,
});
const deployment = "kubernetes:apps/v1:Deployment";
const database = "aws:rds/instance:Instance";

describe("the changes of a stack file", () => {
  it("change the image of each system's first workload", () => {
    const { shown, text } = edited(newImage);
    assert.deepEqual(shown, ["one/api:1.0.0-next", "two@sha256:012345670e0e0e0e"]);
    assert.match(text, /api: \{ image: one\/api:1\.0\.0-next/);
    assert.match(text, /web: \{ image: one\/web:1\.0\.0,/);
  });

  it("change each database to the next larger class with more storage", () => {
    const { shown, text } = edited(largerDatabase);
    assert.deepEqual(shown, ["db.t4g.small", "25"]);
    assert.match(text, /class: db\.t4g\.small\n +storage: 25\n/);
  });

  it("change another setting of each kind of store", () => {
    const { shown, text } = edited(otherSettings);
    assert.deepEqual(shown, [
      '{"applyMethod":"pending-reboot","name":"max_connections","value":"200"}',
      "cache.t4g.small",
      '"noncurrentDays":8',
      '"days":31',
      "AFTER_180_DAYS",
      '"visibilityTimeoutSeconds":90',
      '\\"maxReceiveCount\\":6',
      '"automaticallyAfterDays":40',
    ]);
    assert.match(text, /rotationDays: 40/);
    assert.match(text, /tasks: \{ visibilitySeconds: 90, maxReceives: 6 \}/);
    assert.match(text, /max_connections: 200/);
    assert.match(text, /kind: rds-proxy, connections: 120/);
    assert.match(text, /backups: \{ coldDays: 60, noncurrentDays: 8, objectLockDays: 31 \}/);
    assert.match(text, /files: \{ warmDays: 30, coldDays: 180 \}/);
  });

  it("add a pod to each workload's replicas or minimum", () => {
    const { text } = edited(moreReplicas);
    assert.match(text, /image: one\/api:1\.0\.0, replicas: 3/);
    assert.match(text, /min: 3, max: 4/);
  });

  it("add the cores for more pods, as a text or a number", () => {
    const document = parseDocument(
      'config:\n  plinth:account: { quotas: { L-34B43A08: 16 } }\n  plinth:cluster: { nodePool: { limits: { cpu: "16" } } }\n',
    );
    moreReplicas.edit(document);
    assert.deepEqual(document.toJS(), {
      config: {
        "plinth:account": { quotas: { "L-34B43A08": 20 } },
        "plinth:cluster": { nodePool: { limits: { cpu: "20" } } },
      },
    });
  });
});

describe("the changes of a second region", () => {
  it("are omitted without one", () => {
    for (const change of [promotion, failBack])
      assert.equal(change.edit(parseDocument(stackFile)), undefined);
  });

  it("make it active, and the first one with new copies", () => {
    const document = parseDocument("config:\n  plinth:standby: { region: x, active: primary }\n");
    promotion.edit(document);
    assert.match(document.toString(), /\{ region: x, active: secondary \}/);
    failBack.edit(document);
    assert.match(document.toString(), /\{ region: x, active: primary, copy: 2 \}/);
  });

  it("refuse to delete a database", () => {
    const gone = { ...step("delete", database), urn: `urn:pulumi:s::p::${database}::standby-one-copy-1` };
    assert.ok(wrongSteps(failBack, [gone], []).length > 0);
    assert.deepEqual(wrongSteps(failBack, [{ ...gone, op: "create" }], []), []);
  });
});

describe("the steps of a change", () => {
  it("are right if they update the expected types", () => {
    assert.deepEqual(wrongSteps(newImage, [step("update", deployment, { image: "a:2" })], shown("a:2")), []);
  });

  it("are wrong if no input has the new value", () => {
    const wrong = wrongSteps(newImage, [step("update", deployment, { image: "a:1" })], shown("a:2"));
    assert.deepEqual(wrong, ["nothing of /Deployment/ that was updated has a:2"]);
    assert.match(wrongSteps(newImage, [], []).join(), /^nothing of .*Deployment.* was updated$/);
  });

  it("are wrong if only another type has the new value", () => {
    const steps = [step("update", "kubernetes:apps/v1:StatefulSet", { image: "a:2" })];
    assert.equal(wrongSteps(newImage, steps, shown("a:2")).length, 1);
  });

  it("are wrong if they affect other resources", () => {
    const wrong = wrongSteps(
      largerDatabase,
      [step("update", database), step("update", "aws:eks/cluster:Cluster")],
      [],
    );
    assert.match(wrong.join(), /Cluster::it: update, which isn't part of the change$/);
  });

  it("are wrong if a database is replaced", () => {
    const steps = [
      step("create-replacement", database),
      step("replace", database),
      step("delete-replaced", database),
    ];
    assert.equal(lost(steps).length, 3);
    assert.ok(wrongSteps(largerDatabase, steps, []).length > 3);
  });

  it("lose data in files, queues and logs, and confirmed subscriptions", () => {
    const types = [
      "efs/fileSystem:FileSystem",
      "sqs/queue:Queue",
      "cloudwatch/logGroup:LogGroup",
      "sns/topic:Topic",
    ];
    assert.equal(lost(types.map((type) => step("replace", `aws:${type}`))).length, types.length);
  });

  it("lose nothing if the deleted resource holds no data", () => {
    const ways = ["aws:efs/accessPoint:AccessPoint", "aws:rds/proxy:Proxy"].map((type) =>
      step("replace", type),
    );
    assert.deepEqual(lost([step("delete", deployment), step("update", database), ...ways]), []);
  });
});
