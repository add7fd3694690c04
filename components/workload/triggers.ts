import type * as pulumi from "@pulumi/pulumi";
import type { AutoscalingSettings } from "../../config";
import { latencyP95, requestRate, type Scope } from "../observability/expressions";

/** What KEDA measures a workload by, one entry a target. Source of the keys: KEDA's scalers, 2.20. */
export interface Trigger {
  readonly type: "cpu" | "memory" | "prometheus" | "nats-jetstream" | "aws-sqs-queue" | "cron";
  readonly name?: string;
  readonly metricType?: "Utilization" | "AverageValue" | "Value";
  readonly metadata: Readonly<Record<string, pulumi.Input<string>>>;
  readonly authenticationRef?: { readonly name: string };
}

/** Where the messages wait that a workload is scaled by. */
export type QueueSource =
  /** Durable consumer of a JetStream stream, as the server's monitoring port knows it. */
  | {
      readonly kind: "jetstream";
      readonly endpoint: string;
      readonly account: string;
      readonly stream: string;
      readonly consumer: string;
    }
  /** SQS queue, read as KEDA's own identity. */
  | { readonly kind: "sqs"; readonly url: pulumi.Input<string>; readonly region: string };

/** Where a workload's metrics are to be had. */
export interface ScalingSources {
  /** Address of Prometheus. */
  readonly prometheus?: string | undefined;
  /** Service under which Prometheus knows the workload. */
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
      // Who works on a message still needs its pod.
      scaleOnInFlight: "true",
    },
    authenticationRef: { name: authentication },
  };
}

/** Queries of Prometheus: requests a minute are shared out among the pods, the time to an answer is everyone's. */
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
    // No answer is an error, so that the fallback holds: without it, it would count as 0.
    metadata: { serverAddress: prometheus, query, threshold: String(threshold), ignoreNullValues: "false" },
  });
  const minutely = `${requestRate(scope)} * ${secondsAMinute}`;
  // While nobody asks there is no time to an answer, which is no failure: 0.
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
