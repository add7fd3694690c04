import * as assert from "node:assert/strict";

import * as pulumi from "@pulumi/pulumi";

import { previewProgram } from "../../preview/run-program";
import { redact, secret } from "../../preview/wire";
import { ConfigMap, Group, Provider, Thing, THING } from "./cloud";

describe("a recording", () => {
  it("has the URNs, parents and provider references that the engine has", async () => {
    const { resources } = await previewProgram(
      () => {
        const provider = new Provider("p");
        const build = (parent: Group) => {
          const inner = new Group("a-b", (group) => ({ id: new Thing("a-b-c", {}, { parent: group }).id }), {
            parent,
          });
          return { inner: inner.urn };
        };
        new Group("a", build, { provider });
      },
      { project: "proj", stack: "dev" },
    );
    const urns = [...resources.values()].map(({ urn, parent, provider }) => ({ urn, parent, provider }));
    const base = "urn:pulumi:dev::proj::";
    const root = `${base}pulumi:pulumi:Stack::proj-dev`;
    const p = `${base}pulumi:providers:cloud::p`;
    const reference = `${p}::04da6b54-80e4-46f7-96ec-b56ff0331ba9`;
    const [a, b] = [`${base}test:group:Group::a`, `${base}test:group:Group$test:group:Group::a-b`];
    assert.deepEqual(urns, [
      { urn: p, parent: root, provider: undefined },
      { urn: root, parent: undefined, provider: undefined },
      { urn: `${base}test:group:Group$test:group:Group$${THING}::a-b-c`, parent: b, provider: reference },
      { urn: b, parent: a, provider: undefined },
      { urn: a, parent: root, provider: undefined },
    ]);
  });

  it("keeps what was sent, and returns inputs as known and the rest as unknown", async () => {
    const recording = await previewProgram(() => {
      const provider = new Provider("p");
      const first = new Thing("first", { size: 3 }, { provider, additionalSecretOutputs: ["key"] });
      const fromFirst = { size: first.size, endpoint: first.endpoint, id: first.id, key: first.key };
      new Thing(
        "second",
        { tags: fromFirst, password: pulumi.secret("x") },
        { provider, dependsOn: [provider] },
      );
      return { size: first.size, endpoint: first.endpoint, isSecret: pulumi.isSecret(first.key) };
    });
    const second = recording.one(THING, "second");
    const urn = recording.one(THING, "first").urn;
    const unknown = pulumi.runtime.unknownValue;
    const tags = { size: 3, endpoint: unknown, id: unknown, key: unknown };
    assert.deepEqual(second.inputs, { tags, password: secret("x") });
    assert.deepEqual(second.propertyDependencies, { tags: [urn] });
    assert.deepEqual(second.dependencies, [urn, recording.one("pulumi:providers:cloud").urn].sort());
    assert.deepEqual(redact(recording.outputs), { size: 3, endpoint: "[unknown]", isSecret: true });
  });

  it("keeps the options", async () => {
    const recording = await previewProgram(() => {
      const provider = new Provider("p");
      const other = new Thing("other", {}, { provider, protect: true });
      new Thing(
        "thing",
        {},
        {
          provider,
          aliases: [{ name: "old" }, "urn:pulumi:test::plinth::x::y"],
          ignoreChanges: ["a"],
          replaceOnChanges: ["b"],
          deleteBeforeReplace: false,
          retainOnDelete: true,
          deletedWith: other,
          customTimeouts: { create: "20m" },
          version: "1.2.3",
          import: "id-1",
        },
      );
    });
    const { options, protect } = recording.one(THING, "thing");
    const parent = recording.one("pulumi:pulumi:Stack").urn;
    assert.equal(protect, false);
    assert.equal(recording.one(THING, "other").protect, true);
    assert.deepEqual(options, {
      aliases: [{ name: "old", parent }, "urn:pulumi:test::plinth::x::y"],
      ignoreChanges: ["a"],
      replaceOnChanges: ["b"],
      deleteBeforeReplace: false,
      retainOnDelete: true,
      deletedWith: recording.one(THING, "other").urn,
      customTimeouts: { create: "20m" },
      version: "1.2.3",
      import: "id-1",
    });
  });

  it("keeps a component's outputs", async () => {
    const recording = await previewProgram(() => new Group("g", () => ({ port: 5432 })));
    assert.deepEqual(recording.one("test:group:Group").outputs, { port: 5432 });
  });

  it("calls the program's exports, and waits for asynchronous work", async () => {
    const recording = await previewProgram(() => async () => {
      await new Promise((resolve) => setTimeout(resolve, 5));
      return { late: new Thing("late", { size: 1 }, { provider: new Provider("p") }).size };
    });
    assert.deepEqual(recording.outputs, { late: 1 });
  });

  it("gives an unnamed Kubernetes object a name that others can refer to", async () => {
    const object = { apiVersion: "v1", kind: "ConfigMap" };
    const recording = await previewProgram(() => {
      const provider = new Provider("p");
      const args = { apiVersion: object.apiVersion, kind: object.kind, metadata: undefined };
      return { name: new ConfigMap("map", args, { provider }).metadata.name };
    });
    assert.match(String(recording.outputs.name), /^map-[0-9a-f]{8}$/);
    assert.deepEqual(recording.one("kubernetes:core/v1:ConfigMap").inputs, object);
  });
});

describe("runs in one process", () => {
  it("don't share configuration, stack or resources", async () => {
    const program = () => ({ stack: pulumi.getStack(), a: new pulumi.Config().get("a") ?? "none" });
    const runs = ["x", "y", "z"].map((stack) =>
      previewProgram(program, { stack, project: "p", config: stack === "y" ? { "p:a": "1" } : {} }),
    );
    const outputs = (await Promise.all(runs)).map((recording) => recording.outputs);
    assert.deepEqual(outputs, [
      { stack: "x", a: "none" },
      { stack: "y", a: "1" },
      { stack: "z", a: "none" },
    ]);
  });

  it("continue after one that failed", async () => {
    await assert.rejects(
      previewProgram(() => assert.fail("on purpose")),
      /on purpose/,
    );
    const recording = await previewProgram(() => new Group("g", () => ({})));
    assert.equal(recording.resources.size, 2);
  });

  it("mark secret configuration", async () => {
    const options = { project: "p", config: { "p:a": "x" }, secretKeys: ["p:a"] };
    const { outputs } = await previewProgram(() => ({ a: new pulumi.Config().getSecret("a") }), options);
    assert.deepEqual(outputs, { a: secret("x") });
  });
});
