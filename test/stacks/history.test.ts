import assert from "node:assert/strict";
import { metricsEndpoint } from "../../components/observability/metrics-store";
import { scrapedMetrics } from "../../components/observability/metric-names";
import { recordings } from "../../components/observability/recordings";
import { itRefuses, set } from "../support/edits";
import { recordingOf, recordingWith } from "../support/frozen";
import { objects, podOwners } from "../support/objects";
import { inputsOf, specOf } from "../support/inputs";

const region = "ap-northeast-2";
const days = "cluster.operators.prometheus.historyDays";

interface Spec {
  readonly externalLabels: Readonly<Record<string, string>>;
  readonly replicaExternalLabelName: string;
  readonly remoteWrite: readonly {
    readonly sigv4: object;
    readonly writeRelabelConfigs: readonly {
      readonly sourceLabels: readonly string[];
      readonly regex: string;
      readonly action: string;
    }[];
  }[];
}

const prod = () => recordingOf("prod");

const prometheusSpec = async () => {
  const [release] = (await prod())
    .ofType("kubernetes:helm.sh/v3:Release")
    .filter(({ inputs }) => inputs.chart === "kube-prometheus-stack");
  assert.ok(release);
  return inputsOf<{ values: { prometheus: { prometheusSpec: Spec } } }>(release).values.prometheus
    .prometheusSpec;
};

describe("metrics over years", () => {
  it("OBS-1: are kept in prod only, for the configured days", async () => {
    for (const stack of ["dev", "staging"] as const)
      assert.deepEqual((await recordingOf(stack)).ofType("aws:amp/workspace:Workspace"), []);
    const recording = await prod();
    const { inputs, protect } = recording.one("aws:amp/workspace:Workspace", "primary-metrics");
    assert.deepEqual([inputs.alias, protect], ["plinth-prod", true]);
    const configuration = recording.one(
      "aws:amp/workspaceConfiguration:WorkspaceConfiguration",
      "primary-metrics-configuration",
    );
    assert.equal(configuration.inputs.retentionPeriodInDays, 400);
  });

  it("are the recorded series: the servers write all of them, and no scraped ones", async () => {
    const { remoteWrite, externalLabels, replicaExternalLabelName } = await prometheusSpec();
    assert.equal(remoteWrite.length, 1);
    const [keep, ...others] = remoteWrite[0]?.writeRelabelConfigs ?? [];
    assert.deepEqual([keep?.sourceLabels, keep?.action, others], [["__name__"], "keep", []]);
    // Prometheus anchors the pattern.
    const written = (name: string) => new RegExp(`^(?:${keep?.regex})$`).test(name);
    for (const { record } of recordings) assert.ok(written(record), record);
    for (const name of Object.values(scrapedMetrics).flat()) assert.ok(!written(name), name);
    // By these two labels the service keeps one of both servers' samples.
    assert.deepEqual([externalLabels, replicaExternalLabelName], [{ cluster: "plinth-prod" }, "__replica__"]);
    assert.deepEqual(remoteWrite[0]?.sigv4, { region });
  });

  it("are written by one role and read by another, without other permissions", async () => {
    const recording = await prod();
    const actions = (name: string) => {
      const { inputs } = recording.one("aws:iam/rolePolicy:RolePolicy", `primary-cluster-${name}-policy`);
      const { Statement } = inputs.policy as unknown as { Statement: { Action: string | string[] }[] };
      return Statement.flatMap(({ Action }) => Action);
    };
    assert.deepEqual(actions("prometheus"), ["aps:RemoteWrite"]);
    assert.deepEqual(actions("history").sort(), [
      ...["aps:GetLabels", "aps:GetMetricMetadata", "aps:GetSeries", "aps:QueryMetrics"],
    ]);
    const accounts = recording
      .ofType("aws:eks/podIdentityAssociation:PodIdentityAssociation")
      .map(({ inputs }) => `${String(inputs.namespace)}/${String(inputs.serviceAccount)}`);
    for (const account of ["monitoring/kube-prometheus-stack-prometheus", "metrics-history/history"])
      assert.ok(accounts.includes(account), account);
  });

  it("are read through a pod that signs for the workspace's host, reachable by Grafana only", async () => {
    const recording = await prod();
    const { manifest } = podOwners(recording).get("metrics-history/history") ?? assert.fail("no reader");
    const { template } = specOf<{
      template: { spec: { containers: { command: string[] }[] } };
    }>(manifest);
    assert.deepEqual(template.spec.containers[0]?.command.slice(1), [
      ...["--name=aps", `--region=${region}`, `--host=${metricsEndpoint(region)}`, "--port=:8005"],
    ]);
    const { ingress } = objects(recording, "NetworkPolicy").get("metrics-history/history")?.manifest.spec as {
      ingress: { from: { namespaceSelector: { matchLabels: object } }[]; ports: { port: number }[] }[];
    };
    assert.deepEqual(
      ingress.map(({ from, ports }) => [
        from.map(({ namespaceSelector }) => namespaceSelector.matchLabels),
        ports.map(({ port }) => port),
      ]),
      [[[{ "kubernetes.io/metadata.name": "grafana" }], [8005]]],
    );
  });

  it("don't need Grafana", async () => {
    const recording = await recordingWith("prod", (file) =>
      file.deleteIn(["config", "plinth:cluster", "operators", "grafana"]),
    );
    assert.equal(recording.ofType("aws:amp/workspace:Workspace").length, 1);
    assert.equal(objects(recording, "Namespace").get("metrics-history"), undefined);
  });
});

describe("config: metrics over years", () =>
  itRefuses([
    {
      what: "fewer days than Prometheus itself has",
      edit: (file) => {
        set("cluster.operators.prometheus.retentionDays", 60)(file);
        set(days, 45)(file);
      },
      path: days,
      says: /more than retentionDays, 60/,
    },
    { what: "more days than the service keeps", edit: set(days, 1096), path: days, says: /1095/ },
    { what: "a few days", edit: set(days, 7), path: days, says: /31/ },
  ]));
