import assert from "node:assert/strict";
import fc from "fast-check";

import { firstDifference, firstLost } from "./apply";
import { factsOf, pick, set, shop } from "./fixtures/shop";
import { allows, candidates } from "./instances";
import { kedaAutoscalers } from "./keda";
import { planNodes } from "./nodes";
import { requestsOf } from "./quantities";
import { unreadyAmong } from "./readiness";
import { selects } from "./selectors";
import { settle } from "./settle";
import type { KubeObject, Scaled } from "./types";
import { demandOf, workloadsOf } from "./workloads";

const ZONE = "topology.kubernetes.io/zone";
const plan = factsOf([]).nodes;

describe("the simulated nodes", () => {
  it("are the same in every zone, with the smallest instance that the pool allows and a pod fits on", () => {
    const nodes = planNodes(shop(), plan);
    const perZone = plan.zones.map(
      (zone) => nodes.filter(({ metadata }) => metadata.labels?.[ZONE] === zone).length,
    );
    assert.deepEqual(new Set(perZone).size, 1);
    assert.deepEqual(
      new Set(nodes.map(({ metadata }) => metadata.labels?.["node.kubernetes.io/instance-type"])),
      new Set(["c7i.large"]),
    );
  });

  it("hold all pods at their maximum without one zone", () => {
    const objects = shop();
    const nodes = planNodes(objects, plan).filter(
      ({ metadata }) => metadata.labels?.[ZONE] !== plan.zones[0],
    );
    const room = nodes.map(({ status }) => (status as { allocatable: { cpu: string } }).allocatable.cpu);
    const cores = room.reduce((sum, cpu) => sum + Number.parseInt(cpu) / 1000, 0);
    assert.ok(cores >= demandOf(workloadsOf(objects)).cpu);
  });

  it("are at most as many as the pool's limit allows in the remaining zones", () => {
    const objects = shop();
    set(pick(objects, "NodePool"), "spec.limits.cpu", "8");
    set(pick(objects, "HorizontalPodAutoscaler"), "spec.maxReplicas", 1000);
    assert.equal(planNodes(objects, plan).length, 2 * plan.zones.length);
  });

  it("grow with the largest pod", () => {
    const objects = shop();
    set(pick(objects, "Deployment"), "spec.template.spec.containers.0.resources.requests.memory", "20Gi");
    const types = planNodes(objects, plan).map(
      ({ metadata }) => metadata.labels?.["node.kubernetes.io/instance-type"],
    );
    assert.deepEqual([...new Set(types)], ["r7i.xlarge"]);
  });

  it("are only in zones that the pool allows", () => {
    const objects = shop();
    const zone = { key: ZONE, operator: "In", values: ["eu-central-1b"] };
    set(pick(objects, "NodePool"), "spec.template.spec.requirements.3", zone);
    const zones = planNodes(objects, plan).map(({ metadata }) => metadata.labels?.[ZONE]);
    assert.deepEqual([...new Set(zones)], ["eu-central-1b"]);
  });

  it("can't be created if no instance meets the requirements, which the message lists", () => {
    const objects = shop();
    set(pick(objects, "NodePool"), "spec.template.spec.requirements.0.values", ["riscv"]);
    assert.throws(() => planNodes(objects, plan), /NodePool workloads: no c, m or r instance meets .*riscv/);
  });

  it("have a pool's taints, and only hold pods that tolerate them", () => {
    const nodes = planNodes(shop(), { ...plan, builtinPools: ["system"] });
    const system = nodes.filter(({ metadata }) => metadata.labels?.["karpenter.sh/nodepool"] === "system");
    assert.equal(system.length, plan.zones.length);
    assert.deepEqual(system[0]?.spec?.taints, [{ key: "CriticalAddonsOnly", effect: "NoSchedule" }]);
  });
});

describe("a node pool's requirements", () => {
  const labels = { "eks.amazonaws.com/instance-cpu": "4", "kubernetes.io/arch": "amd64" };
  const holds = (key: string, operator: string, ...values: string[]) =>
    allows({ key, operator, values }, labels);

  it("compare as Karpenter does", () => {
    const cpu = "eks.amazonaws.com/instance-cpu";
    assert.deepEqual(
      [holds(cpu, "Gt", "4"), holds(cpu, "Gte", "4"), holds(cpu, "Lt", "4"), holds(cpu, "Lte", "4")],
      [false, true, false, true],
    );
    assert.deepEqual(
      [
        holds(cpu, "In", "2", "4"),
        holds(cpu, "NotIn", "2", "4"),
        holds(cpu, "Exists"),
        holds(cpu, "DoesNotExist"),
      ],
      [true, false, true, false],
    );
  });

  it("for a GPU are met by none of the instances", () => {
    assert.ok(
      candidates().every(
        (one) =>
          !allows({ key: "eks.amazonaws.com/instance-gpu-count", operator: "Gt", values: ["0"] }, one.labels),
      ),
    );
  });

  it("on the pool's own label exclude nothing", () => {
    assert.ok(holds("team", "In", "shop"));
  });
});

describe("what pods request", () => {
  const container = (cpu: string, restartPolicy?: string) => ({
    name: "c",
    restartPolicy,
    resources: { requests: { cpu, memory: "1Mi" } },
  });

  it("is the sum of containers, or the largest init container", () => {
    const sum = requestsOf({ containers: [container("1"), container("500m")] });
    assert.deepEqual(sum, { cpu: 1.5, memory: 2 * 2 ** 20 });
    const withInit = requestsOf({
      containers: [container("1")],
      initContainers: [container("2"), container("500m", "Always")],
    });
    assert.equal(withInit.cpu, 2);
  });

  it("is the limit if there is no request", () => {
    assert.equal(requestsOf({ containers: [{ name: "c", resources: { limits: { cpu: "2" } } }] }).cpu, 2);
  });

  it("counts every workload at its maximum and surging", () => {
    const most = Object.fromEntries(
      workloadsOf(shop()).map(({ object, most: pods, surge }) => [object.metadata.name, [pods, surge]]),
    );
    assert.deepEqual(most, { api: [6, 1], queue: [3, 0], migrate: [1, 0], dump: [1, 0] });
  });
});

describe("KEDA's autoscalers", () => {
  const scaledObject = (spec: object): KubeObject => ({
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name: "queue", namespace: "shop" },
    spec: { scaleTargetRef: { name: "queue" }, triggers: [], ...spec },
  });

  it("have KEDA's names and bounds, and metrics of the cluster itself", () => {
    const triggers = [
      { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
      { type: "cron", metadata: { start: "0 8 * * *" } },
    ];
    const [made] = kedaAutoscalers([
      ...shop(),
      scaledObject({ minReplicaCount: 2, maxReplicaCount: 9, triggers }),
    ]);
    assert.deepEqual(made?.metadata, { name: "keda-hpa-queue", namespace: "shop" });
    assert.deepEqual(made.spec, {
      scaleTargetRef: { apiVersion: "apps/v1", kind: "Deployment", name: "queue" },
      minReplicas: 2,
      maxReplicas: 9,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
    });
    const [least] = kedaAutoscalers([scaledObject({ minReplicaCount: 0 })]);
    assert.deepEqual([least?.spec.minReplicas, least?.spec.maxReplicas], [1, 100]);
  });
});

describe("readiness", () => {
  const deployment: Scaled = {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: { name: "api", namespace: "shop", generation: 2 },
    spec: { replicas: 3, selector: {}, template: { spec: { containers: [] } } },
    status: { observedGeneration: 2, replicas: 3, updatedReplicas: 3, availableReplicas: 3 },
  };
  const unready = (status: Partial<Scaled["status"]>, minReplicas?: number): number => {
    const scaled = [{ ...deployment, status: { ...deployment.status, ...status } }];
    const autoscaler = structuredClone(pick(shop(), "HorizontalPodAutoscaler"));
    const autoscalers =
      minReplicas === undefined
        ? []
        : [
            {
              ...autoscaler,
              spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicas, maxReplicas: 9 },
            },
          ];
    return unreadyAmong({ scaled, jobs: [], autoscalers }).length;
  };

  it("requires all pods of the last change to be updated and available, and no old ones", () => {
    assert.equal(unready({}), 0);
    assert.equal(unready({ availableReplicas: 2 }), 1);
    assert.equal(unready({ updatedReplicas: 2 }), 1);
    assert.equal(unready({ replicas: 4 }), 1);
    assert.equal(unready({ observedGeneration: 1 }), 1);
  });

  it("waits for an autoscaler's minimum", () => {
    assert.equal(unready({}, 3), 0);
    assert.equal(unready({}, 4), 1);
  });
});

describe("waiting", () => {
  it("continues while something changes, and stops when nothing does", async () => {
    let looks = 0;
    const moving = () => Promise.resolve({ done: ++looks === 4, state: String(looks) });
    assert.equal(await settle(moving, { stallMs: 300, timeoutMs: 60_000 }), true);
    const stuck = () => Promise.resolve({ done: false, state: "same" });
    assert.equal(await settle(stuck, { stallMs: 300, timeoutMs: 60_000 }), false);
  });

  it("stops when it takes too long, although something changes", async () => {
    let looks = 0;
    const endless = () => Promise.resolve({ done: false, state: String(++looks) });
    assert.equal(await settle(endless, { stallMs: 60_000, timeoutMs: 300 }), false);
  });
});

describe("label selectors", () => {
  it("select everything when empty, and nothing when missing", () => {
    assert.equal(selects({}, { app: "api" }), true);
    assert.equal(selects(undefined, { app: "api" }), false);
  });

  it("support each operator", () => {
    const holds = (operator: "In" | "NotIn" | "Exists" | "DoesNotExist", key: string) =>
      selects({ matchExpressions: [{ key, operator, values: ["api"] }] }, { app: "api" });
    assert.deepEqual(
      [holds("In", "app"), holds("In", "tier"), holds("NotIn", "app"), holds("NotIn", "tier")],
      [true, false, false, true],
    );
    assert.deepEqual(
      [holds("Exists", "app"), holds("DoesNotExist", "app"), holds("DoesNotExist", "tier")],
      [true, false, true],
    );
  });
});

describe("the first difference", () => {
  it("is undefined for equal values, otherwise the path of a changed field", () => {
    fc.assert(
      fc.property(fc.jsonValue(), (value) => firstDifference(value, structuredClone(value)) === undefined),
    );
    assert.equal(firstDifference({ a: { b: [1, 2] } }, { a: { b: [1, 3] } }), ".a.b.1 from 2 to 3");
    assert.equal(firstDifference({}, { a: [] }), ".a from nothing to []");
  });

  it("is a given field that is missing, except for empty values", () => {
    const given = { a: { b: [{ c: 1 }, { d: {} }] }, e: false, f: "", g: [] };
    assert.equal(firstLost(given, { a: { b: [{ c: 2, more: 1 }, {}] } }), undefined);
    assert.equal(firstLost(given, { a: { b: [{}, {}] } }), ".a.b.0.c");
    assert.equal(firstLost(given, { a: {} }), ".a.b");
  });
});
