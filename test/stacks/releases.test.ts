import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import { objects, podOwners, recordingOf } from "../support/recordings";
import { stacks, type Stack } from "../support/stacks";

/** REL-1 and REL-2: how each workload's new versions come in, in staging and prod alike. The others roll. */
const strategies: Readonly<Record<string, "blueGreen" | "canary">> = {
  "ams/ams-web": "blueGreen",
  "ams/ams-api": "canary",
  "tapwork/tapwork-api": "blueGreen",
  "asset-management/asset-management-api": "canary",
  "asset-management/asset-management-frontend": "blueGreen",
};

interface Canary {
  readonly steps: readonly { readonly setWeight?: number }[];
  readonly analysis?: object;
}
const canaryOf = (resource: Registration | undefined) =>
  (resource?.inputs.spec as unknown as { strategy: { canary: Canary } }).strategy.canary;

for (const stack of stacks)
  describe(`${stack}: releases`, () => {
    it("come in as the rows say", async () => {
      const owners = podOwners(await recordingOf(stack));
      for (const [name, { manifest }] of owners) {
        const expected = stack === "dev" ? undefined : strategies[name];
        const { strategy } = manifest.spec as { strategy: object };
        if (expected === undefined) assert.equal(manifest.kind, "Deployment", name);
        else assert.deepEqual([manifest.kind, Object.keys(strategy)], ["Rollout", [expected]], name);
      }
    });

    it("make no Ingress wait for pods: a Rollout starts none before it has found its Ingress", async () => {
      const recording = await recordingOf(stack);
      const awaited = (found: Registration | undefined) => {
        const { annotations } = (found?.inputs.metadata ?? {}) as { annotations?: Record<string, string> };
        return annotations?.["pulumi.com/skipAwait"] !== "true";
      };
      for (const [name, { resource }] of objects(recording, "Ingress")) {
        const waits = resource.dependencies.map((urn) => recording.resources.get(urn));
        const services = waits.filter((found) => found?.type === "kubernetes:core/v1:Service");
        for (const found of waits)
          assert.doesNotMatch(found?.type ?? "", /Rollout$|Deployment$/, `${name} waits for ${found?.name}`);
        assert.ok(
          !services.some(awaited),
          `${name} waits for pods behind ${services.map((each) => each?.name)}`,
        );
        const canaries = name === "ams/ams-ingress" || name === "asset-management/asset-management-ingress";
        assert.equal(services.length, canaries && stack !== "dev" ? 1 : 0, name);
      }
    });
  });

for (const stack of ["staging", "prod"] as const satisfies readonly Stack[])
  it(`${stack}: REL-2: A by header and 10 %, M by 5, 25, 50 and 100 %`, async () => {
    const owners = podOwners(await recordingOf(stack));
    const weights = (name: string) =>
      canaryOf(owners.get(name)?.resource).steps.flatMap(({ setWeight }) => setWeight ?? []);
    assert.deepEqual(weights("ams/ams-api"), [10, 50, 100]);
    assert.deepEqual(weights("asset-management/asset-management-api"), [5, 25, 50, 100]);
    const { analysis } = canaryOf(owners.get("asset-management/asset-management-api")?.resource);
    assert.equal(analysis !== undefined, stack === "prod");
  });
