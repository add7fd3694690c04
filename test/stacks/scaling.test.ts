import assert from "node:assert/strict";
import { firstRegionOf, objects, podOwners } from "../support/recordings";
import { disposable, stacks } from "../support/stacks";
import { scaled, scaledObject, type ScaledObject } from "./scaling";
import { specOf } from "../support/inputs";

for (const stack of stacks)
  describe(`${stack}: scaling`, () => {
    for (const row of scaled)
      it(`${row.rows}: ${row.deployment}`, async () => {
        const recording = await firstRegionOf(stack);
        const found = scaledObject(recording, row.namespace, row.deployment);
        if (disposable(stack)) return assert.equal(found, undefined);
        assert.ok(found, `no ScaledObject ${row.deployment} in ${row.namespace}`);
        const more = found.triggers.slice(2);
        assert.equal(more.length, row.targets.length);
        more.forEach(({ type, metadata }, index) => {
          const { query, stream, consumer, account, natsServerMonitoringEndpoint, queueURL } = metadata;
          const of = query ?? queueURL ?? [stream, consumer, account, natsServerMonitoringEndpoint].join(" ");
          const threshold = metadata.threshold ?? metadata.lagThreshold ?? metadata.queueLength;
          const [wanted = "", source = /$^/, amount] = row.targets[index] ?? [];
          assert.deepEqual([type, threshold], [wanted, amount]);
          assert.match(of, source);
        });
        assert.deepEqual(found.fallback.replicas, found.minReplicaCount, "holds while metrics are missing");
        const { scaleDown } = found.advanced.horizontalPodAutoscalerConfig.behavior;
        if (stack === "prod") assert.equal(scaleDown.stabilizationWindowSeconds, row.cooldown);
      });

    it("SCALE-1, SCALE-2: scales only those by more than CPU and memory", async () => {
      const found = [...objects(await firstRegionOf(stack), "ScaledObject").keys()];
      const expected = scaled.map(({ namespace, deployment }) => `${namespace}/${deployment}`);
      assert.deepEqual(found.sort(), disposable(stack) ? [] : expected.sort());
    });

    it("has one owner of the number of pods", async () => {
      const recording = await firstRegionOf(stack);
      const autoscaled = [
        ...objects(recording, "HorizontalPodAutoscaler"),
        ...objects(recording, "ScaledObject"),
      ].map(([, { manifest }]) => {
        const { name } = specOf<ScaledObject>(manifest).scaleTargetRef;
        return `${manifest.metadata.namespace}/${name}`;
      });
      assert.equal(new Set(autoscaled).size, autoscaled.length, "two autoscalers of one workload");
      for (const [key, { manifest, resource }] of podOwners(recording)) {
        const scales = autoscaled.includes(key);
        assert.equal(manifest.spec?.replicas === undefined, scales, key);
        assert.equal(resource.options.ignoreChanges?.includes("spec.replicas") ?? false, scales, key);
        assert.equal(
          manifest.metadata.annotations?.["pulumi.com/patchForce"],
          scales && manifest.kind === "Deployment" ? undefined : "true",
          key,
        );
      }
    });

    it("scales only existing targets: KEDA's webhook refuses others", async () => {
      const recording = await firstRegionOf(stack);
      const owners = podOwners(recording);
      for (const [key, { resource }] of objects(recording, "ScaledObject")) {
        const target = owners.get(key)?.resource.urn;
        assert.ok(target !== undefined && resource.dependencies.includes(target), key);
      }
    });
  });
