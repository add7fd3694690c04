import assert from "node:assert/strict";
import { prometheusAddress } from "../../components/base/operators";
import { catalog } from "../../systems";
import type { SystemSpec } from "../../systems/spec";
import { objects, firstRegionOf, type Manifest } from "../support/recordings";
import { has, stacks } from "../support/stacks";

/**
 * OBS-1: pods that serve metrics, and their port. Workloads are from the catalog; the chart sets the port of NATS'
 * exporter, and the exporters of databases have their own port.
 */
const told: Readonly<Record<string, number>> = Object.fromEntries([
  ["opmas-core/nats", 7777],
  ...Object.values<SystemSpec>(catalog).map(
    ({ name, namespaces: [first] }) => [`${first}/${name}-postgres-exporter`, 9187] as const,
  ),
  ...Object.values<SystemSpec>(catalog).flatMap(({ workloads }) =>
    Object.values(workloads).flatMap(({ namespace, name, listen }) =>
      listen?.metrics === undefined ? [] : [[`${namespace}/${name}`, listen.ports.http ?? 0] as const],
    ),
  ),
]);

/** From the documents: each system's API and OPMAS' core. */
const documents = [
  "ams/ams-api",
  "asset-management/asset-management-api",
  "opmas-api/opmas-management-api",
  "opmas-core/opmas-core",
  "tapwork/tapwork-api",
];

/** Operators that serve metrics, and the port. Sources: the charts' templates, see `components/cluster/operators/monitors.ts`. */
const operators: Readonly<Record<string, number>> = {
  "argo-rollouts/argo-rollouts": 8090,
  "cert-manager/cert-manager": 9402,
  "external-secrets/external-secrets": 8080,
  "keda/keda-operator": 8080,
};

/** The collectors, and the port name of each monitor. */
const collectors: Readonly<Record<string, number>> = {
  "telemetry-nodes/otel-agent": 8888,
  "telemetry/otel-gateway": 8888,
  "telemetry/otel-gateway-span-metrics": 8889,
  "telemetry/jaeger": 8888,
};
/** Ports of each of their policies. */
const collectorEntrances = [
  ["telemetry-nodes", [8888]],
  ["telemetry", [8888, 8889]],
  ["telemetry", [8888]],
] as const;

/** Ports of Prometheus' own namespace: kube-state-metrics and the reloaders, Prometheus, Alertmanager. */
const own = [8080, 9090, 9093];

interface Rule {
  readonly from?: readonly { podSelector?: { matchLabels?: Record<string, string> } }[];
  readonly ports: readonly { port: number }[];
}

/** Ports that a pod's policy allows Prometheus. */
const opened = (policy: Manifest | undefined): number[] =>
  ((policy?.spec?.ingress ?? []) as Rule[])
    .filter(({ from = [] }) =>
      from.some((peer) => peer.podSelector?.matchLabels?.["app.kubernetes.io/name"] === "prometheus"),
    )
    .flatMap(({ ports }) => ports.map(({ port }) => port));

for (const stack of stacks)
  describe(`${stack}: metrics`, () => {
    const there = has(stack, "cluster.operators.prometheus");

    it("OBS-1: Prometheus scrapes every workload that serves metrics, databases and NATS", async () => {
      const monitors = objects(await firstRegionOf(stack), "PodMonitor");
      assert.deepEqual(
        [...monitors.keys()].sort(),
        there ? Object.keys({ ...told, ...operators, ...collectors }).sort() : [],
      );
      for (const name of documents) assert.ok(name in told, name);
    });

    it("scrapes a port that the pods have by that name", async () => {
      const recording = await firstRegionOf(stack);
      for (const [key, { manifest }] of objects(recording, "PodMonitor")) {
        const [{ port } = { port: "" }] = manifest.spec?.podMetricsEndpoints as { port: string }[];
        if (key in operators) continue;
        if (key.endsWith("/nats")) {
          assert.equal(port, "prom-metrics", "as the chart names it");
          continue;
        }
        const kinds = ["Deployment", "Rollout", "DaemonSet"].flatMap((kind) => [...objects(recording, kind)]);
        const pods = key.replace("-span-metrics", "");
        const [, owner] = kinds.find(([name]) => name === pods) ?? assert.fail(`${key} has no pods`);
        const { template } = owner.manifest.spec as {
          template: { spec: { containers: { ports: { name: string; containerPort: number }[] }[] } };
        };
        const ports = template.spec.containers.flatMap((container) => container.ports);
        assert.deepEqual(
          ports.filter(({ name }) => name === port).map(({ containerPort }) => containerPort),
          [told[key] ?? collectors[key]],
        );
      }
    });

    it("is allowed by the policies on both sides, only on that port", async () => {
      const recording = await firstRegionOf(stack);
      const policies = objects(recording, "NetworkPolicy");
      for (const [key, { manifest }] of policies)
        if (!/\/allow-scrape(-jaeger)?$/.test(key))
          assert.deepEqual(opened(manifest), there && key in told ? [told[key]] : [], key);
      const entrances = [...policies].filter(([key]) => /\/allow-scrape(-jaeger)?$/.test(key));
      const wanted = Object.entries(operators).map(([key, port]) => [key.replace(/\/.*/, ""), [port]]);
      assert.deepEqual(
        entrances.map(([key, { manifest }]) => [key.replace(/\/.*/, ""), opened(manifest)]).sort(),
        there ? [...wanted, ...collectorEntrances, ["monitoring", own]].sort() : [],
      );
      const { spec } = policies.get("monitoring/allow-metrics")?.manifest ?? {};
      const [way] = (spec?.egress ?? []) as Rule[];
      const all = [told, operators, collectors].flatMap((one) => Object.values(one)).concat(own);
      const ports = [...new Set(all)].sort((one, other) => one - other);
      assert.deepEqual(
        way?.ports.map(({ port }) => port),
        there ? ports : undefined,
      );
    });

    it("has labelled only the namespaces that it scrapes", async () => {
      const labelled = [...objects(await firstRegionOf(stack), "Namespace").values()]
        .filter(({ manifest }) => manifest.metadata.labels?.["plinth/metrics"] === "allowed")
        .map(({ manifest }) => manifest.metadata.name);
      // cert-manager's namespace is EKS' own: it is a NamespacePatch.
      const wanted = [
        ...Object.keys(told),
        ...(there ? [...Object.keys({ ...operators, ...collectors }), "monitoring/own"] : []),
      ]
        .map((key) => key.replace(/\/.*/, ""))
        .filter((namespace) => namespace !== "cert-manager");
      assert.deepEqual(labelled.sort(), [...new Set(wanted)].sort());
    });

    it("is queried by KEDA and Argo Rollouts, and allows them", async () => {
      const recording = await firstRegionOf(stack);
      const addresses = [...recording.resources.values()].flatMap(({ inputs }) =>
        [...JSON.stringify(inputs).matchAll(/"(?:serverAddress|address)":"([^"]+)"/g)].map(([, at]) => at),
      );
      assert.deepEqual([...new Set(addresses)], there ? [prometheusAddress] : []);
      const entrance = objects(recording, "NetworkPolicy").get("monitoring/allow-queries");
      if (!there) return assert.equal(entrance, undefined);
      assert.match(JSON.stringify(entrance?.manifest.spec), /"keda-operator".*"argo-rollouts"/);
    });
  });
