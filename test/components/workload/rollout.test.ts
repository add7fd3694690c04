import assert from "node:assert/strict";
import type { ReleaseSettings, WorkloadSettings } from "../../../config";
import type { Registration } from "../../../preview/monitor";
import type { WorkloadSpec } from "../../../systems/spec";
import { blueGreen, canary, changes, objectsOf, previewWorkload, scaled, scaling, settings } from "./fixture";
import { catalog } from "../../support/frozen";
import { metadataOf } from "../../support/inputs";

const { web, api, worker } = catalog.ams.workloads;
const many = catalog["asset-management"].workloads.api;

type Fields = Record<string, unknown>;
const specOf = (resource: Registration | undefined) => (resource?.inputs.spec ?? {}) as Fields;
const annotationsOf = (resource: Registration | undefined) => {
  assert.ok(resource);
  return metadataOf(resource).annotations ?? {};
};

async function rollout(spec: WorkloadSpec, amounts: WorkloadSettings, prometheus?: string) {
  const recording = await previewWorkload(spec, amounts, { prometheus });
  const objects = objectsOf(recording);
  const found = objects.get(`Rollout/${spec.name}`);
  assert.ok(found, [...objects.keys()].join(", "));
  const waits = found.dependencies.map((urn) => recording.resources.get(urn)?.name);
  return { objects, found, spec: specOf(found), waits };
}

const image = (amounts: WorkloadSettings): WorkloadSettings => ({ ...amounts, image: "app:2" });

describe("release: what changes when the image does", () => {
  const rows: [string, WorkloadSpec, ReleaseSettings | undefined, string][] = [
    ["rolling", api, undefined, "Deployment/ams-api"],
    ["blue-green", api, blueGreen(), "Rollout/ams-api"],
    ["canary", api, canary({ header: { name: "canary", value: "true" } }), "Rollout/ams-api"],
    ["canary with analysis", api, canary({ analysis: true }), "Rollout/ams-api"],
    ["canary by pods", worker, canary({ maxSurge: 25 }), "Rollout/ams-worker"],
  ];
  for (const [what, spec, release, object] of rows)
    for (const amounts of [settings(release), scaled(release)])
      it(`${what}, ${amounts.replicas === undefined ? "autoscaled" : "fixed"}: ${object}, and nothing else`, async () => {
        const before = await previewWorkload(spec, amounts);
        const after = await previewWorkload(spec, image(amounts));
        assert.deepEqual(changes(before, after), { created: [], updated: [object], deleted: [] });
      });
});

describe("release: switching", () => {
  const strategies = { rolling: undefined, "blue-green": blueGreen(), canary: canary() };
  const moved = async (from: ReleaseSettings | undefined, to: ReleaseSettings | undefined) =>
    changes(await previewWorkload(api, scaled(from)), await previewWorkload(api, scaled(to)));

  const services = ["ping", "pong", "preview"].map((each) => `Service/ams-api-service-${each}`);
  const beside: Record<keyof typeof strategies, string[]> = {
    rolling: ["Deployment/ams-api"],
    "blue-green": ["AnalysisTemplate/ams-api-preview", "Rollout/ams-api", ...services],
    canary: ["Rollout/ams-api", ...services],
  };
  const policy = (one: string, other: string) =>
    [one, other].includes("blue-green") ? ["NetworkPolicy/ams-api"] : [];

  for (const from of Object.keys(strategies) as (keyof typeof strategies)[])
    for (const to of Object.keys(strategies) as (keyof typeof strategies)[])
      if (from !== to)
        it(`from ${from} to ${to} creates the new before it deletes the old, and replaces nothing`, async () => {
          const both = beside[from].filter((each) => beside[to].includes(each));
          const scaler =
            from === "rolling" || to === "rolling" ? ["HorizontalPodAutoscaler/ams-api-hpa"] : [];
          // The load balancer's targets don't change between the two.
          const changed = both.filter((each) => !each.startsWith("Service/"));
          assert.deepEqual(await moved(strategies[from], strategies[to]), {
            created: beside[to].filter((each) => !both.includes(each)),
            updated: [...scaler, ...policy(from, to), ...changed].sort(),
            deleted: beside[from].filter((each) => !both.includes(each)),
          });
        });

  it("leaves a Service's selector to the controller during a Rollout, and restores it afterwards", async () => {
    const service = async (release?: ReleaseSettings, name = "ams-api-service") =>
      objectsOf(await previewWorkload(api, settings(release))).get(`Service/${name}`);
    const ignored = async (...of: Parameters<typeof service>) =>
      (await service(...of))?.options.ignoreChanges ?? [];
    assert.deepEqual(await ignored(blueGreen()), ["spec.selector"]);
    assert.deepEqual(await ignored(canary()), ["spec.selector"]);
    for (const each of ["ping", "pong"])
      assert.deepEqual(await ignored(canary(), `ams-api-service-${each}`), ["spec.selector"], each);
    // The new version's Service selects by a label; for a switch in the cluster, the controller changes the selector.
    assert.deepEqual(await ignored(blueGreen(), "ams-api-service-preview"), []);
    const inner: WorkloadSpec = { ...worker, listen: api.listen };
    const inside = objectsOf(await previewWorkload(inner, settings(blueGreen())));
    for (const each of ["", "-preview"])
      assert.deepEqual(inside.get(`Service/ams-api-service${each}`)?.options.ignoreChanges, [
        "spec.selector",
      ]);
    // A canary by pods needs no Service.
    const hidden: WorkloadSpec = { ...worker, listen: api.listen };
    const byPods = objectsOf(await previewWorkload(hidden, settings(canary({ maxSurge: 25 }))));
    assert.deepEqual(byPods.get("Service/ams-api-service")?.options.ignoreChanges ?? [], []);
    assert.deepEqual(await ignored(), []);
    assert.equal(annotationsOf(await service())["pulumi.com/patchForce"], "true");
    const without = await previewWorkload(api, settings(), { operators: {} });
    const plain = annotationsOf(objectsOf(without).get("Service/ams-api-service"));
    assert.equal(plain["pulumi.com/patchForce"], undefined);
  });

  it("lets the controller release the Services before a Rollout's pods are deleted", async () => {
    const { found } = await rollout(api, settings(blueGreen()));
    assert.equal(annotationsOf(found)["pulumi.com/deletionPropagationPolicy"], "background");
  });

  it("leaves the number of pods to the autoscaler, and is ready with the minimum", async () => {
    const { found, spec } = await rollout(api, scaled(canary()));
    assert.equal(spec.replicas, undefined);
    assert.deepEqual(found.options.ignoreChanges, ["spec.replicas"]);
    const waits = (one: Registration) =>
      JSON.parse(annotationsOf(one)["pulumi.com/waitFor"] ?? "") as string[];
    assert.equal(waits(found).at(-1), "jsonpath={.status[?$.status.availableReplicas > 2]}");
    const fixed = await rollout(api, settings(canary()));
    assert.deepEqual([fixed.spec.replicas, fixed.found.options.ignoreChanges ?? []], [3, []]);
    assert.equal(waits(fixed.found).length, 2);
    // KEDA's autoscaler is created after its target: waiting for it would never end.
    const autoscaling = scaling({ cpu: 70, requestsPerMinute: 1000 });
    const keda = await rollout(api, settings(canary(), { replicas: undefined, autoscaling }));
    assert.equal(waits(keda.found).length, 2);
  });

  it("points the autoscaler at the owner of the pods", async () => {
    const target = async (release?: ReleaseSettings) => {
      const objects = objectsOf(await previewWorkload(api, scaled(release)));
      return specOf(objects.get("HorizontalPodAutoscaler/ams-api-hpa")).scaleTargetRef;
    };
    assert.deepEqual(await target(), { apiVersion: "apps/v1", kind: "Deployment", name: "ams-api" });
    const rollouts = { apiVersion: "argoproj.io/v1alpha1", kind: "Rollout", name: "ams-api" };
    assert.deepEqual(await target(canary()), rollouts);
    assert.deepEqual(await target(blueGreen()), rollouts);
  });
});

describe("release: under Argo Rollouts", () => {
  it("runs the pods that a Deployment would, spread within their version", async () => {
    const deployment = objectsOf(await previewWorkload(api, settings())).get("Deployment/ams-api");
    const { spec } = await rollout(api, settings(canary()));
    const text = JSON.stringify(spec.template);
    assert.match(text, /"matchLabelKeys":\["rollouts-pod-template-hash"\]/);
    assert.equal(
      text.replaceAll("rollouts-pod-template-hash", "pod-template-hash"),
      JSON.stringify(specOf(deployment).template),
    );
    assert.deepEqual(spec.selector, specOf(deployment).selector);
  });

  it("has no empty list or map in its pods, which Argo Rollouts would drop", async () => {
    const { spec } = await rollout(web, settings(blueGreen()));
    const { metadata, spec: pod } = spec.template as {
      metadata: Fields;
      spec: { containers: Fields[] } & Fields;
    };
    const parts = [metadata, pod, ...pod.containers].flatMap((part) => Object.entries(part));
    const empty = parts.filter(
      ([, value]) => typeof value === "object" && Object.keys(value as object).length === 0,
    );
    assert.deepEqual(empty, []);
  });

  it("is awaited until its status is about the new template and healthy", async () => {
    const { found, spec } = await rollout(api, settings(canary()));
    const conditions = JSON.parse(annotationsOf(found)["pulumi.com/waitFor"] ?? "") as string[];
    assert.deepEqual(conditions, [
      "jsonpath={.status[?@ == $.spec.restartAt]}",
      "jsonpath={.status.phase}=Healthy",
    ]);
    assert.match(String(spec.restartAt), /^(19[789]\d)-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    const other = await rollout(api, image(settings(canary())));
    assert.notEqual(other.spec.restartAt, spec.restartAt);
    const steps = await rollout(api, settings(canary({ steps: [20, 100] })));
    assert.notEqual(steps.spec.restartAt, spec.restartAt);
    const again = await rollout(api, settings(canary()));
    assert.equal(again.spec.restartAt, spec.restartAt);
    assert.equal(annotationsOf(found)["pulumi.com/patchForce"], "true");
  });

  it("is awaited for the time of its steps and analysis, and rolled back without progress", async () => {
    const timeouts = async (spec: WorkloadSpec, release: ReleaseSettings) => {
      const { found } = await rollout(spec, settings(release), "http://prometheus.test:9090");
      return found.options.customTimeouts;
    };
    // Three steps of 300 s and 120 s; and 600 s without progress.
    assert.deepEqual(await timeouts(api, canary()), { create: "1860s", update: "1860s" });
    assert.deepEqual(await timeouts(web, blueGreen()), { create: "960s", update: "960s" });
    assert.deepEqual(await timeouts(web, blueGreen({ analysis: true })), {
      create: "1320s",
      update: "1320s",
    });
    const { spec } = await rollout(web, settings(blueGreen()));
    assert.deepEqual([spec.progressDeadlineSeconds, spec.progressDeadlineAbort], [600, true]);
  });

  it("waits for the operator, its Services and its analyses", async () => {
    const { waits } = await rollout(api, settings(canary({ analysis: true })), "http://prometheus.test:9090");
    for (const each of ["operator", "namespace", "w-account"]) assert.ok(waits.includes(each), each);
    for (const each of ["analysis-metrics", "service-ping", "service-pong", "service-preview"])
      assert.ok(waits.includes(`w-release-${each}`), each);
    const switched = await rollout(api, settings(blueGreen()));
    for (const each of ["analysis-preview", "service-ping", "service-pong", "service-preview"])
      assert.ok(switched.waits.includes(`w-release-${each}`), each);
  });

  const balanced = (namespace: string, service: string, servicePort: number) => ({
    stableService: service,
    pingPong: { pingService: `${service}-ping`, pongService: `${service}-pong` },
    canaryMetadata: { labels: { "plinth/release": "incoming" } },
    scaleDownDelayRevisionLimit: 1,
    abortScaleDownDelaySeconds: 60,
    trafficRouting: { alb: { ingress: `${namespace}-ingress`, rootService: service, servicePort } },
  });
  const steps = (spec: Fields) => (spec.strategy as { canary: { steps: Fields[] } }).canary.steps;

  it("verifies the new version, switches all requests at once, and analyses it", async () => {
    const { spec, objects } = await rollout(web, settings(blueGreen()));
    const answers = { analysis: { templates: [{ templateName: "ams-web-preview" }] } };
    assert.deepEqual(spec.strategy, {
      canary: {
        steps: [{ setCanaryScale: { weight: 100 } }, answers, { setWeight: 100 }, answers],
        ...balanced("ams", "ams-web-service", 80),
        scaleDownDelaySeconds: 600,
      },
    });
    // The verified Service selects only the pods with the label.
    assert.deepEqual(specOf(objects.get("Service/ams-web-service-preview")).selector, {
      "app.kubernetes.io/name": "ams-web",
      "plinth/release": "incoming",
    });
  });

  it("has as many pods as the old version before it gets requests", async () => {
    const { spec } = await rollout(web, settings(blueGreen({ previewReplicas: 1 })));
    const scales = steps(spec).map(({ setCanaryScale, setWeight }) => setCanaryScale ?? setWeight ?? "look");
    assert.deepEqual(scales, [{ replicas: 1 }, "look", { weight: 100 }, 100, "look"]);
  });

  it("analyses metrics after the switch, while the old version keeps all pods", async () => {
    const { spec } = await rollout(
      api,
      settings(blueGreen({ analysis: true })),
      "http://prometheus.test:9090",
    );
    assert.deepEqual(steps(spec).at(-1), {
      analysis: {
        templates: [{ templateName: "ams-api-preview" }, { templateName: "ams-api-metrics" }],
        args: [{ name: "latest-hash", valueFrom: { podTemplateHashValue: "Latest" } }],
      },
    });
  });

  it("switches the Service of a workload that is only called in the cluster", async () => {
    const inner: WorkloadSpec = { ...worker, listen: api.listen };
    const amounts = settings(blueGreen({ previewReplicas: 1, analysis: true }));
    const { spec } = await rollout(inner, amounts, "http://prometheus.test:9090");
    assert.deepEqual(spec.strategy, {
      blueGreen: {
        activeService: "ams-api-service",
        previewService: "ams-api-service-preview",
        previewReplicaCount: 1,
        prePromotionAnalysis: { templates: [{ templateName: "ams-worker-preview" }] },
        postPromotionAnalysis: {
          templates: [{ templateName: "ams-worker-metrics" }],
          args: [{ name: "latest-hash", valueFrom: { podTemplateHashValue: "Latest" } }],
        },
        scaleDownDelaySeconds: 600,
        scaleDownDelayRevisionLimit: 1,
      },
    });
  });

  it("has `minReadySeconds`, longer without probes", async () => {
    const least = async (spec: WorkloadSpec, release?: ReleaseSettings) => {
      const all = [...objectsOf(await previewWorkload(spec, settings(release))).values()];
      return all.flatMap((each) => specOf(each).minReadySeconds ?? []);
    };
    assert.deepEqual([await least(api), await least(api, canary())], [[10], [10]]);
    assert.deepEqual([await least(worker), await least(worker, canary({ maxSurge: 25 }))], [[20], [20]]);
  });

  it("sets the load balancer's weights step by step", async () => {
    const { spec } = await rollout(many, settings(canary({ steps: [5, 25, 50, 100] })));
    const pause = { pause: { duration: "300s" } };
    assert.deepEqual(spec.strategy, {
      canary: {
        steps: [
          { setWeight: 5 },
          pause,
          { setWeight: 25 },
          pause,
          { setWeight: 50 },
          pause,
          { setWeight: 100 },
        ],
        ...balanced("asset-management", "asset-management-api", 3000),
        scaleDownDelaySeconds: 60,
      },
    });
  });

  it("uses the ratio of pods without a load balancer", async () => {
    const { spec, objects } = await rollout(worker, settings(canary({ maxSurge: 25 })));
    const { canary: strategy } = spec.strategy as { canary: Fields };
    assert.deepEqual(
      [strategy.maxSurge, strategy.maxUnavailable, strategy.trafficRouting],
      ["25%", 0, undefined],
    );
    assert.deepEqual(
      [...objects.keys()].filter((key) => key.startsWith("Service/")),
      [],
    );
  });

  it("doesn't await the pods of Services that a Rollout or its Ingress need first", async () => {
    const { objects } = await rollout(api, settings(canary()));
    const annotations = annotationsOf(objects.get("Service/ams-api-service-ping"));
    assert.equal(annotations["pulumi.com/skipAwait"], "true");
    assert.equal(annotations["alb.ingress.kubernetes.io/healthcheck-path"], "/health/ready");
  });

  it("allows the controller to request only the new version's pods", async () => {
    const callers = async (release?: ReleaseSettings) =>
      JSON.stringify(
        specOf(objectsOf(await previewWorkload(api, settings(release))).get("NetworkPolicy/ams-api")).ingress,
      ).includes('"kubernetes.io/metadata.name":"argo-rollouts"');
    assert.deepEqual(
      [await callers(blueGreen()), await callers(canary()), await callers()],
      [true, false, false],
    );
  });
});
