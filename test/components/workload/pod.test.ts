import assert from "node:assert/strict";
import { podTemplate } from "../../../components/workload/pod";
import { probes } from "../../../components/workload/probes";
import { targetAnnotations } from "../../../components/workload/service";
import type { WorkloadSettings } from "../../../config";
import type { WorkloadSpec } from "../../../systems/spec";
import { scaling } from "./fixture";
import { catalog } from "../../support/frozen";
import { specOf } from "../../support/inputs";

const settings: WorkloadSettings = {
  image: "app:1",
  replicas: 1,
  minAvailable: 0,
  resources: { requests: { cpu: "50m", memory: "64Mi" }, limits: { cpu: "200m", memory: "128Mi" } },
};

const surroundings = (spec: WorkloadSpec): Parameters<typeof podTemplate>[2] => ({
  image: "registry.example.com/app:1",
  labels: {},
  annotations: {},
  variables: [
    { name: "PLAIN", value: "1" },
    { name: "SECRET", secret: "ams-secrets", key: "database-url" },
  ],
  configMap: undefined,
  serviceAccount: spec.name,
  zones: 3,
});
const template = (spec: WorkloadSpec) => podTemplate(spec, settings, surroundings(spec));

const { web, api, worker } = catalog.ams.workloads;

/** The parts of a pod as plain objects, since none is an output. */
interface PlainPod {
  securityContext: { runAsUser: number; sysctls?: unknown };
  containers: [
    {
      env: unknown;
      command?: string[];
      volumeMounts: { name: string; mountPath: string }[];
      lifecycle?: unknown;
      livenessProbe?: unknown;
    },
  ];
  volumes: { name: string }[];
  priorityClassName?: string;
  topologySpreadConstraints: Record<string, unknown>[];
}
const pod = (spec: WorkloadSpec) => specOf<PlainPod>(template(spec));

describe("pod", () => {
  it("listens on a port below 1024 without root, only with the safe sysctl", () => {
    const { securityContext } = pod(web);
    assert.equal(securityContext.runAsUser, 101);
    assert.deepEqual(securityContext.sysctls, [{ name: "net.ipv4.ip_unprivileged_port_start", value: "0" }]);
    assert.equal(pod(api).securityContext.sysctls, undefined);
  });

  it("writes to named scratch volumes with a size limit", () => {
    const { containers, volumes } = pod(catalog.tapwork.workloads.api);
    assert.deepEqual(containers[0].volumeMounts, [
      { name: "tmp", mountPath: "/tmp" },
      { name: "logs", mountPath: "/app/logs" },
    ]);
    assert.deepEqual(volumes, [
      { name: "tmp", emptyDir: { sizeLimit: "128Mi" } },
      { name: "logs", emptyDir: { sizeLimit: "128Mi" } },
    ]);
  });

  it("spreads across zones and nodes, without counting tainted nodes", () => {
    const [zones, nodes] = pod(api).topologySpreadConstraints;
    assert.deepEqual(
      [zones?.topologyKey, zones?.whenUnsatisfiable, zones?.nodeTaintsPolicy],
      ["topology.kubernetes.io/zone", "DoNotSchedule", "Honor"],
    );
    assert.deepEqual(
      [nodes?.topologyKey, nodes?.whenUnsatisfiable],
      ["kubernetes.io/hostname", "ScheduleAnyway"],
    );
  });

  it("has a priority: APIs before frontends, and those before workers", () => {
    assert.deepEqual(
      [api, web, worker].map((spec) => pod(spec).priorityClassName),
      ["plinth-core", "plinth-standard", "plinth-batch"],
    );
  });

  it("requires nodes in all zones but one, if there are enough pods and zones", () => {
    const least = (replicas: number, zones: number) => {
      const { spec } = podTemplate(api, { ...settings, replicas }, { ...surroundings(api), zones });
      const [constraint] = (spec as unknown as PlainPod).topologySpreadConstraints;
      return constraint?.minDomains;
    };
    assert.equal(least(3, 3), 2, "with all of them the loss of one would block the rest");
    assert.equal(least(2, 3), undefined);
    assert.equal(least(3, 2), undefined);
    const scaled: WorkloadSettings = {
      ...settings,
      replicas: undefined,
      autoscaling: scaling({ min: 3, max: 10 }),
    };
    assert.match(JSON.stringify(podTemplate(api, scaled, surroundings(api))), /"minDomains":2/);
  });

  it("has a startup probe for a slow start, and keeps the document's probes", () => {
    const document = catalog.tapwork.workloads.api;
    const slow = probes(document, undefined);
    assert.deepEqual(slow?.startupProbe, {
      httpGet: { path: "/health", port: "http" },
      periodSeconds: 5,
      failureThreshold: 8,
    });
    assert.equal(slow?.livenessProbe.initialDelaySeconds, 30);
    assert.equal(probes(api, undefined)?.startupProbe, undefined);
    const own = probes({ ...web, startupSeconds: 61 }, undefined);
    assert.deepEqual(own?.startupProbe, {
      tcpSocket: { port: "http" },
      periodSeconds: 5,
      failureThreshold: 13,
    });
    assert.equal(own?.livenessProbe.initialDelaySeconds, undefined, "it has started by then");
  });

  it("mounts shared directories by their claim", () => {
    const { containers, volumes } = pod(catalog["asset-management"].workloads.api);
    assert.deepEqual(
      containers[0].volumeMounts.find(({ mountPath }) => mountPath === "/app/files"),
      { name: "files", mountPath: "/app/files" },
    );
    assert.deepEqual(
      volumes.find(({ name }) => name === "files"),
      { name: "files", persistentVolumeClaim: { claimName: "files" } },
    );
  });

  it("takes secrets by key, never by value", () => {
    assert.deepEqual(pod(api).containers[0].env, [
      { name: "PLAIN", value: "1" },
      { name: "SECRET", valueFrom: { secretKeyRef: { name: "ams-secrets", key: "database-url" } } },
    ]);
  });

  it("has the document's probes, else TCP, else the configured path", () => {
    assert.deepEqual(probes(api, undefined)?.readinessProbe, {
      httpGet: { path: "/health/ready", port: "http" },
      initialDelaySeconds: 10,
      periodSeconds: 5,
    });
    assert.deepEqual(probes(web, undefined)?.livenessProbe.tcpSocket, { port: "http" });
    assert.deepEqual(probes(web, "/healthz")?.livenessProbe.httpGet, { path: "/healthz", port: "http" });
    assert.equal(probes(worker, undefined), undefined);
  });

  it("drains before it stops if it serves, but not if it is a worker", () => {
    assert.deepEqual(pod(api).containers[0].lifecycle, { preStop: { sleep: { seconds: 15 } } });
    assert.equal(pod(worker).containers[0].lifecycle, undefined);
    assert.deepEqual(pod(worker).containers[0].command, ["node", "dist/worker.js"]);
  });
});

describe("load balancer targets", () => {
  const key = (name: string) => `alb.ingress.kubernetes.io/${name}`;

  it("are checked at the document's path, which must return 200", () => {
    const annotations = targetAnnotations(api, settings);
    assert.equal(annotations[key("healthcheck-path")], "/health/ready");
    assert.equal(annotations[key("success-codes")], "200");
  });

  it("are healthy with any response but a server error without a known path", () => {
    const annotations = targetAnnotations(catalog.opmas.workloads.frontend, settings);
    assert.equal(annotations[key("healthcheck-path")], "/");
    assert.equal(annotations[key("success-codes")], "200-499");
  });

  it("get their full share of requests only after the shortest slow start that ELB offers", () => {
    const set = targetAnnotations(api, settings)[key("target-group-attributes")] ?? "";
    assert.match(set, /(^|,)slow_start\.duration_seconds=30(,|$)/);
    // ELB supports slow start with round robin only.
    assert.doesNotMatch(set, /algorithm/);
  });

  it("have sticky sessions if described", () => {
    const sticky = targetAnnotations(catalog.opmas.workloads["management-api"], settings);
    assert.match(sticky[key("target-group-attributes")] ?? "", /stickiness\.enabled=true/);
    assert.doesNotMatch(targetAnnotations(api, settings)[key("target-group-attributes")] ?? "", /stickiness/);
  });
});
