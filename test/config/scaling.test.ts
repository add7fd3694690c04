import assert from "node:assert/strict";
import type { Document } from "yaml";
import { autoscaling } from "../../config/systems/scaling";
import type { WorkloadSpec } from "../../systems/spec";
import { drop, faultsOf, itRefuses, set } from "../support/edits";
import { settingsOf } from "../support/frozen";

interface Case {
  readonly what: string;
  readonly edit: (file: Document) => void;
  /** Path of the fault, without the project's prefix. */
  readonly path: string;
  readonly says: RegExp;
}

/** Targets that only Prometheus can measure. */
const withoutObjectives = ["opmas", "ams", "tapwork", "asset-management"].map((system) =>
  drop(`systems.${system}.objectives`),
);

const workload = (system: string, key: string) => `systems.${system}.workloads.${key}`;
const api = `${workload("asset-management", "api")}.autoscaling`;
const worker = `${workload("ams", "worker")}.autoscaling`;
const agent = `${workload("opmas", "agent")}.autoscaling`;
/** A front end, which serves no metrics. */
const web = { image: "ams-web:1.0.0", minAvailable: 1, resources: { size: "small" } };
const hours = { start: "0 8 * * 1-5", end: "0 20 * * 1-5", timezone: "Asia/Seoul", pods: 6 };

const edits =
  (...all: ((file: Document) => void)[]) =>
  (file: Document) =>
    all.forEach((edit) => edit(file));

const cases: Case[] = [
  {
    what: "min above max",
    edit: set(`${api}.min`, 16),
    path: `${api}.min`,
    says: /found the number 16; allowed is at most max \(15\)/,
  },
  {
    what: "no target at all",
    edit: set(worker, { min: 2, max: 8 }),
    path: worker,
    says: /at least one target: cpu, memory, requestsPerMinute/,
  },
  {
    what: "a queue that the workload doesn't read",
    edit: set(`${worker}.queue`, { queue: "tasks", messages: 50 }),
    path: `${worker}.queue.queue`,
    says: /nothing: the workload reads no queue/,
  },
  {
    what: "another store than a queue",
    edit: set(`${api}.queue.queue`, "uploads"),
    path: `${api}.queue.queue`,
    says: /one of "tasks"/,
  },
  {
    what: "a consumer that is another workload's",
    edit: set(`${agent}.queue.consumer`, "nats.FINDINGS.core"),
    path: `${agent}.queue.consumer`,
    says: /one of "nats\.LOGS\.agents"/,
  },
  {
    what: "a consumer for a workload that has none",
    edit: set(`${worker}.queue`, { consumer: "nats.LOGS.agents", messages: 50 }),
    path: `${worker}.queue.consumer`,
    says: /nothing: the workload reads no consumer/,
  },
  {
    what: "a number of messages without a queue",
    edit: set(`${agent}.queue`, { messages: 50 }),
    path: `${agent}.queue`,
    says: /either queue or consumer/,
  },
  {
    what: "requests of a workload without ports",
    edit: set(`${worker}.requestsPerMinute`, 100),
    path: `${worker}.requestsPerMinute`,
    says: /nothing: the workload serves no metrics/,
  },
  {
    what: "latency of a workload that serves no metrics",
    edit: set(`${workload("ams", "web")}`, { ...web, autoscaling: { min: 2, max: 4, latencySeconds: 1 } }),
    path: `${workload("ams", "web")}.autoscaling.latencySeconds`,
    says: /nothing: the workload serves no metrics/,
  },
  {
    what: "milliseconds for seconds",
    edit: set(`${api}.latencySeconds`, 500),
    path: `${api}.latencySeconds`,
    says: /a number of seconds, 0\.01 to 60/,
  },
  {
    what: "more pods by schedule than max",
    edit: set(`${api}.schedule`, [{ ...hours, pods: 16 }]),
    path: `${api}.schedule.0.pods`,
    says: /found the number 16; allowed is more than min \(2\).*at most max \(15\)/,
  },
  {
    what: "no more pods by schedule than min",
    edit: set(`${api}.schedule`, [{ ...hours, pods: 2 }]),
    path: `${api}.schedule.0.pods`,
    says: /more than min \(2\)/,
  },
  {
    what: "a schedule that ends when it starts",
    edit: set(`${api}.schedule`, [{ ...hours, end: hours.start }]),
    path: `${api}.schedule.0.end`,
    says: /a time other than start/,
  },
  {
    what: "an invalid time",
    edit: set(`${api}.schedule`, [{ ...hours, start: "0 24 * * 1-5" }]),
    path: `${api}.schedule.0.start`,
    says: /hour 0 to 23/,
  },
  {
    what: "a time zone in the wrong case",
    edit: set(`${api}.schedule`, [{ ...hours, timezone: "asia/seoul" }]),
    path: `${api}.schedule.0.timezone`,
    says: /Asia\/Seoul/,
  },
  {
    what: "a time zone that doesn't exist",
    edit: set(`${api}.schedule`, [{ ...hours, timezone: "Asia/Pangyo" }]),
    path: `${api}.schedule.0.timezone`,
    says: /the name of a time zone/,
  },
  {
    what: "a fallback outside the bounds",
    edit: set(`${api}.fallback`, { failures: 3, pods: 1 }),
    path: `${api}.fallback.pods`,
    says: /min \(2\) to max \(15\)/,
  },
  {
    what: "a cooldown longer than Kubernetes allows",
    edit: set(`${agent}.behaviour.down.stabilizationSeconds`, 3601),
    path: `${agent}.behaviour.down.stabilizationSeconds`,
    says: /0 to 3600/,
  },
  {
    what: "a queue without KEDA",
    edit: drop("cluster.operators.keda"),
    path: `${agent}.queue`,
    says: /nothing without plinth:cluster\.operators\.keda/,
  },
  {
    what: "requests without KEDA",
    edit: drop("cluster.operators.keda"),
    path: `${api}.requestsPerMinute`,
    says: /nothing without plinth:cluster\.operators\.keda/,
  },
  {
    what: "requests without Prometheus",
    edit: drop("cluster.operators.prometheus"),
    path: `${api}.requestsPerMinute`,
    says: /nothing without plinth:cluster\.operators\.prometheus/,
  },
  {
    what: "latency without Prometheus",
    edit: drop("cluster.operators.prometheus"),
    path: `${workload("opmas", "management-api")}.autoscaling.latencySeconds`,
    says: /nothing without plinth:cluster\.operators\.prometheus/,
  },
  {
    what: "an address of Prometheus: it follows from the operator",
    edit: set("metrics", { prometheus: "http://prometheus:9090" }),
    path: "metrics",
    says: /found a key; .*remove it/,
  },
  {
    what: "recommendations without the operator that makes them",
    edit: set(`${workload("ams", "api")}.recommend`, true),
    path: `${workload("ams", "api")}.recommend`,
    says: /nothing without plinth:cluster\.operators\.verticalPodAutoscaler/,
  },
  {
    what: "percentages of a request that isn't there",
    edit: drop(`${workload("ams", "worker")}.resources.requests`),
    path: `${workload("ams", "worker")}.resources.requests`,
    says: /allowed is \{ cpu, memory \}; either size, or requests and limits/,
  },
  {
    what: "an unknown size",
    edit: set(`${workload("ams", "api")}.resources.size`, "huge"),
    path: `${workload("ams", "api")}.resources.size`,
    says: /one of "small", "medium", "large"/,
  },
  {
    what: "both a size and amounts",
    edit: set(`${workload("ams", "worker")}.resources.size`, "small"),
    path: `${workload("ams", "worker")}.resources.size`,
    says: /either size, or requests and limits/,
  },
];

describe("config: scaling", () => {
  itRefuses(cases);

  it("needs only the cluster for CPU and memory", async () => {
    const plain = { min: 2, max: 4, cpu: 70, memory: 80 };
    await settingsOf(
      "prod",
      edits(
        drop("cluster.operators.keda"),
        drop("cluster.operators.prometheus"),
        drop("cluster.operators.grafana"),
        ...withoutObjectives,
        drop(`${workload("asset-management", "api")}.release.analysis`),
        set(api, plain),
        set(agent, { ...plain, min: 4 }),
        set(`${workload("opmas", "management-api")}.autoscaling`, plain),
      ),
    );
  });

  it("accepts a fallback and a schedule at their bounds", async () => {
    for (const pods of [2, 15]) await settingsOf("prod", set(`${api}.fallback`, { failures: 3, pods }));
    await settingsOf("prod", set(`${api}.schedule`, [{ ...hours, pods: 15 }]));
    const { faults } = await faultsOf("prod", set(`${api}.fallback`, { failures: 3, pods: 16 }));
    assert.deepEqual(
      faults.map(({ path }) => path),
      [`plinth:${api}.fallback.pods`],
    );
  });

  it("accepts queues without Prometheus", async () => {
    const latency = `${workload("opmas", "management-api")}.autoscaling.latencySeconds`;
    await settingsOf(
      "prod",
      edits(
        drop("cluster.operators.prometheus"),
        drop("cluster.operators.grafana"),
        ...withoutObjectives,
        drop(latency),
        drop(`${api}.requestsPerMinute`),
        drop(`${workload("asset-management", "api")}.release.analysis`),
      ),
    );
  });

  it("has defaults for scaling up and down, and keeps configured values", async () => {
    const settings = await settingsOf("prod");
    const of = (system: string, key: string) =>
      settings.systems[system]?.workloads[key]?.autoscaling?.behaviour;
    assert.deepEqual(of("ams", "api"), {
      up: { stabilizationSeconds: 0, percent: 100, pods: 4, periodSeconds: 60 },
      down: { stabilizationSeconds: 300, percent: 50, periodSeconds: 60 },
    });
    assert.deepEqual(of("ams", "worker")?.up, {
      stabilizationSeconds: 0,
      percent: 100,
      periodSeconds: 60,
    });
    assert.deepEqual(of("opmas", "agent")?.down, {
      stabilizationSeconds: 600,
      pods: 2,
      periodSeconds: 60,
    });
  });

  it("scales receivers of a queue, and refuses senders", () => {
    const system = { stores: { tasks: { kind: "queue" } } } as const;
    const read = (output: string) => {
      const workload = { env: { QUEUE: { from: `tasks.${output}` } } } as unknown as WorkloadSpec;
      const queue = { queue: "tasks", messages: 50 };
      return autoscaling(system, workload).safeParse({ min: 1, max: 2, queue }).success;
    };
    assert.deepEqual(["url", "receiveUrl", "sendUrl"].map(read), [true, true, false]);
  });

  it("accepts valid schedules", async () => {
    const schedule = [hours, { ...hours, start: "*/15 0-6 1,15 * 0", timezone: "UTC" }];
    const settings = await settingsOf("prod", set(`${api}.schedule`, schedule));
    assert.deepEqual(settings.systems["asset-management"]?.workloads.api?.autoscaling?.schedule, schedule);
  });

  it("reads each size from one line", async () => {
    const memory = [];
    for (const size of ["small", "medium", "large"]) {
      const settings = await settingsOf("prod", set(`${workload("ams", "api")}.resources`, { size }));
      memory.push(settings.systems.ams?.workloads.api?.resources.requests.memory);
    }
    assert.deepEqual(memory, ["256Mi", "512Mi", "1Gi"]);
  });
});
