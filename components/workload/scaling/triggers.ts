import type * as pulumi from "@pulumi/pulumi";
import type { AutoscalingSettings } from "../../../config";
import { latencyP95, requestRate, type Scope } from "../../observability/expressions";

/** A trigger of a ScaledObject, one for each target value. Source of the keys: KEDA's scalers, 2.20. */
export interface Trigger {
  readonly type: "cpu" | "memory" | "prometheus" | "nats-jetstream" | "aws-sqs-queue" | "cron";
  readonly name?: string;
  readonly metricType?: "Utilization" | "AverageValue" | "Value";
  readonly metadata: Readonly<Record<string, pulumi.Input<string>>>;
  readonly authenticationRef?: { readonly name: string };
}

/** The queue or consumer that a workload scales by. */
export type QueueSource =
  /** Durable consumer of a JetStream stream, as the servers' monitoring port names it. */
  | {
      readonly kind: "jetstream";
      readonly endpoint: string;
      readonly account: string;
      readonly stream: string;
      readonly consumer: string;
    }
  /** SQS queue, read as KEDA's own identity. */
  | { readonly kind: "sqs"; readonly url: pulumi.Input<string>; readonly region: string };

/** Sources of a workload's metrics. */
export interface ScalingSources {
  /** Address of Prometheus. */
  readonly prometheus?: string | undefined;
  /** Service of the workload in Prometheus' metrics. */
  readonly scope?: Scope | undefined;
  readonly queue?: QueueSource | undefined;
}

const secondsAMinute = 60;

const utilization = (type: "cpu" | "memory", percent: number | undefined): Trigger[] =>
  percent === undefined ? [] : [{ type, metricType: "Utilization", metadata: { value: String(percent) } }];

function queueTrigger(source: QueueSource, messages: number, authentication: string): Trigger {
  const threshold = String(messages);
  if (source.kind === "jetstream") {
    const { endpoint, account, stream, consumer } = source;
    return {
      type: "nats-jetstream",
      name: "queue",
      metricType: "AverageValue",
      metadata: {
        natsServerMonitoringEndpoint: endpoint,
        account,
        stream,
        consumer,
        lagThreshold: threshold,
      },
    };
  }
  return {
    type: "aws-sqs-queue",
    name: "queue",
    metricType: "AverageValue",
    metadata: {
      queueURL: source.url,
      queueLength: threshold,
      awsRegion: source.region,
      // Messages in flight count, since their pods are still needed.
      scaleOnInFlight: "true",
    },
    authenticationRef: { name: authentication },
  };
}

/** Prometheus queries: requests per minute are divided among the pods, the response time isn't. */
function prometheusTriggers(scaling: AutoscalingSettings, { prometheus, scope }: ScalingSources): Trigger[] {
  const { requestsPerMinute, latencySeconds } = scaling;
  if (prometheus === undefined || scope === undefined) return [];
  const ask = (
    name: string,
    metricType: "AverageValue" | "Value",
    query: string,
    threshold: number,
  ): Trigger => ({
    type: "prometheus",
    name,
    metricType,
    // An empty result is an error, so the fallback applies. Otherwise it would count as 0.
    metadata: { serverAddress: prometheus, query, threshold: String(threshold), ignoreNullValues: "false" },
  });
  const minutely = `${requestRate(scope)} * ${secondsAMinute}`;
  // Without requests there is no response time, which isn't an error: 0.
  const latency = `${latencyP95(scope)} and ${requestRate(scope)} > 0 or ${requestRate(scope)} * 0`;
  return [
    ...(requestsPerMinute === undefined
      ? []
      : [ask("requests", "AverageValue", minutely, requestsPerMinute)]),
    ...(latencySeconds === undefined ? [] : [ask("latency", "Value", latency, latencySeconds)]),
  ];
}

/** The triggers of a workload. `authentication` is the TriggerAuthentication that queues in AWS are read with. */
export function triggers(
  scaling: AutoscalingSettings,
  sources: ScalingSources,
  authentication: string,
): Trigger[] {
  const { cpu, memory, queue, schedule = [] } = scaling;
  return [
    ...utilization("cpu", cpu),
    ...utilization("memory", memory),
    ...prometheusTriggers(scaling, sources),
    ...(queue === undefined || sources.queue === undefined
      ? []
      : [queueTrigger(sources.queue, queue.messages, authentication)]),
    ...schedule.map(({ start, end, timezone, pods }): Trigger => ({
      type: "cron",
      metadata: { start, end, timezone, desiredReplicas: String(pods) },
    })),
  ];
}
