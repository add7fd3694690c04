import assert from "node:assert/strict";
import type { Server } from "node:http";
import type { Recording } from "../../preview/run-program";
import { builtProgram } from "../support/built-program";
import { recordingOf } from "../support/frozen";
import { needs } from "../support/needs";
import { objects } from "../support/objects";
import { exporter, unused, type Source } from "./exporter";
import { Prometheus } from "./prometheus";
import {
  alertQueries,
  analysisQueries,
  dashboardQueries,
  recordingsOf,
  scalerQueries,
  type Query,
} from "./queries";

/** Version hash of the fake pods. */
const hash = "6f7c9d5b8";

interface Endpoint {
  readonly path: string;
  readonly honorLabels?: boolean;
  readonly relabelings: readonly { action: string; targetLabel: string; replacement: string }[];
}

/** Sources of monitors other than the workloads', by the monitor's name. */
const sources: Readonly<Record<string, Source>> = {
  nats: "nats",
  "keda-operator": "keda",
  "argo-rollouts": "argoRollouts",
  "cert-manager": "certManager",
  "external-secrets": "externalSecrets",
};

const sourceOf = (monitor: string): Source =>
  sources[monitor] ?? (monitor.endsWith("-postgres-exporter") ? "postgres" : "workloads");

const params = (source: Source) => ({ params: { source: [source] }, scrape_interval: "1s" });

/** Jobs of the stack's PodMonitors, as the Prometheus operator renders them, with the exporter as the target. */
const podJobs = (recording: Recording, address: string) =>
  [...objects(recording, "PodMonitor").values()].map(({ manifest }) => {
    const { name, namespace = "" } = manifest.metadata;
    const [endpoint] = manifest.spec?.podMetricsEndpoints as Endpoint[];
    const { path, honorLabels = false, relabelings } = endpoint ?? assert.fail(name);
    return {
      job_name: `${namespace}/${name}`,
      metrics_path: path,
      honor_labels: honorLabels,
      ...params(sourceOf(name)),
      static_configs: [
        { targets: [address], labels: { namespace, pod: `${name}-${hash}-abcde`, container: name } },
      ],
      relabel_configs: relabelings.map(({ action, targetLabel, replacement }) => ({
        action,
        target_label: targetLabel,
        replacement,
      })),
    };
  });

interface Job {
  readonly job_name: "cadvisor" | "kubelet";
  readonly [key: string]: unknown;
}

/** Jobs from the chart's values: the kubelets, without TLS and discovery, and kube-state-metrics. */
function chartJobs(recording: Recording, address: string) {
  const release = recording
    .ofType("kubernetes:helm.sh/v3:Release")
    .find(({ inputs }) => inputs.chart === "kube-prometheus-stack");
  const { prometheus, "kube-state-metrics": state } = release?.inputs.values as {
    prometheus: { prometheusSpec: { additionalScrapeConfigs: Job[] } };
    "kube-state-metrics": {
      metricAllowlist: string[];
      prometheus: { monitor: { http: { honorLabels: boolean } } };
    };
  };
  const kubelets = prometheus.prometheusSpec.additionalScrapeConfigs.map((job) => {
    const away = ["kubernetes_sd_configs", "tls_config", "authorization"];
    const rest = Object.fromEntries(Object.entries(job).filter(([key]) => !away.includes(key)));
    return {
      ...rest,
      ...params(job.job_name === "cadvisor" ? "containers" : "kubelet"),
      scheme: "http",
      static_configs: [{ targets: [address], labels: { __meta_kubernetes_node_name: "n" } }],
    };
  });
  const { honorLabels } = state.prometheus.monitor.http;
  const stateMetrics = {
    job_name: "kube-state-metrics",
    honor_labels: honorLabels,
    ...params("kubeStateMetrics"),
  };
  return [
    ...kubelets,
    { ...stateMetrics, static_configs: [{ targets: [address], labels: { namespace: "monitoring" } }] },
  ];
}

describe("queries on the real Prometheus", function () {
  const program = builtProgram("prometheus");
  let prometheus: Prometheus | undefined;
  let server: Server | undefined;
  let recording: Recording;

  before(async function () {
    needs(this, program === undefined ? "Prometheus (`npm run tools:operators` builds it)" : undefined);
    recording = await recordingOf("prod");
    const fake = await exporter(["/metrics", "/metrics/cadvisor"]);
    server = fake.server;
    const jobs = [...podJobs(recording, fake.address), ...chartJobs(recording, fake.address)];
    const rules = { groups: [{ name: "recordings", interval: "1s", rules: recordingsOf(recording) }] };
    prometheus = await Prometheus.start(program ?? "", { scrape_configs: jobs }, rules);
    // Rates need several scrapes of each target.
    const scraped = `count(count_over_time(up[1m]) >= 5 and up == 1) == ${jobs.length}`;
    await prometheus.until(scraped, 60);
  });
  after(() => {
    prometheus?.stop();
    server?.closeAllConnections();
    server?.close();
  });

  const ask = (expr: string) => prometheus?.ask(expr) ?? assert.fail();

  /** Each query must return a series, or exactly one number with `one`. */
  async function answers(queries: readonly Query[], one = false): Promise<void> {
    assert.ok(queries.length > 0);
    for (const { from, expr } of queries) {
      const found = await ask(expr);
      assert.ok(found.length > 0, `${from}: no series for ${expr}`);
      if (one) assert.equal(found.length, 1, `${from}: ${found.length} series for ${expr}`);
      for (const { value } of found) assert.ok(!Number.isNaN(Number(value[1])), `${from}: NaN for ${expr}`);
    }
  }

  it("every query of a dashboard returns series", () => answers(dashboardQueries(recording)));

  it("every query of a scaler returns one number", () => answers(scalerQueries(recording), true));

  it("every query of a release's analysis returns one number", () =>
    answers(analysisQueries(recording, hash), true));

  it("every alert's expression is evaluated", async () => {
    for (const { expr } of alertQueries(recording)) await ask(expr);
  });

  it("the kubelets' other metrics are dropped, and the namespace label that they set is kept", async () => {
    assert.deepEqual(await ask(`${unused}{job=~"kubelet|cadvisor"}`), []);
    assert.ok((await ask(`${unused}{job="ams/ams-api"}`)).length > 0);
    const [volume] = await ask("kubelet_volume_stats_capacity_bytes");
    assert.deepEqual([volume?.metric.namespace, volume?.metric.node], ["ams", "n"]);
  });

  it("a query on a metric that no target serves returns nothing", async () => {
    await assert.rejects(answers([{ from: "broken", expr: "sum(no_such_metric)" }]), /no series/);
  });
});
