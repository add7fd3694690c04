import assert from "node:assert/strict";
import * as k8s from "@pulumi/kubernetes";
import { Component } from "../../../components/base/component";
import { requestRate } from "../../../components/observability/expressions";
import { podMonitorSpec } from "../../../components/observability/pod-monitor";
import { workloadMonitor } from "../../../components/workload/monitor";
import { previewProgram } from "../../../preview/run-program";
import type { WorkloadSpec } from "../../../systems/spec";
import { catalog } from "../../support/frozen";

class Parent extends Component {}

const type = "kubernetes:monitoring.coreos.com/v1:PodMonitor";

/** The monitor of a workload, with a Prometheus in the cluster or without. */
const monitored = (spec: WorkloadSpec, prometheus: boolean) =>
  previewProgram(() => {
    const provider = new k8s.Provider("kubernetes", { clusterIdentifier: "test" });
    const made = (name: string) => new k8s.core.v1.Namespace(name, { metadata: { name } }, { provider });
    const metadata = { name: spec.name, namespace: spec.namespace };
    const operators = prometheus ? { prometheus: made("prometheus") } : {};
    const parent = new Parent("plinth:test:Parent", "parent", { providers: [provider] });
    workloadMonitor(parent, "metrics", { spec, metadata, namespace: made("namespace"), operators });
  });

describe("a workload's metrics", () => {
  const { api, web, worker } = catalog.ams.workloads;

  it("are scraped twice a minute, at each pod's main port, by its own labels", async () => {
    const monitor = (await monitored(api, true)).one(type);
    assert.deepEqual(monitor.inputs.metadata, { name: "ams-api", namespace: "ams" });
    assert.deepEqual(monitor.inputs.spec, {
      selector: { matchLabels: { "app.kubernetes.io/name": "ams-api" } },
      podMetricsEndpoints: [
        {
          port: "http",
          path: "/metrics",
          interval: "30s",
          relabelings: [{ action: "replace", targetLabel: "service", replacement: "ams-api-service" }],
        },
      ],
    });
    const waits = monitor.dependencies.map((urn) => urn.split("::").at(-1));
    assert.deepEqual(waits.sort(), ["namespace", "prometheus"]);
  });

  it("aren't scraped if it serves none, or without Prometheus", async () => {
    for (const [spec, prometheus] of [
      [web, true],
      [worker, true],
      [api, false],
    ] as const)
      assert.deepEqual((await monitored(spec, prometheus)).ofType(type), []);
  });

  it("have the labels that the expressions select", () => {
    const scope = { namespace: "ams", service: "ams-api-service" };
    const asked = [...requestRate(scope).matchAll(/(\w+)="/g)].map(([, label]) => label);
    const { podMetricsEndpoints } = podMonitorSpec({ pods: {}, port: "http", path: "/metrics", ...scope });
    const given = podMetricsEndpoints.flatMap(({ relabelings }) =>
      relabelings.map(({ targetLabel }) => targetLabel),
    );
    // The first is the operator's own, for every PodMonitor.
    assert.deepEqual(asked, ["namespace", ...given]);
  });
});
