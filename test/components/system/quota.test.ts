import assert from "node:assert/strict";
import fc from "fast-check";
import { withDisk } from "../../../components/base/disk";
import { podFootprint } from "../../../components/system/footprint";
import { footprints, footprint, quota } from "../../../components/system/quota";
import {
  amount,
  mostPods,
  type BackupSettings,
  type SystemSettings,
  type WorkloadSettings,
} from "../../../config";
import type { SystemSpec } from "../../../systems/spec";
import { scaling } from "../workload/fixture";
import { catalog, settingsOf } from "../../support/frozen";

const settings = fc
  .record({
    replicas: fc.integer({ min: 1, max: 50 }),
    cpu: fc.integer({ min: 10, max: 2000 }),
    memory: fc.integer({ min: 16, max: 4096 }),
  })
  .map(({ replicas, cpu, memory }): WorkloadSettings => ({
    image: "app:1",
    replicas,
    minAvailable: 0,
    resources: {
      requests: { cpu: `${cpu}m`, memory: `${memory}Mi` },
      limits: { cpu: `${2 * cpu}m`, memory: `${2 * memory}Mi` },
    },
  }));

describe("quota", () => {
  it("includes a migration in its namespace, and a load test if configured", async () => {
    const [plain, loaded] = [await settingsOf("prod"), await settingsOf("staging")].map(
      ({ systems }) => systems.opmas ?? assert.fail(),
    ) as [SystemSettings, SystemSettings];
    const still: SystemSpec = Object.assign({}, catalog.opmas, { migration: undefined });
    const added = (namespace: string, settings: SystemSettings, spec: SystemSpec = catalog.opmas) =>
      footprints(namespace, spec, settings, {}).length -
      footprints(namespace, still, { ...settings, loadTest: undefined }, {}).length;
    assert.equal(added("opmas-core", plain), 1);
    assert.equal(added("opmas-api", plain), 0);
    assert.equal(added("opmas-api", loaded), 1);
    assert.equal(added("opmas-ui", loaded), 0);
    const migration = footprints("opmas-core", catalog.opmas, plain, {}).at(-1);
    const resources = plain.workloads.core?.resources ?? assert.fail();
    const scratchVolumes = Object.keys(catalog.opmas.workloads.core.image.scratch).length;
    assert.deepEqual(migration, podFootprint({ resources, scratchVolumes }));
  });

  it("has room for a dump and a restore at once in the namespace where they run", async () => {
    const { systems } = await settingsOf("prod");
    const ams = systems.ams ?? assert.fail();
    const pods = (backups: BackupSettings) =>
      footprints("ams", catalog.ams, ams, backups).reduce((sum, each) => sum + each.pods, 0);
    assert.equal(pods({ dumps: { hour: 17 } }) - pods({}), 2);
  });

  it("counts an autoscaler's maximum, and a rolling update's surge", () => {
    const base = {
      image: "app:1",
      minAvailable: 0,
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
    };
    assert.equal(mostPods({ ...base, autoscaling: { min: 3, max: 10, cpu: 70, memory: 80 } }), 13);
    assert.equal(mostPods({ ...base, replicas: 1 }), 2);
  });

  it("counts draining pods besides their successors", () => {
    const base = {
      image: "app:1",
      minAvailable: 0,
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
    };
    const autoscaling = scaling({ max: 10, cpu: 70 });
    assert.equal(footprint({ ...base, replicas: 8 }).pods, 16);
    assert.equal(footprint({ ...base, autoscaling }).pods, 20);
    assert.deepEqual(footprint({ ...base, replicas: 1 }).cpu, { requests: 2, limits: 4 });
  });

  it("counts ephemeral storage of logs and scratch volumes, like the pods' requests", () => {
    const base = {
      image: "app:1",
      minAvailable: 0,
      replicas: 2,
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
    };
    const each = withDisk(base.resources, 3);
    assert.equal(each.limits["ephemeral-storage"], "640Mi");
    assert.equal(footprint(base, 3).disk.limits, 4 * amount(each.limits["ephemeral-storage"]));
    const spare = amount(quota([])["limits.ephemeral-storage"] ?? "");
    const hard = quota([footprint(base, 3)]);
    assert.equal(amount(hard["limits.ephemeral-storage"] ?? "") - spare, 4 * 640 * 2 ** 20);
    assert.ok(amount(hard["requests.ephemeral-storage"] ?? "") > 0);
  });

  it("has room for every workload at its maximum size, all at once", () => {
    fc.assert(
      fc.property(fc.array(settings, { maxLength: 6 }), (all) => {
        const hard = quota(all.map((each) => footprint(each)));
        for (const what of ["cpu", "memory"] as const)
          for (const kind of ["requests", "limits"] as const) {
            const needed = all.reduce(
              (sum, each) => sum + mostPods(each) * amount(each.resources[kind][what]),
              0,
            );
            assert.ok(amount(hard[`${kind}.${what}`] ?? "") > needed);
          }
        assert.ok(Number(hard.pods) > all.reduce((sum, each) => sum + mostPods(each), 0));
      }),
    );
  });
});
