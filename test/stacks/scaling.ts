import type { Recording } from "../../preview/run-program";
import { objects } from "../support/recordings";

export interface ScalingRow {
  readonly rows: string;
  readonly namespace: string;
  readonly deployment: string;
  /** Metrics besides CPU at 70 % and memory at 80 %, and the target per pod. */
  readonly targets: readonly (readonly [type: string, of: RegExp, threshold: string])[];
  /** Cooldown in production, in seconds. */
  readonly cooldown: number;
}

/** SCALE-1, SCALE-2: workloads of staging and production that scale by more than CPU and memory. */
export const scaled: readonly ScalingRow[] = [
  {
    rows: "SCALE-2 (queue length)",
    namespace: "opmas-core",
    deployment: "opmas-agent",
    targets: [["nats-jetstream", /^LOGS agents APP nats-headless\.opmas-core\..*:8222$/, "100"]],
    cooldown: 600,
  },
  {
    rows: "SCALE-2 (request latency)",
    namespace: "opmas-api",
    deployment: "opmas-management-api",
    targets: [["prometheus", /^histogram_quantile\(0\.95, .*service="opmas-management-api"/, "0.5"]],
    cooldown: 300,
  },
  {
    rows: "SCALE-1 (1000 requests per instance), SCALE-2",
    namespace: "asset-management",
    deployment: "asset-management-api",
    targets: [
      ["prometheus", /^sum\(rate\(http_requests_total.*service="asset-management-api".*\* 60$/, "1000"],
      ["aws-sqs-queue", /./, "50"],
    ],
    cooldown: 300,
  },
];

/** The fields of a KEDA ScaledObject that tests read. */
export interface ScaledObject {
  readonly scaleTargetRef: { kind: string; name: string };
  readonly minReplicaCount: number;
  readonly maxReplicaCount: number;
  readonly fallback: { failureThreshold: number; replicas: number };
  readonly advanced: {
    horizontalPodAutoscalerConfig: { behavior: { scaleDown: { stabilizationWindowSeconds: number } } };
  };
  readonly triggers: readonly { type: string; metadata: Record<string, string> }[];
}

/** The ScaledObject of a workload. */
export const scaledObject = (recording: Recording, namespace: string, name: string) =>
  objects(recording, "ScaledObject").get(`${namespace}/${name}`)?.manifest.spec as ScaledObject | undefined;
