import assert from "node:assert/strict";
import { join } from "node:path";
import { drop, set } from "../../support/edits";
import { catalog } from "../../support/frozen";
import { objects, podOwners } from "../../support/objects";
import { projectIn } from "../../support/project";
import type { SystemSpec, WorkloadSpec } from "../../../systems/spec";
import { ConfigError } from "../../../config";
import type { Document } from "yaml";
import { specOf } from "../../support/inputs";

/** TAPWORK with a job, and OPMAS with a workload that only others in the cluster call. */
const nightly = {
  kind: "job",
  name: "tapwork-nightly",
  container: "nightly",
  namespace: "tapwork",
  component: "worker",
  command: ["python", "nightly.py"],
  image: { user: 1001, scratch: { tmp: "/tmp" } },
  env: {
    DATABASE_URL: { from: "postgres.url", key: "database-url" },
    API_URL: { service: "api" },
    LOG_LEVEL: { setting: "LOG_LEVEL" },
  },
} as const satisfies WorkloadSpec;
const prices = {
  name: "opmas-prices",
  container: "prices",
  namespace: "opmas-core",
  component: "api",
  listen: { service: "prices", ports: { http: 8080 } },
  image: { user: 1001, scratch: {} },
  env: {},
} as const satisfies WorkloadSpec;

const { tapwork, opmas } = catalog as Record<string, SystemSpec>;
assert.ok(tapwork !== undefined && opmas !== undefined);
const calling = (key: string): WorkloadSpec => {
  const workload = opmas.workloads[key] ?? assert.fail(key);
  return { ...workload, env: { ...workload.env, PRICES_URL: { service: "prices" } } };
};
const project = projectIn(join(__dirname, "..", "..", "fixtures", "project"), {
  ...catalog,
  tapwork: { ...tapwork, workloads: { ...tapwork.workloads, nightly } },
  opmas: {
    ...opmas,
    workloads: {
      ...opmas.workloads,
      prices,
      agent: calling("agent"),
      "management-api": calling("management-api"),
    },
  },
} as Readonly<Record<string, SystemSpec>>);

const resources = { requests: { cpu: "100m", memory: "128Mi" }, limits: { cpu: "500m", memory: "256Mi" } };
const at = "systems.tapwork.workloads.nightly";
const amounts = {
  image: "tapwork/api:v1.0.0",
  schedule: "30 2 * * *",
  timeoutSeconds: 1800,
  resources,
  pool: 2,
};
const edit = (file: Document) => {
  set(at, amounts)(file);
  set("systems.opmas.workloads.prices", {
    image: "opmas/prices:1.0.0",
    replicas: 2,
    minAvailable: 1,
    resources,
  })(file);
};
const recording = project.recordingWith("prod", edit);

interface Rule {
  from?: {
    podSelector?: { matchLabels: Record<string, string> };
    namespaceSelector?: { matchLabels: Record<string, string> };
  }[];
}
const callersOf = (manifest: { spec?: Record<string, unknown> } | undefined) =>
  ((manifest?.spec?.ingress ?? []) as Rule[]).flatMap(({ from = [] }) =>
    from.map(({ podSelector, namespaceSelector }) =>
      [
        ...Object.values(namespaceSelector?.matchLabels ?? {}),
        ...Object.values(podSelector?.matchLabels ?? {}),
      ].join("/"),
    ),
  );

describe("a scheduled workload", () => {
  it("is a CronJob with the pod of any workload: image, user, secret, account, priority and limits", async () => {
    const { manifest } = objects(await recording, "CronJob").get("tapwork/tapwork-nightly") ?? assert.fail();
    const { jobTemplate, ...spec } = specOf<{
      jobTemplate: { spec: { template: { spec: Record<string, unknown> } } & Record<string, unknown> };
    }>(manifest);
    assert.deepEqual(spec, {
      schedule: "30 2 * * *",
      timeZone: "Etc/UTC",
      concurrencyPolicy: "Forbid",
      startingDeadlineSeconds: 600,
      successfulJobsHistoryLimit: 3,
      failedJobsHistoryLimit: 3,
    });
    assert.equal(jobTemplate.spec.activeDeadlineSeconds, 1800);
    const pod = jobTemplate.spec.template.spec;
    assert.deepEqual(
      [pod.restartPolicy, pod.serviceAccountName, pod.priorityClassName, pod.automountServiceAccountToken],
      ["Never", "tapwork-nightly", "plinth-batch", false],
    );
    const [container] = pod.containers as [
      { image: string; command: string[]; env: { name: string; valueFrom?: object }[] },
    ];
    assert.match(container.image, /\/tapwork\/api:v1\.0\.0$/);
    assert.deepEqual(container.command, nightly.command);
    const url = container.env.find(({ name }) => name === "DATABASE_URL");
    assert.deepEqual(url?.valueFrom, { secretKeyRef: { name: tapwork.secret, key: "database-url" } });
  });

  it("has a service account and a network policy, and nothing that only serving workloads need", async () => {
    const all = await recording;
    for (const kind of ["ServiceAccount", "NetworkPolicy"])
      assert.ok(objects(all, kind).has("tapwork/tapwork-nightly"), kind);
    assert.deepEqual(callersOf(objects(all, "NetworkPolicy").get("tapwork/tapwork-nightly")?.manifest), []);
    for (const kind of ["Service", "PodDisruptionBudget", "PodMonitor", "HorizontalPodAutoscaler"])
      assert.ok(!objects(all, kind).has("tapwork/tapwork-nightly"), kind);
    assert.ok(!podOwners(all).has("tapwork/tapwork-nightly"));
    assert.ok(
      callersOf(objects(all, "NetworkPolicy").get("tapwork/tapwork-api")?.manifest).some((each) =>
        each.endsWith("tapwork-nightly"),
      ),
    );
  });

  it("counts in the namespace's quota", async () => {
    const pods = async (run: typeof recording) =>
      Number(
        (
          objects(await run, "ResourceQuota").get("tapwork/quota")?.manifest.spec as {
            hard: { pods: string };
          }
        ).hard.pods,
      );
    const longer = project.recordingWith("prod", (file) => {
      edit(file);
      set("systems.tapwork.workloads.scanner.replicas", 3)(file);
    });
    assert.equal((await pods(longer)) - (await pods(recording)), 2);
  });

  it("accepts a schedule and a time limit, but neither replicas nor a release", async () => {
    const faults = async (change: (file: Document) => void) => {
      try {
        await project.settingsOf("prod", (file) => (edit(file), change(file)));
      } catch (error) {
        if (error instanceof ConfigError) return error.faults.map(({ path }) => path);
        throw error;
      }
      return [];
    };
    const path = `plinth:${at}`;
    assert.deepEqual(await faults(drop(`${at}.schedule`)), [`${path}.schedule`]);
    assert.deepEqual(await faults(drop(`${at}.timeoutSeconds`)), [`${path}.timeoutSeconds`]);
    assert.deepEqual(await faults(set(`${at}.schedule`, "at night")), [`${path}.schedule`]);
    assert.deepEqual(await faults(set(`${at}.timeoutSeconds`, 10)), [`${path}.timeoutSeconds`]);
    for (const key of ["replicas", "minAvailable", "release", "autoscaling"])
      assert.deepEqual(await faults(set(`${at}.${key}`, 1)), [`${path}.${key}`]);
  });

  it("is suspended in a region that only reads", async () => {
    const recording = await project.recordingWith("prod", (file) => {
      edit(file);
      set("standby", {
        region: "ap-northeast-1",
        network: { cidr: "10.40.0.0/16", zones: ["ap-northeast-1a", "ap-northeast-1c"] },
        systems: { tapwork: { replicas: { postgres: { class: "db.t4g.medium" } }, workloads: {} } },
      })(file);
    });
    const suspended = recording
      .ofType("kubernetes:batch/v1:CronJob")
      .filter(({ name }) => name.includes("nightly"))
      .map(({ name, inputs }) => [name, (inputs.spec as { suspend?: boolean }).suspend]);
    assert.deepEqual(suspended, [
      ["standby-region-tapwork-nightly-job", true],
      ["primary-tapwork-nightly-job", undefined],
    ]);
  });
});

describe("an internal workload", () => {
  it("is reached by its callers, from each of their namespaces, and isn't public", async () => {
    const all = await recording;
    const callers = callersOf(objects(all, "NetworkPolicy").get("opmas-core/opmas-prices")?.manifest);
    const spaces = new Set(["agent", "management-api"].map((key) => opmas.workloads[key]?.namespace));
    assert.equal(spaces.size, 2);
    for (const key of ["agent", "management-api"]) {
      const { name, namespace } = opmas.workloads[key] ?? assert.fail(key);
      assert.ok(
        callers.some((each) => each.includes(namespace) && each.includes(name)),
        `${key}: ${callers.join()}`,
      );
    }
    for (const { manifest } of objects(all, "Ingress").values())
      assert.doesNotMatch(JSON.stringify(manifest), /prices/);
    assert.ok(objects(all, "Service").has("opmas-core/prices"));
  });

  it("has an address for its callers that works in every namespace", async () => {
    for (const key of ["agent", "management-api"]) {
      const { name, namespace } = opmas.workloads[key] ?? assert.fail(key);
      const owner = podOwners(await recording).get(`${namespace}/${name}`)?.manifest;
      assert.match(JSON.stringify(owner), /http:\/\/prices\.opmas-core(\.svc\.cluster\.local)?:8080/, key);
    }
  });
});
