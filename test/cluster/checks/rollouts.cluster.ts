import assert from "node:assert/strict";

import { install } from "../crds";
import { asRollout } from "../fixtures/rollout";
import { pick, set, without } from "../fixtures/shop";
import { assertFound, theCluster, withReadySystem, withSystem } from "../harness";
import type { KubeObject } from "../types";
import { CHECKS } from ".";
import { applied } from "./applied";
import { budgets } from "./budgets";
import { rollout } from "./rollout";
import { unchanged } from "./unchanged";

/** Maximum number of the api's pods, with two versions. */
const BOTH_VERSIONS = 12;

describe("a system under Argo Rollouts", () => {
  it("passes every check, and each examined its pods", async () => {
    await withSystem(asRollout, async (context) => {
      for (const check of CHECKS) {
        const { findings, examined } = await check.run(context);
        assert.deepEqual(findings, [], check.name);
        assert.ok(examined > 0, `${check.name} examined nothing`);
      }
    });
  });

  it("fails on a quota that is one pod too small for the new version before the switch", async () => {
    await withReadySystem(
      (objects) => {
        set(pick(objects, "ResourceQuota"), "spec.hard", { pods: String(BOTH_VERSIONS - 1) });
        // Otherwise its pods might be refused instead of the api's.
        return without(asRollout(objects), "StatefulSet");
      },
      async (context) => {
        const { findings } = await rollout.run(context);
        assertFound(findings, /^Deployment shop-\d+\/api-next$/, /exceeded quota: quota, requested: pods=1/);
      },
    );
  });

  it("fails on several pods without a disruption budget", async () => {
    await withReadySystem(
      (objects) => without(asRollout(objects), "PodDisruptionBudget", "api"),
      async (context) => {
        const { findings } = await budgets.run(context);
        assertFound(findings, /^Deployment shop-\d+\/api$/, /no disruption budget selects its pods/);
      },
    );
  });

  it("fails on pod templates that its definition accepts but the server refuses", async () => {
    await withSystem(
      (objects) => {
        set(pick(objects, "Deployment"), "spec.template.spec.containers.0.image", "");
        return asRollout(objects);
      },
      async (context) => {
        const { findings } = await applied.run(context);
        assertFound(findings, /^Deployment shop-\d+\/api$/, /containers\[0\]\.image: Required value/);
      },
    );
  });
});

describe("fields that the server doesn't store", () => {
  const names = { kind: "Trial", listKind: "TrialList", plural: "trials", singular: "trial" };
  const schema = {
    type: "object",
    properties: { spec: { type: "object", properties: { labels: { type: "object" } } } },
  };
  const definition = {
    apiVersion: "apiextensions.k8s.io/v1",
    kind: "CustomResourceDefinition",
    metadata: { name: "trials.example.com" },
    spec: {
      group: "example.com",
      scope: "Namespaced",
      names,
      versions: [{ name: "v1", served: true, storage: true, schema: { openAPIV3Schema: schema } }],
    },
  };
  const trial = (namespace: string | undefined): KubeObject => ({
    apiVersion: "example.com/v1",
    kind: "Trial",
    metadata: { name: "trial", ...(namespace === undefined ? {} : { namespace }) },
    spec: { labels: { app: "api" } },
  });

  before(async () => install(theCluster(), [{ definition, origin: "the project's own" }]));

  it("are reported by the second apply with their path, though the first was strict", async () => {
    await withSystem(
      (objects) => [...objects, trial(pick(objects, "Service").metadata.namespace)],
      async (context) => {
        const { findings } = await unchanged.run(context);
        assertFound(
          findings,
          /^Trial shop-\d+\/trial$/,
          /^given \.spec\.labels\.app, which the server didn't keep$/,
        );
      },
    );
  });
});
