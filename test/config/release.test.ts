import assert from "node:assert/strict";
import { describeFault } from "../../config/reading/errors";
import type { Document } from "yaml";
import { mostPods, releaseOf } from "../../config";
import { drop, faultsOf, set, unquoted } from "../support/edits";
import { settingsOf } from "../support/frozen";

const api = "systems.ams.workloads.api.release";
const web = "systems.ams.workloads.web.release";
const worker = "systems.ams.workloads.worker.release";
const core = "systems.opmas.workloads.core.release";
const sessions = "systems.opmas.workloads.management-api.release";

interface Case {
  readonly what: string;
  readonly edit: (file: Document) => void;
  readonly path: string;
  readonly says: RegExp;
}

const canary = (more: object = {}) => ({ strategy: "canary", steps: [10, 100], ...more });
const blueGreen = (more: object = {}) => ({ strategy: "blue-green", ...more });
const rises = /rise and end at 100, such as \[10, 50, 100\]/;

const both =
  (...edits: ((file: Document) => void)[]) =>
  (file: Document) =>
    edits.forEach((edit) => edit(file));

const cases: Case[] = [
  {
    what: "an unknown strategy",
    edit: set(api, { strategy: "recreate" }),
    path: `${api}.strategy`,
    says: /found "recreate".*"rolling", "blue-green", "canary"/,
  },
  {
    what: "no strategy",
    edit: set(api, {}),
    path: `${api}.strategy`,
    says: /"rolling", "blue-green", "canary"/,
  },
  { what: "steps that fall", edit: set(`${api}.steps`, [50, 10, 100]), path: `${api}.steps`, says: rises },
  {
    what: "steps that don't rise",
    edit: set(`${api}.steps`, [10, 10, 100]),
    path: `${api}.steps`,
    says: rises,
  },
  {
    what: "steps that end under 100",
    edit: set(`${api}.steps`, [10, 50]),
    path: `${api}.steps`,
    says: rises,
  },
  { what: "no steps", edit: set(`${api}.steps`, []), path: `${api}.steps`, says: rises },
  { what: "a step of zero", edit: set(`${api}.steps`, [0, 100]), path: `${api}.steps.0`, says: /1 to 100/ },
  {
    what: "a step above 100",
    edit: set(`${api}.steps`, [10, 110]),
    path: `${api}.steps.1`,
    says: /1 to 100/,
  },
  {
    what: "a header's value that YAML has changed",
    edit: unquoted(`${api}.header.value`, "1"),
    path: `${api}.header.value`,
    says: /a quoted string/,
  },
  {
    what: "a header with a wildcard",
    edit: set(`${api}.header.value`, "t*"),
    path: `${api}.header.value`,
    says: /such as "true"/,
  },
  {
    what: "a header where no load balancer reads it",
    edit: set(worker, canary({ header: { name: "canary", value: "true" } })),
    path: `${worker}.header`,
    says: /nothing: the workload isn't public/,
  },
  {
    what: "a surge that the load balancer's weights make meaningless",
    edit: set(`${api}.maxSurge`, 20),
    path: `${api}.maxSurge`,
    says: /nothing: the old version keeps all pods/,
  },
  {
    what: "blue-green without a Service",
    edit: set(worker, blueGreen()),
    path: `${worker}.strategy`,
    says: /has no ports/,
  },
  {
    what: "a canary with sticky sessions",
    edit: set(sessions, canary()),
    path: `${sessions}.strategy`,
    says: /"rolling": the workload has sticky sessions/,
  },
  {
    what: "blue-green with sticky sessions",
    edit: set(sessions, blueGreen()),
    path: `${sessions}.strategy`,
    says: /"rolling": the workload has sticky sessions/,
  },
  {
    what: "a canary that is too fast for two measurements",
    edit: set(api, canary({ steps: [10, 50, 100], pauseSeconds: 60 })),
    path: `${api}.pauseSeconds`,
    says: /at least 90 seconds, so the 2 pauses have time for two measurements; or no analysis/,
  },
  {
    what: "a canary without a pause for the analysis",
    edit: set(api, canary({ steps: [100] })),
    path: `${api}.steps`,
    says: /at least one step before 100/,
  },
  {
    what: "more pods before the switch than after it",
    edit: set(web, blueGreen({ previewReplicas: 4 })),
    path: `${web}.previewReplicas`,
    says: /at most the 3 pods that serve/,
  },
  {
    what: "a switch whose analysis takes longer than the old version is kept",
    edit: set(core, blueGreen({ keepSeconds: 60 })),
    path: `${core}.keepSeconds`,
    says: /at least 420 seconds/,
  },
  {
    what: "blue-green without Argo Rollouts",
    edit: drop("cluster.operators.argoRollouts"),
    path: `${web}.strategy`,
    says: /found "blue-green"; allowed is "rolling", unless plinth:cluster\.operators\.argoRollouts is set/,
  },
  {
    what: "a canary without Argo Rollouts",
    edit: drop("cluster.operators.argoRollouts"),
    path: `${api}.strategy`,
    says: /found "canary"; allowed is "rolling", unless plinth:cluster\.operators\.argoRollouts is set/,
  },
  {
    what: "an analysis without Prometheus",
    edit: both(drop("cluster.operators.prometheus"), set(`${api}.analysis`, true)),
    path: `${api}.analysis`,
    says: /false, unless plinth:cluster\.operators\.prometheus is set/,
  },
  {
    what: "an analysis of a workload that serves no metrics",
    edit: set(web, blueGreen({ analysis: true })),
    path: `${web}.analysis`,
    says: /false: the workload serves no metrics/,
  },
];

describe("config: releases", () => {
  for (const { what, edit, path, says } of cases)
    it(`refuses ${what}`, async () => {
      const { faults, message } = await faultsOf("prod", edit);
      const fault = faults.find((each) => each.path === `plinth:${path}`);
      assert.ok(fault, `no fault at ${path} in:\n${message}`);
      assert.match(describeFault("Pulumi.prod.yaml", fault), says);
    });

  it("are rolling updates by default, even without Argo Rollouts", async () => {
    const { systems } = await settingsOf("dev");
    for (const system of Object.values(systems))
      for (const workload of Object.values(system?.workloads ?? {}))
        assert.deepEqual(releaseOf(workload), { strategy: "rolling" });
  });

  it("accept a canary of a workload that isn't public, by its pods", async () => {
    const { systems } = await settingsOf("prod", set(worker, canary({ maxSurge: 50 })));
    const settings = systems.ams?.workloads.worker;
    assert.deepEqual(releaseOf(settings ?? {}), {
      strategy: "canary",
      steps: [10, 100],
      pauseSeconds: 300,
      analysis: false,
      maxSurge: 50,
    });
    assert.equal(mostPods(settings ?? {}), 12);
  });

  it("are analysed if the workload serves metrics, unless configured otherwise", async () => {
    const { systems } = await settingsOf("prod", set(`${api}.analysis`, false));
    const analysis = (system: "ams" | "tapwork" | "asset-management", workload: string) => {
      const release = releaseOf(systems[system]?.workloads[workload] ?? {});
      return "analysis" in release ? release.analysis : undefined;
    };
    assert.equal(analysis("tapwork", "api"), true);
    assert.equal(analysis("asset-management", "api"), true);
    assert.equal(analysis("ams", "web"), false);
    assert.equal(analysis("ams", "api"), false);
  });

  it("count both versions while they run side by side", () => {
    const autoscaling = { min: 3, max: 10 };
    const common = { pauseSeconds: 300, analysis: false };
    const release = { strategy: "canary", steps: [10, 100], ...common } as const;
    assert.equal(mostPods({ autoscaling }), 13);
    assert.equal(mostPods({ autoscaling, release: { strategy: "rolling" } }), 13);
    assert.equal(mostPods({ autoscaling, release }), 20);
    assert.equal(mostPods({ autoscaling, release: { ...release, maxSurge: 25 } }), 13);
    const switched = {
      strategy: "blue-green",
      verifySeconds: 60,
      keepSeconds: 600,
      analysis: false,
    } as const;
    assert.equal(mostPods({ replicas: 3, release: { ...switched, previewReplicas: 1 } }), 6);
  });
});
