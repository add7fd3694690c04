import assert from "node:assert/strict";
import type { Recording } from "../../preview/run-program";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { firstRegionIn, firstRegionOf, objects, podOwners, recordingWith } from "../support/recordings";
import { largest, settingsOf, stacks } from "../support/stacks";
import { specOf } from "../support/inputs";

interface Owner {
  template: {
    metadata: { annotations: Record<string, unknown> };
    spec: { containers: { env: object[]; envFrom?: { configMapRef: { name: string } }[] }[] };
  };
}
const templateOf = (recording: Recording, name: string) =>
  specOf<Owner>(podOwners(recording).get(name)?.manifest).template;
const mapName = (recording: Recording) =>
  templateOf(recording, "tapwork/tapwork-api").spec.containers[0]?.envFrom?.[0]?.configMapRef.name;
const specs = Object.values<SystemSpec>(catalog);

for (const stack of stacks)
  describe(`${stack}: versions of a pod's configuration`, () => {
    it("each workload that reads a Secret has its digest, and restarts when it changes outside Pulumi", async () => {
      const recording = await firstRegionOf(stack);
      let readers = 0;
      for (const { secret, workloads } of specs)
        for (const { namespace, name, env } of Object.values(workloads)) {
          const owner = podOwners(recording).get(`${namespace}/${name}`);
          if (owner === undefined) continue;
          const reads = Object.values(env).some((source) => "key" in source);
          const { annotations } = templateOf(recording, `${namespace}/${name}`).metadata;
          assert.equal("checksum/secret" in (annotations ?? {}), reads, name);
          const own = owner.manifest.metadata.annotations ?? {};
          assert.equal(own["secret.reloader.stakater.com/reload"], reads ? secret : undefined, name);
          if (!reads) continue;
          readers += 1;
          // A new password isn't a new version: pods are replaced without a canary.
          assert.equal(own["reloader.stakater.com/rollout-strategy"], "restart");
          const synced = objects(recording, "ExternalSecret").get(`${namespace}/${secret}`);
          assert.ok(synced && "checksum/source" in (synced.manifest.metadata.annotations ?? {}));
          assert.ok(owner.resource.dependencies.includes(synced.resource.urn), name);
        }
      assert.ok(readers > 5);
    });

    it("Reloader reads the Secrets of the systems' namespaces, but no master user's", async () => {
      const recording = await firstRegionOf(stack);
      const namespaces = specs.flatMap((spec) => spec.namespaces);
      const release = recording
        .ofType("kubernetes:helm.sh/v3:Release")
        .find(({ inputs }) => inputs.name === "reloader");
      const { reloader } = release?.inputs.values as unknown as {
        reloader: { namespaces: string[]; watchGlobally: boolean; rbac: { enabled: boolean } };
      };
      assert.deepEqual([...reloader.namespaces].sort(), [...namespaces].sort());
      assert.deepEqual([reloader.watchGlobally, reloader.rbac.enabled], [false, false]);
      const bindings = [...objects(recording, "RoleBinding").keys()].filter((key) =>
        key.endsWith("/reloader"),
      );
      assert.deepEqual(
        bindings.sort(),
        [...namespaces, "reloader"].map((namespace) => `${namespace}/reloader`).sort(),
      );
    });
  });

describe("a ConfigMap of variables", () => {
  it("has a name that changes with its content, starts with the document's, and is retained when replaced", async () => {
    const before = await firstRegionOf(largest);
    const after = firstRegionIn(
      await recordingWith(largest, (file) =>
        file.setIn(["config", "plinth:systems", "tapwork", "env", "LOG_LEVEL"], "debug"),
      ),
    );
    const [old, now] = [mapName(before), mapName(after)];
    assert.match(String(old), /^tapwork-config-[0-9a-f]{8}$/);
    assert.match(String(now), /^tapwork-config-[0-9a-f]{8}$/);
    assert.notEqual(old, now);
    const { manifest, resource } = objects(after, "ConfigMapPatch").get(`tapwork/${now}`) ?? assert.fail();
    assert.equal((manifest as unknown as { immutable: boolean }).immutable, true);
    assert.equal(manifest.metadata.labels?.["plinth/versioned"], "true");
    assert.equal(resource.options.retainOnDelete, true);
  });
});

describe("a rotation without Reloader", () => {
  it("is refused", () =>
    assert.rejects(
      settingsOf(largest, (file) => file.deleteIn(["config", "plinth:cluster", "operators", "reloader"])),
      /credentials\.rotationDays[\s\S]*operators\.reloader/,
    ));
});
