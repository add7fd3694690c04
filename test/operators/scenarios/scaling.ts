import assert from "node:assert/strict";
import { jetstream } from "@nats-io/jetstream";

import type { Autoscaler, Condition, KubeObject } from "../../cluster/types";
import { ofKind } from "../../cluster/manifests";
import type { Nats } from "../nats";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { until } from "../watch";

/** A workload that KEDA scales, and its bounds in production. */
interface Scaled {
  kind: "Deployment" | "Rollout";
  namespace: string;
  name: string;
  min: number;
  max: number;
}

const AGENT: Scaled = { kind: "Deployment", namespace: "opmas-core", name: "opmas-agent", min: 4, max: 12 };
const MANAGEMENT: Scaled = {
  kind: "Deployment",
  namespace: "opmas-api",
  name: "opmas-management-api",
  min: 2,
  max: 6,
};
const ASSETS: Scaled = {
  kind: "Rollout",
  namespace: "asset-management",
  name: "asset-management-api",
  min: 2,
  max: 15,
};

interface Replicated extends KubeObject {
  spec: { replicas?: number };
  status?: { readyReplicas?: number };
}

interface Conditioned extends KubeObject {
  status?: { conditions?: Condition[] };
}

async function replicas(
  scene: Scene,
  { kind, namespace, name }: Scaled,
): Promise<{ wanted: number; ready: number }> {
  const apiVersion = kind === "Rollout" ? "argoproj.io/v1alpha1" : "apps/v1";
  const { spec, status } = await scene.cluster.get<Replicated>({
    apiVersion,
    kind,
    metadata: { name, namespace },
  });
  return { wanted: spec.replicas ?? 1, ready: status?.readyReplicas ?? 0 };
}

function reaches(
  scene: Scene,
  scaled: Scaled,
  count: number,
  why: string,
  seconds: number,
): Promise<unknown> {
  return until(
    `${scaled.name}: ${count} pods, since ${why}`,
    seconds,
    () => replicas(scene, scaled),
    ({ wanted, ready }) => wanted === count && ready >= count,
    ({ wanted }) => (wanted > scaled.max ? `more than ${scaled.max} pods are wanted` : undefined),
  );
}

/** What KEDA says of a ScaledObject, `Ready` or `Fallback`, and why. */
async function condition(
  scene: Scene,
  { namespace, name }: Scaled,
  type: string,
): Promise<Condition | undefined> {
  const { status } = await scene.cluster.get<Conditioned>({
    apiVersion: "keda.sh/v1alpha1",
    kind: "ScaledObject",
    metadata: { name, namespace },
  });
  return status?.conditions?.find((one) => one.type === type);
}

/** KEDA makes an autoscaler of each ScaledObject, with the bounds that the stack file gives. */
async function bounds(scene: Scene): Promise<void> {
  for (const scaled of [AGENT, MANAGEMENT, ASSETS]) {
    const { namespace, name, min, max } = scaled;
    await until(
      `${name} is scaled by KEDA`,
      60,
      () => condition(scene, scaled, "Ready"),
      (seen) => seen?.status === "True",
    );
    const { spec } = await scene.cluster.get<Autoscaler>({
      apiVersion: "autoscaling/v2",
      kind: "HorizontalPodAutoscaler",
      metadata: { name: `keda-hpa-${name}`, namespace },
    });
    assert.deepEqual([spec.minReplicas, spec.maxReplicas, spec.scaleTargetRef.kind], [min, max, scaled.kind]);
    await reaches(scene, scaled, min, "nothing is asked of it", 60);
  }
}

/** Agents by the messages that wait for them: to their most, and back when the messages are gone. */
async function byMessages(scene: Scene, nats: Nats): Promise<void> {
  const core = await nats.connect("opmas-core_1");
  const publisher = jetstream(core);
  await Promise.all(
    Array.from({ length: 1500 }, (_, index) => publisher.publish(`logs.device.${index}`, "line")),
  );
  await core.close();
  await reaches(scene, AGENT, AGENT.max, "1500 messages wait, at 100 a pod", 180);
  const agent = await nats.connect("opmas-agent_1");
  const consumer = await jetstream(agent).consumers.get("LOGS", "agents");
  for (let got = 1; got > 0;) {
    got = 0;
    for await (const message of await consumer.fetch({ max_messages: 500, expires: 2_000 })) {
      message.ack();
      got++;
    }
  }
  await agent.close();
  await reaches(scene, AGENT, AGENT.min, "all messages are acknowledged", 240);
}

/** The management API by the time that it takes; without Prometheus it goes back to what the fallback says. */
async function byLatency(scene: Scene): Promise<void> {
  const image = "opmas/management-api:1.0.0";
  scene.pods.behave(image, { seconds: 2 });
  await reaches(scene, MANAGEMENT, MANAGEMENT.max, "it takes two seconds to answer", 300);
  scene.cutPrometheus(true);
  try {
    await until(
      "the fallback",
      60,
      () => condition(scene, MANAGEMENT, "Fallback"),
      (seen) => seen?.status === "True",
    );
  } finally {
    scene.cutPrometheus(false);
  }
  await until(
    "Prometheus is asked again",
    60,
    () => condition(scene, MANAGEMENT, "Fallback"),
    (seen) => seen?.status === "False",
  );
  scene.pods.behave(image, { seconds: 0.05 });
  await reaches(scene, MANAGEMENT, MANAGEMENT.min, "it is quick again", 420);
}

export const scaling: Scenario = {
  name: "KEDA: agents by JetStream's lag, the management API by latency; bounds, fallback, a Rollout as target",
  needs: [
    "keda-operator",
    "keda-metrics-server",
    "cert-manager",
    "nats-server",
    "prometheus",
    "rollouts-controller",
  ],
  play: async (scene) => {
    // KEDA takes no ScaledObject for ready whose servers it can't ask.
    await scene.withNats(() => Promise.resolve());
    await bounds(scene);
    await Promise.all([scene.withNats((nats) => byMessages(scene, nats)), byLatency(scene)]);
  },
  spoil: {
    what: "agents are scaled by a consumer that isn't there",
    finds: /^opmas-agent.*: not within/,
    objects: (objects) => {
      type Triggered = KubeObject & { spec: { triggers: { metadata: Record<string, string> }[] } };
      for (const { spec } of ofKind<Triggered>(objects, "ScaledObject"))
        for (const { metadata } of spec.triggers) metadata.consumer &&= "nobody";
    },
  },
};
