import assert from "node:assert/strict";
import fc from "fast-check";
import { footprint, quota } from "../../../components/system/quota";
import { amount, mostPods, type WorkloadSettings } from "../../../config";
import { scaling } from "../workload/fixture";

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
  it("counts an autoscaler at its most, and a rolling update's surge", () => {
    const base = {
      image: "app:1",
      minAvailable: 0,
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "1", memory: "1Gi" } },
    };
    assert.equal(mostPods({ ...base, autoscaling: { min: 3, max: 10, cpu: 70, memory: 80 } }), 13);
    assert.equal(mostPods({ ...base, replicas: 1 }), 2);
  });

  it("counts pods that drain beside their successors, until the last of them is gone", () => {
    const base = {
      ...{ image: "app:1", minAvailable: 0 },
      resources: { requests: { cpu: "1", memory: "1Gi" }, limits: { cpu: "2", memory: "2Gi" } },
    };
    const autoscaling = scaling({ max: 10, cpu: 70 });
    assert.equal(footprint({ ...base, replicas: 8 }).pods, 16);
    assert.equal(footprint({ ...base, autoscaling }).pods, 20);
    assert.deepEqual(footprint({ ...base, replicas: 1 }).cpu, { requests: 2, limits: 4 });
  });

  it("leaves room for every workload at its largest, all at once", () => {
    fc.assert(
      fc.property(fc.array(settings, { maxLength: 6 }), (all) => {
        const hard = quota(all.map(footprint));
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
