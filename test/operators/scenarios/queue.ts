import assert from "node:assert/strict";
import { setTimeout as sleep } from "node:timers/promises";

import { ofKind } from "../../cluster/manifests";
import type { KubeObject } from "../../cluster/types";
import { bounds, reaches, replicas, type Scaled } from "../scaled";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { QUEUE_URL } from "../stack";

/** Asset Management's API: a Rollout, with an SQS queue among its triggers. */
const API: Scaled = {
  kind: "Rollout",
  namespace: "asset-management",
  name: "asset-management-api",
  min: 2,
  max: 15,
};

/** Messages in the queue, and the pods for them at 50 per pod. */
const MESSAGES = 400;
const PODS = 8;

/** Longer than the polling intervals of KEDA, 30 seconds, and of the autoscaler, one second. */
const STEADY_SECONDS = 45;

/** Production's scale-down: 300 seconds of stabilization, then half of the pods per minute. */
const DOWN_SECONDS = 300 + 3 * 60 + 60;

async function play(scene: Scene): Promise<void> {
  const { network } = scene;
  const fill = (visible: number, inFlight: number): void =>
    void network.queues.set(QUEUE_URL, { visible, inFlight });
  await bounds(scene, API);

  fill(MESSAGES, 0);
  await reaches(scene, API, PODS, `${MESSAGES} messages wait, at 50 a pod`, 120);

  // Received, but not deleted: pods are still processing them.
  fill(0, MESSAGES);
  await sleep(STEADY_SECONDS * 1000);
  assert.equal((await replicas(scene, API)).wanted, PODS, "pods while all messages are in flight");

  fill(0, 0);
  await reaches(scene, API, API.min, "the queue is empty", DOWN_SECONDS);
}

export const queue: Scenario = {
  name: "KEDA: Asset Management's API, a Rollout, by its SQS queue; messages in flight count",
  needs: ["keda-operator", "keda-metrics-server", "cert-manager", "rollouts-controller", "prometheus"],
  play,
  spoil: {
    what: "the API is scaled by a queue that doesn't exist",
    finds: /^asset-management-api.*: not within/,
    objects: (objects) => {
      type Triggered = KubeObject & { spec: { triggers: { metadata: Record<string, string> }[] } };
      for (const { spec } of ofKind<Triggered>(objects, "ScaledObject"))
        for (const { metadata } of spec.triggers)
          if (metadata.queueURL !== undefined) metadata.queueURL = `${QUEUE_URL}-old`;
    },
  },
};
