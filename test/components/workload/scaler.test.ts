import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import { Scaler, type ScalerArgs } from "../../../components/workload/scaling/scaler";
import { previewProgram } from "../../../preview/run-program";
import { scaling, target } from "./fixture";
import { objects } from "../../support/objects";
import { metadataOf } from "../../support/inputs";

const hpaType = "kubernetes:autoscaling/v2:HorizontalPodAutoscaler";
const kedaType = "kubernetes:keda.sh/v1alpha1:ScaledObject";
const loginType = "kubernetes:keda.sh/v1alpha1:TriggerAuthentication";
const vpaType = "kubernetes:autoscaling.k8s.io/v1:VerticalPodAutoscaler";

const metadata = { name: "api", namespace: "shop", labels: { "app.kubernetes.io/name": "api" } };
const sqs = { kind: "sqs", url: "https://sqs/1/tasks", region: "ap-northeast-2" } as const;

/** A scaler and its possible dependencies: the namespace, the pods, operators. */
const scaled = (settings: ScalerArgs["settings"], sources: ScalerArgs["sources"] = {}) =>
  previewProgram(() => {
    const provider = new k8s.Provider("kubernetes", { clusterIdentifier: "test" });
    const made = (name: string) => new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider });
    new Scaler(
      "api-scaler",
      {
        metadata,
        settings,
        target,
        pods: made("pods"),
        namespace: made("namespace"),
        sources,
        operators: { keda: made("keda"), verticalPodAutoscaler: made("vpa") },
      },
      { provider },
    );
  });

const queue = { queue: "tasks", messages: 50 } as const;
const waits = (urns: readonly string[]) => urns.map((urn) => urn.split("::").at(-1)).sort();

describe("scaler", () => {
  it("uses a HorizontalPodAutoscaler for CPU and memory, which only waits for its namespace", async () => {
    const recording = await scaled({ autoscaling: scaling({ cpu: 70, memory: 80 }) });
    const hpa = recording.one(hpaType);
    assert.deepEqual(waits(hpa.dependencies), ["namespace"]);
    assert.deepEqual(recording.ofType(kedaType), []);
    assert.deepEqual(recording.ofType(vpaType), []);
  });

  it("uses KEDA for other targets, once it and the pods exist", async () => {
    const recording = await scaled({ autoscaling: scaling({ cpu: 70, latencySeconds: 1 }) });
    const { dependencies } = recording.one(kedaType);
    assert.deepEqual(waits(dependencies), ["keda", "namespace", "pods"]);
    assert.deepEqual(recording.ofType(hpaType), []);
    assert.deepEqual(recording.ofType(loginType), []);
  });

  it("authenticates to AWS as KEDA", async () => {
    const recording = await scaled({ autoscaling: scaling({ queue }) }, { queue: sqs });
    const login = recording.one(loginType);
    assert.deepEqual(login.inputs.spec, { podIdentity: { provider: "aws" } });
    assert.deepEqual(waits(login.dependencies), ["keda", "namespace"]);
    const { inputs, dependencies } = recording.one(kedaType);
    assert.ok(waits(dependencies).includes(login.name));
    const { name } = metadataOf(login);
    assert.match(JSON.stringify(inputs.spec), new RegExp(`"authenticationRef":\\{"name":"${name}"\\}`));
  });

  // Pulumi creates one before it deletes the other, in both directions, so they must not conflict.
  it("can switch between the kinds of autoscalers", async () => {
    const native = await scaled({ autoscaling: scaling({ cpu: 70 }) });
    const keda = await scaled({ autoscaling: scaling({ cpu: 70, latencySeconds: 1 }) });
    const [[hpaName, hpa] = []] = [...objects(native, "HorizontalPodAutoscaler")];
    const [[name, scaledObject] = []] = [...objects(keda, "ScaledObject")];
    assert.equal(hpaName, "shop/api-hpa");
    assert.equal(name, "shop/api");
    // KEDA's own autoscaler has its default name, keda-hpa-<name>.
    const spec = scaledObject?.manifest.spec as { advanced: { horizontalPodAutoscalerConfig: object } };
    assert.ok(!("name" in spec.advanced.horizontalPodAutoscalerConfig));
    // KEDA's webhook ignores an autoscaler with this annotation.
    assert.equal(hpa?.manifest.metadata.annotations?.["validations.keda.sh/hpa-ownership"], "false");
  });

  it("recommends requests if configured, with or without an autoscaler, and changes nothing", async () => {
    for (const autoscaling of [undefined, scaling({ cpu: 70 })]) {
      const recording = await scaled({ recommend: true, autoscaling });
      const { inputs, dependencies } = recording.one(vpaType);
      assert.deepEqual(inputs.spec, { targetRef: target, updatePolicy: { updateMode: "Off" } });
      assert.deepEqual(waits(dependencies), ["namespace", "vpa"]);
      assert.equal(recording.ofType(hpaType).length, autoscaling === undefined ? 0 : 1);
    }
  });
});
