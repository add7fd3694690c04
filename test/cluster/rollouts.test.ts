import assert from "node:assert/strict";

import { asRollout } from "./fixtures/rollout";
import { pick, set, shop } from "./fixtures/shop";
import { kedaAutoscalers } from "./keda";
import { ofKind } from "./manifests";
import { rolloutStandIns, versionBeside } from "./rollouts";
import type { Autoscaler, KubeObject, Scaled } from "./types";
import { workloadsOf } from "./workloads";

const CANARY = { trafficRouting: { alb: { ingress: "shop" } } };

/** The Deployment that replaces the sample's api, with a strategy. */
function standIn(strategy?: object): Scaled {
  const objects = asRollout(shop());
  if (strategy) set(pick(objects, "Rollout"), "spec.strategy", strategy);
  return pick(rolloutStandIns(objects), "Deployment", "api") as KubeObject as Scaled;
}

const update = ({ spec }: Scaled): unknown =>
  (spec as { strategy?: { rollingUpdate?: object } }).strategy?.rollingUpdate;

describe("the replacement of Argo's controller", () => {
  it("has the Rollout's name, replicas, selector and pods", () => {
    const objects = asRollout(shop());
    set(pick(objects, "Rollout"), "spec.replicas", 4);
    const { spec } = pick(objects, "Rollout") as KubeObject as Scaled;
    const [made] = ofKind<Scaled>(rolloutStandIns(objects), "Deployment");
    assert.deepEqual([made?.metadata.name, made?.metadata.namespace], ["api", "shop"]);
    assert.deepEqual([made?.spec.replicas, made?.spec.selector], [4, spec.selector]);
    assert.deepEqual(made?.spec.template.metadata, spec.template.metadata);
    assert.deepEqual(made?.spec.template.spec.containers, spec.template.spec.containers);
  });

  it("leaves replicas to its own autoscaler, including KEDA's", () => {
    assert.equal("replicas" in standIn().spec, false);
    const scaled: KubeObject = {
      apiVersion: "keda.sh/v1alpha1",
      kind: "ScaledObject",
      metadata: { name: "api", namespace: "shop" },
      spec: { scaleTargetRef: { kind: "Rollout", name: "api" }, maxReplicaCount: 9, triggers: [] },
    };
    const objects = asRollout(shop());
    const made = rolloutStandIns([...objects, ...kedaAutoscalers([scaled])]);
    const autoscalers = ofKind<Autoscaler>(made, "HorizontalPodAutoscaler");
    assert.deepEqual(
      autoscalers.map(({ metadata, spec }) => [metadata.name, spec.scaleTargetRef.kind, spec.maxReplicas]),
      [
        ["rollout-api", "Deployment", 6],
        ["rollout-keda-hpa-api", "Deployment", 9],
      ],
    );
  });

  it("uses a Deployment's version label if the Rollout uses its own, and only there", () => {
    const keys = (given: string[]) => {
      const objects = asRollout(shop());
      set(pick(objects, "Rollout"), "spec.template.spec.topologySpreadConstraints.0.matchLabelKeys", given);
      const [made] = ofKind<Scaled>(rolloutStandIns(objects), "Deployment");
      return made?.spec.template.spec.topologySpreadConstraints?.[0]?.matchLabelKeys;
    };
    assert.deepEqual(keys(["rollouts-pod-template-hash"]), ["pod-template-hash"]);
    assert.deepEqual(keys(["pod-template-hash"]), undefined);
  });

  it("runs two full versions if traffic is switched or weighted, otherwise the strategy's surge", () => {
    assert.deepEqual(update(standIn()), { maxSurge: "100%", maxUnavailable: 0 });
    assert.deepEqual(update(standIn({ canary: CANARY })), { maxSurge: "100%", maxUnavailable: 0 });
    assert.deepEqual(update(standIn({ canary: {} })), { maxSurge: "25%", maxUnavailable: "25%" });
    const canary = { maxSurge: "50%", maxUnavailable: 0 };
    assert.deepEqual(update(standIn({ canary })), canary);
    const next = versionBeside(standIn());
    assert.deepEqual([next?.metadata.name, next?.spec.selector], ["api-next", standIn().spec.selector]);
    assert.notDeepEqual(next?.spec.template.metadata, standIn().spec.template.metadata);
    assert.equal(versionBeside(standIn({ canary })), undefined);
  });

  it("counts in the planning of nodes: all pods twice, or the surge", () => {
    const most = (strategy?: object) => {
      const objects = asRollout(shop());
      if (strategy) set(pick(objects, "Rollout"), "spec.strategy", strategy);
      const api = workloadsOf(objects).find(({ object }) => object.kind === "Rollout");
      return [api?.most, api?.surge];
    };
    assert.deepEqual(most(), [6, 6]);
    assert.deepEqual(most({ canary: { maxSurge: "50%" } }), [6, 3]);
  });
});
