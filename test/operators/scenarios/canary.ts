import assert from "node:assert/strict";

import { ofKind } from "../../cluster/manifests";
import type { KubeObject } from "../../cluster/types";
import { figures, look, noGap, type Release, type Released, untilFirst, verdicts } from "../releases";
import type { Scenario } from "../scenario";
import type { Scene } from "../scene";
import { until } from "../watch";

/** Asset Management's API: 5, 25, 50, 100 %, analysed by Prometheus during the whole release. */
export const API: Released = {
  namespace: "asset-management",
  name: "asset-management-api",
  ingress: "asset-management-ingress",
  asked: { host: "assets.example.com", path: "/api/asset" },
};

const IMAGE = "asset-management.workloads.api.image";

/** Its configured steps in percent. */
const STEPS = [5, 25, 50, 100];

/** Seconds of a pause: three of them must last longer than the first measurement, after 120 s, and a failing one. */
export const PAUSE_SECONDS = 70;

/** Releases a version and follows it until `until`. */
async function release(
  scene: Scene,
  version: string,
  wanted: (seen: Release) => boolean,
): Promise<Release[]> {
  await scene.deploy({ [IMAGE]: `asset-management-api:${version}` });
  const seen: Release[] = [];
  await until(
    `the canary ${version}`,
    420,
    async () => {
      const now = await look(scene.cluster, API);
      seen.push(now);
      return now;
    },
    wanted,
    noGap,
  );
  return seen;
}

/** Shares of a version over time, without repetitions. */
function course(seen: readonly Release[], version: string): number[] {
  const all = seen.map(({ shares }) => shares[version] ?? 0);
  return all.filter((share, index) => share !== all[index - 1]);
}

async function bad({ scene }: { scene: Scene }): Promise<void> {
  const { cluster, pods } = scene;
  pods.behave("asset-management-api:1.1.0-bad", { errors: 0.5 });
  const seen = await release(scene, "1.1.0-bad", ({ phase }) => phase === "Degraded" || phase === "Healthy");
  assert.equal(seen.at(-1)?.phase, "Degraded", "a version that fails half of its requests was released");
  const most = Math.max(...course(seen, "1.1.0-bad"));
  assert.ok(most < 100, `the bad version had ${most} %`);
  await until(
    "only the old version",
    30,
    () => look(cluster, API),
    ({ shares }) => shares["1.0.0"] === 100,
    noGap,
  );
  const found = await verdicts(cluster, API);
  assert.ok(found.includes("Failed"), `no analysis failed: ${found.join(", ")}`);
  const errors = await figures(cluster, API, "error-rate");
  assert.ok(
    errors.some((rate) => Math.abs(rate - 0.5) < 0.05),
    `Prometheus measured error rates other than a half: ${errors.join(", ")}`,
  );
}

async function good({ scene }: { scene: Scene }): Promise<void> {
  const { cluster } = scene;
  const seen = await release(
    scene,
    "1.2.0",
    ({ phase, shares }) => phase === "Healthy" && shares["1.2.0"] === 100,
  );
  assert.deepEqual(course(seen, "1.2.0"), [0, ...STEPS], "the weights in the load balancer's annotations");
  assert.ok(
    seen.every(({ phase }) => phase !== "Degraded"),
    "it was rolled back in between",
  );
  const errors = await figures(cluster, API, "error-rate");
  assert.ok(errors.includes(0), `Prometheus measured no error rate of 0: ${errors.join(", ")}`);
  await until(
    "the old pods gone",
    120,
    () => look(cluster, API),
    ({ pods }) => Object.keys(pods).join() === "1.2.0",
    noGap,
  );
}

interface Template extends KubeObject {
  spec: { metrics: { successCondition?: string; failureCondition?: string }[] };
}

export const canary: Scenario = {
  name: "canary of Asset Management's API: bad metrics roll it back, good ones promote it",
  needs: ["rollouts-controller", "prometheus"],
  play: async (scene) => {
    await untilFirst(scene.cluster, API, "1.0.0");
    await bad({ scene });
    await good({ scene });
  },
  spoil: {
    what: "the analysis accepts any error rate",
    finds: /half of its requests was released/,
    objects: (objects) => {
      for (const { metadata, spec } of ofKind<Template>(objects, "AnalysisTemplate"))
        if (metadata.namespace === API.namespace)
          for (const metric of spec.metrics.filter(
            ({ successCondition }) => successCondition !== undefined,
          )) {
            metric.successCondition = "true";
            delete metric.failureCondition;
          }
    },
  },
};
