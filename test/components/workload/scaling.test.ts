import assert from "node:assert/strict";
import { errorRate, latencyP95, requestRate } from "../../../components/observability/expressions";
import { ownedReplicas } from "../../../components/workload/replicas";
import { scaledObjectSpec } from "../../../components/workload/scaling/scaled-object";
import { autoscalerSpec } from "../../../components/workload/scaling/scaling";
import { triggers, type ScalingSources } from "../../../components/workload/scaling/triggers";
import type { AutoscalingSettings } from "../../../config";
import { scaling, target } from "./fixture";

const scope = { namespace: "shop", service: "api-service" };
const sources: ScalingSources = {
  prometheus: "http://prometheus:9090",
  scope,
  queue: {
    kind: "jetstream",
    endpoint: "nats-headless.bus.svc.cluster.local:8222",
    account: "APP",
    stream: "LOGS",
    consumer: "agents",
  },
};
const rate = 'sum(rate(http_requests_total{namespace="shop",service="api-service"}[2m]))';

describe("expressions", () => {
  it("return one number for one Service's requests", () => {
    assert.equal(requestRate(scope), rate);
    const either = (matches: string) => {
      const one = (label: string) =>
        `rate(http_requests_total{namespace="shop",service="api-service",${label}${matches}}[5m])`;
      return `sum(${one("status_code")} or ${one("status")})`;
    };
    assert.equal(errorRate(scope, "5m"), `(${either('=~"5.."')} or vector(0)) / ${either('!=""')}`);
    assert.equal(
      latencyP95(scope),
      'histogram_quantile(0.95, sum by (le) (rate(http_request_duration_seconds_bucket{namespace="shop",service="api-service"}[2m])))',
    );
  });
});

describe("replicas", () => {
  it("are owned by the stack file, with force, or by an autoscaler", () => {
    assert.deepEqual(ownedReplicas({ replicas: 3 }), {
      annotations: { annotations: { "pulumi.com/patchForce": "true" } },
      replicas: { replicas: 3 },
      options: {},
    });
    assert.deepEqual(ownedReplicas({}), {
      annotations: {},
      replicas: {},
      options: { ignoreChanges: ["spec.replicas"] },
    });
  });
});

describe("autoscaler", () => {
  it("scales its target by the configured metrics and behavior", () => {
    assert.deepEqual(autoscalerSpec(target, scaling({ cpu: 70 })), {
      scaleTargetRef: target,
      minReplicas: 2,
      maxReplicas: 8,
      metrics: [
        {
          type: "Resource",
          resource: { name: "cpu", target: { type: "Utilization", averageUtilization: 70 } },
        },
      ],
      behavior: {
        scaleUp: {
          stabilizationWindowSeconds: 0,
          selectPolicy: "Max",
          policies: [
            { type: "Percent", value: 100, periodSeconds: 60 },
            { type: "Pods", value: 4, periodSeconds: 60 },
          ],
        },
        scaleDown: {
          stabilizationWindowSeconds: 600,
          selectPolicy: "Max",
          policies: [{ type: "Pods", value: 1, periodSeconds: 120 }],
          tolerance: "50m",
        },
      },
    });
    const { metrics } = autoscalerSpec(target, scaling({ memory: 80 }));
    assert.match(
      JSON.stringify(metrics),
      /^\[\{[^[]*"memory","target":\{"type":"Utilization","averageUtilization":80/,
    );
  });
});

describe("triggers", () => {
  it("divide requests per minute among the pods, but not the latency", () => {
    const [requests, latency, ...more] = triggers(
      scaling({ requestsPerMinute: 1000, latencySeconds: 0.5 }),
      sources,
      "api",
    );
    assert.deepEqual(more, []);
    assert.deepEqual(requests, {
      type: "prometheus",
      name: "requests",
      metricType: "AverageValue",
      metadata: {
        serverAddress: "http://prometheus:9090",
        query: `${rate} * 60`,
        threshold: "1000",
        ignoreNullValues: "false",
      },
    });
    assert.deepEqual(
      [latency?.name, latency?.metricType, latency?.metadata.threshold, latency?.metadata.ignoreNullValues],
      ["latency", "Value", "0.5", "false"],
    );
    // No requests: neither an error nor latency.
    assert.equal(latency?.metadata.query, `${latencyP95(scope)} and ${rate} > 0 or ${rate} * 0`);
  });

  it("measure CPU and memory in percent of the request, as the native autoscaler does", () => {
    assert.deepEqual(triggers(scaling({ cpu: 70, memory: 80 }), {}, "api"), [
      { type: "cpu", metricType: "Utilization", metadata: { value: "70" } },
      { type: "memory", metricType: "Utilization", metadata: { value: "80" } },
    ]);
  });

  it("read the lag of a JetStream consumer at the servers' monitoring port", () => {
    assert.deepEqual(
      triggers(scaling({ queue: { consumer: "nats.LOGS.agents", messages: 100 } }), sources, "api"),
      [
        {
          type: "nats-jetstream",
          name: "queue",
          metricType: "AverageValue",
          metadata: {
            natsServerMonitoringEndpoint: "nats-headless.bus.svc.cluster.local:8222",
            account: "APP",
            stream: "LOGS",
            consumer: "agents",
            lagThreshold: "100",
          },
        },
      ],
    );
  });

  it("read the depth of an SQS queue, including messages in flight, as KEDA", () => {
    const queue = { kind: "sqs", url: "https://sqs/1/tasks", region: "ap-northeast-2" } as const;
    assert.deepEqual(
      triggers(scaling({ queue: { queue: "tasks", messages: 50 } }), { ...sources, queue }, "api"),
      [
        {
          type: "aws-sqs-queue",
          name: "queue",
          metricType: "AverageValue",
          metadata: {
            queueURL: "https://sqs/1/tasks",
            queueLength: "50",
            awsRegion: "ap-northeast-2",
            scaleOnInFlight: "true",
          },
          authenticationRef: { name: "api" },
        },
      ],
    );
  });

  it("follow a schedule", () => {
    const hours = { start: "0 8 * * 1-5", end: "0 20 * * 1-5", timezone: "Asia/Seoul" };
    assert.deepEqual(triggers(scaling({ schedule: [{ ...hours, pods: 6 }] }), {}, "api"), [
      { type: "cron", metadata: { ...hours, desiredReplicas: "6" } },
    ]);
  });
});

describe("scaled object", () => {
  const spec = (targets: Partial<AutoscalingSettings>) => scaledObjectSpec(target, scaling(targets), []);

  it("keeps the configured bounds and behavior", () => {
    const { scaleTargetRef, minReplicaCount, maxReplicaCount, advanced } = spec({ cpu: 70 });
    assert.deepEqual([scaleTargetRef, minReplicaCount, maxReplicaCount], [target, 2, 8]);
    const { behavior } = autoscalerSpec(target, scaling({ cpu: 70 }));
    assert.deepEqual(advanced, { horizontalPodAutoscalerConfig: { behavior } });
  });

  it("falls back to min after three failures if CPU or memory still count", () => {
    const holds = { failureThreshold: 3, replicas: 2, behavior: "static" };
    assert.deepEqual(spec({ cpu: 70, latencySeconds: 1 }).fallback, holds);
    assert.deepEqual(spec({ memory: 70, latencySeconds: 1 }).fallback, holds);
    assert.deepEqual(spec({ cpu: 70, fallback: { failures: 5, pods: 4 } }).fallback, {
      failureThreshold: 5,
      replicas: 4,
      behavior: "static",
    });
  });

  it("keeps its size if no other metric is available", () => {
    const { fallback } = spec({ queue: { queue: "tasks", messages: 50 } });
    assert.equal(fallback.behavior, "currentReplicasIfHigher");
  });
});
