import assert from "node:assert/strict";
import { drop, faultsOf, set } from "../../support/edits";
import { recordingWith } from "../../support/frozen";
import { inputsOf } from "../../support/inputs";
import { objects, podOwners } from "../../support/objects";
import type { Document } from "yaml";

/** Every writer of a database without pods, as a restore begins: `replicas` 0 and `minAvailable` 0. */
const stop =
  (...workloads: readonly string[]) =>
  (file: Document) => {
    for (const workload of workloads) {
      drop(`${workload}.autoscaling`)(file);
      set(`${workload}.replicas`, 0)(file);
      set(`${workload}.minAvailable`, 0)(file);
    }
  };
const ams = "systems.ams.workloads";
const stopped = recordingWith("prod", stop(`${ams}.web`, `${ams}.api`, `${ams}.worker`));
const all = ["ams-web", "ams-api", "ams-worker"];

describe("a stopped workload", () => {
  it("has no pod, no autoscaler and no disruption budget that blocks a drain", async () => {
    const recording = await stopped;
    for (const name of all) {
      assert.equal(podOwners(recording).get(`ams/${name}`)?.manifest.spec?.replicas, 0, name);
      assert.ok(!objects(recording, "HorizontalPodAutoscaler").has(`ams/${name}`), name);
      assert.ok(!objects(recording, "ScaledObject").has(`ams/${name}`), name);
      assert.equal(
        objects(recording, "PodDisruptionBudget").get(`ams/${name}`)?.manifest.spec?.minAvailable,
        0,
      );
    }
  });

  it("releases a version at once, without steps or analysis", async () => {
    const recording = await stopped;
    for (const name of ["ams-web", "ams-api"]) {
      const { manifest } = objects(recording, "Rollout").get(`ams/${name}`) ?? assert.fail(name);
      const { canary } = manifest.spec?.strategy as { canary: { steps?: object; analysis?: object } };
      assert.deepEqual([canary.steps, canary.analysis], [undefined, undefined], name);
    }
    assert.deepEqual(
      [...objects(recording, "AnalysisTemplate").keys()].filter((key) => key.startsWith("ams/")),
      [],
    );
  });

  it("is skipped by smoke tests, as is its host", async () => {
    const recording = await stopped;
    const lists = recording
      .ofType("kubernetes:core/v1:ConfigMap")
      .map((each) => inputsOf<{ data?: { addresses?: string } }>(each).data?.addresses ?? "");
    assert.doesNotMatch(lists.join("\n"), /ams-/);
    assert.match(lists.join("\n"), /opmas-/);
    const smoke = JSON.stringify(recording.outputs.smoke);
    assert.doesNotMatch(smoke, /ams\.suresoft\.com/);
    assert.match(smoke, /opmas\.example\.com/);
  });

  it("requires `minAvailable` 0, and a running workload still can't keep all of its pods", async () => {
    const { faults } = await faultsOf("prod", (file) => {
      stop(`${ams}.web`)(file);
      set(`${ams}.web.minAvailable`, 1)(file);
    });
    assert.deepEqual(
      faults.map(({ path, expected }) => [path, expected]),
      [["plinth:systems.ams.workloads.web.minAvailable", "0: with `replicas` 0 no pod runs"]],
    );
    const all = await faultsOf("prod", set(`${ams}.web.minAvailable`, 3));
    assert.match(all.message, /less than the minimum of 3 pods/);
  });
});
