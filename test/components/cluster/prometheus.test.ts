import assert from "node:assert/strict";
import { alertTopics } from "../../../components/cluster/operators/alertmanager";
import { prometheusAddress } from "../../../components/base/operators";
import { prometheusPolicies } from "../../../components/cluster/operators/prometheus";
import { prometheusValues } from "../../../components/cluster/operators/prometheus-values";
import type { Recording } from "../../../preview/run-program";
import { named } from "../network/fixture";
import { previewCluster } from "./fixture";

const settings = (replicas: number) => ({ chart: "88.5.3", replicas, storage: "50Gi", retentionDays: 15 });
const values = (replicas = 2) =>
  prometheusValues(
    settings(replicas),
    "encrypted",
    alertTopics({ prefix: "plinth-test", region: "ap-northeast-2", accountId: "111111111111" }),
  );
const { prometheusOperator } = values();
const { prometheusSpec } = values().prometheus;

const ranges = { vpcCidr: "10.30.0.0/16", privateCidrs: ["10.30.0.0/19"], serviceCidr: "172.20.0.0/16" };
const scraped = { matchLabels: { "plinth/metrics": "allowed" } };
const tcp = (...ports: number[]) => ports.map((port) => ({ protocol: "TCP", port }));
const servers = { matchLabels: { "app.kubernetes.io/name": "prometheus" } };

describe("values of Prometheus", () => {
  it("disable everything but the operator, the servers and kube-state-metrics", () => {
    const on = Object.entries(values()).flatMap(([part, value]) =>
      (value as { enabled?: boolean }).enabled === false ? [] : [part],
    );
    assert.deepEqual(on.sort(), [
      ...["alertmanager", "crds", "defaultRules", "kube-state-metrics", "kubeStateMetrics"],
      ...["prometheus", "prometheusOperator"],
    ]);
    // Parts that the chart enables by default. Source: its `values.yaml`, 88.5.3.
    for (const part of [
      ...["coreDns", "grafana", "kubeApiServer", "kubeControllerManager", "kubeEtcd"],
      ...["kubeProxy", "kubeScheduler", "kubelet", "kubernetesServiceMonitors"],
      "nodeExporter",
    ])
      assert.deepEqual((values() as Record<string, unknown>)[part], { enabled: false }, part);
    assert.deepEqual(values().defaultRules, { create: false });
    assert.equal(prometheusOperator.kubeletService.enabled, false);
    assert.equal(prometheusOperator.kubeletEndpointsEnabled, false);
  });

  it("need no certificate: webhooks and their TLS are off", () => {
    const { tls, admissionWebhooks } = prometheusOperator;
    assert.deepEqual([tls.enabled, admissionWebhooks.enabled], [false, false]);
  });

  it("keep metrics for the configured retention, and never fill the volume", () => {
    assert.deepEqual([prometheusSpec.retention, prometheusSpec.retentionSize], ["15d", "40960MiB"]);
    assert.deepEqual(prometheusSpec.storageSpec.volumeClaimTemplate.spec, {
      storageClassName: "encrypted",
      accessModes: ["ReadWriteOnce"],
      resources: { requests: { storage: "50Gi" } },
    });
  });

  it("select PodMonitors of labelled namespaces, and no other objects there", () => {
    assert.equal(prometheusSpec.podMonitorSelectorNilUsesHelmValues, false);
    const selectors = Object.entries(prometheusSpec).filter(([key]) => key.endsWith("NamespaceSelector"));
    assert.deepEqual(selectors.map(([key]) => key).sort(), [
      "podMonitorNamespaceSelector",
      "probeNamespaceSelector",
      "ruleNamespaceSelector",
      "scrapeConfigNamespaceSelector",
      "serviceMonitorNamespaceSelector",
    ]);
    for (const [key, selector] of selectors) {
      const own = { matchLabels: { "kubernetes.io/metadata.name": "monitoring" } };
      assert.deepEqual(selector, key === "ruleNamespaceSelector" ? own : scraped, key);
    }
    assert.equal(prometheusSpec.ruleSelectorNilUsesHelmValues, false);
    assert.deepEqual(prometheusOperator.prometheusInstanceNamespaces, ["monitoring"]);
  });

  it("limit the metrics of one workload", () => {
    for (const [key, bound] of Object.entries(prometheusSpec))
      if (key.startsWith("enforced")) assert.ok(bound === "10MB" || Number(bound) > 0, key);
    assert.equal(prometheusSpec.enforcedSampleLimit, 10_000);
  });

  it("put two servers into two zones permanently, and one anywhere", () => {
    const [zone, ...more] = prometheusSpec.topologySpreadConstraints;
    assert.deepEqual(more, []);
    assert.deepEqual(
      [zone?.topologyKey, zone?.whenUnsatisfiable, zone?.minDomains, zone?.labelSelector],
      ["topology.kubernetes.io/zone", "DoNotSchedule", 2, servers],
    );
    assert.deepEqual(values(1).prometheus.prometheusSpec.topologySpreadConstraints, []);
  });

  it("run as a numeric user that owns the volume", () => {
    assert.deepEqual(prometheusSpec.securityContext, {
      runAsNonRoot: true,
      runAsUser: 1000,
      runAsGroup: 2000,
      fsGroup: 2000,
      fsGroupChangePolicy: "OnRootMismatch",
      seccompProfile: { type: "RuntimeDefault" },
    });
  });
});

describe("network policies of Prometheus", () => {
  const keda = { namespace: "keda", name: "keda-operator" };
  const all = prometheusPolicies(ranges, { ports: [4000, 7777], askers: [keda] });

  it("allow only the clients, on their ports", () => {
    const entrances = Object.entries(all).filter(([, { ingress }]) => ingress !== undefined);
    assert.deepEqual(
      entrances.map(([name]) => name),
      ["allow-mesh", "allow-scrape", "allow-queries"],
    );
    const from = [
      {
        namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": "keda" } },
        podSelector: { matchLabels: { "app.kubernetes.io/name": "keda-operator" } },
      },
    ];
    assert.deepEqual(all["allow-queries"]?.podSelector, servers);
    assert.deepEqual(all["allow-queries"]?.ingress, [{ from, ports: tcp(9090) }]);
  });

  it("allow the servers to reach labelled namespaces on metrics ports", () => {
    assert.deepEqual(all["allow-metrics"], {
      podSelector: servers,
      policyTypes: ["Egress"],
      egress: [
        { to: [{ namespaceSelector: scraped }], ports: tcp(4000, 7777, 8080, 9090, 9093) },
        { to: [{ ipBlock: { cidr: "10.30.0.0/19" } }], ports: tcp(10250) },
      ],
    });
  });

  it("allow no queries without clients", () => {
    const none = prometheusPolicies(ranges, { ports: [], askers: [] });
    assert.equal(none["allow-queries"], undefined);
  });
});

describe("Prometheus", () => {
  let recording: Recording;
  before(
    async () =>
      (recording = await previewCluster({
        operators: {
          externalSecrets: { chart: "2.9.0", replicas: 2 },
          argoRollouts: { chart: "2.41.0", replicas: 2 },
          prometheus: settings(1),
        },
      })),
  );
  const policy = (name: string) =>
    recording.one(
      "kubernetes:networking.k8s.io/v1:NetworkPolicy",
      `platform-operators-prometheus-namespace-${name}`,
    ).inputs.spec;

  it("admits the configured operators", () => {
    assert.match(JSON.stringify(policy("allow-queries")), /argo-rollouts/);
    assert.doesNotMatch(JSON.stringify(policy("allow-queries")), /keda/);
    assert.match(JSON.stringify(policy("allow-metrics")), /7777.*8000/);
  });

  it("has its volumes in the encrypted class, which is created first", () => {
    const release = recording.one("kubernetes:helm.sh/v3:Release", "platform-operators-prometheus-release");
    assert.match(JSON.stringify(release.inputs.values), /"storageClassName":"encrypted"/);
    assert.ok(named(recording, release.dependencies).includes("StorageClass platform-storage"));
  });

  it("has the expected address: the chart names the Service after the release", () => {
    const { inputs } = recording.one(
      "kubernetes:helm.sh/v3:Release",
      "platform-operators-prometheus-release",
    );
    const host = `${String(inputs.name)}-prometheus.${String(inputs.namespace)}.svc.cluster.local`;
    assert.equal(prometheusAddress, `http://${host}:9090`);
  });
});
