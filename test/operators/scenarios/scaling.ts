import { jetstream } from "@nats-io/jetstream";

import { ofKind } from "../../cluster/manifests";
import type { KubeObject } from "../../cluster/types";
import type { Nats } from "../nats";
import { bounds, condition, reaches, type Scaled } from "../scaled";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { until } from "../watch";

const AGENT: Scaled = { kind: "Deployment", namespace: "opmas-core", name: "opmas-agent", min: 4, max: 12 };
const MANAGEMENT: Scaled = {
  kind: "Deployment",
  namespace: "opmas-api",
  name: "opmas-management-api",
  min: 2,
  max: 6,
};

/** Scales agents by pending messages: to the maximum, and back when all are processed. */
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

/** Scales the management API by its latency; without Prometheus it gets the fallback's replicas. */
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
  name: "KEDA: agents by JetStream's lag, the management API by latency; bounds and fallback",
  needs: ["keda-operator", "keda-metrics-server", "cert-manager", "nats-server", "prometheus"],
  play: async (scene) => {
    // A ScaledObject isn't ready as long as KEDA can't reach its servers.
    await scene.withNats(() => Promise.resolve());
    for (const scaled of [AGENT, MANAGEMENT]) await bounds(scene, scaled);
    await Promise.all([scene.withNats((nats) => byMessages(scene, nats)), byLatency(scene)]);
  },
  spoil: {
    what: "agents are scaled by a missing consumer",
    finds: /^opmas-agent.*: not within/,
    objects: (objects) => {
      type Triggered = KubeObject & { spec: { triggers: { metadata: Record<string, string> }[] } };
      for (const { spec } of ofKind<Triggered>(objects, "ScaledObject"))
        for (const { metadata } of spec.triggers) metadata.consumer &&= "nobody";
    },
  },
};
