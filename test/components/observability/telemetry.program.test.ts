import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentConfig, podLogs, stateFolder } from "../../../components/observability/telemetry/agent-config";
import { jaegerConfig } from "../../../components/observability/telemetry/jaeger-config";
import { gatewayConfig } from "../../../components/observability/telemetry/gateway-config";
import { hostReader } from "../../../standards/host-access";
import { nodeAgentNamespace, telemetryPeers } from "../../../components/observability/telemetry/ports";
import { faultsOf, inFolder, otelcol, runUntil } from "../../support/otelcol";
import { needs } from "../../support/needs";

const region = "ap-northeast-2";
const targets = {
  opensearch: { store: "opensearch", region },
  cloudwatch: { store: "cloudwatch", region, logGroup: "/plinth/plinth-dev/pods" },
} as const;

interface Config {
  receivers: Record<string, object>;
  processors: Record<string, object>;
  exporters: Record<string, object>;
  service: {
    extensions: string[];
    pipelines: Record<string, { receivers: string[]; processors: string[]; exporters: string[] }>;
  };
}

interface Patient {
  readonly sending_queue: { readonly storage: string; readonly block_on_overflow: boolean };
  readonly retry_on_failure: { readonly max_elapsed_time: string };
}

/** The exporters that the collector here doesn't have. The others are validated as they are. */
const unserved = ["opensearch", "awscloudwatchlogs"];

/** A configuration with another exporter instead of the store's. */
function withAnother(config: object, type: string, settings: (stores: Patient) => object): Config {
  const { exporters, service, ...rest } = structuredClone(config) as Config;
  const name = `${type}/logs`;
  for (const pipeline of Object.values(service.pipelines))
    pipeline.exporters = pipeline.exporters.map((each) => (unserved.includes(each) ? name : each));
  const renamed = Object.entries(exporters).map(([each, own]) =>
    unserved.includes(each) ? [name, settings(own as Patient)] : [each, own],
  );
  return { ...rest, exporters: Object.fromEntries(renamed) as Config["exporters"], service };
}

/** With an exporter to a file. */
const withFile = (config: object, path: string) => withAnother(config, "file", () => ({ path }));

/** With the OTLP exporter, which has the same settings for queue and retries as the stores' exporters. */
const withQueue = (config: object) =>
  withAnother(config, "otlp", ({ sending_queue, retry_on_failure }) => ({
    endpoint: "localhost:4317",
    sending_queue,
    retry_on_failure,
  }));

/**
 * Keys of the stores' exporters and of Jaeger's components, which the collector here doesn't have. Sources: the exporters'
 * `config.schema.yaml`, collector 0.159; Jaeger 2.20, `internal/storage/elasticsearch/config`, `cmd/jaeger/internal`.
 */
const published: Readonly<Record<string, readonly string[]>> = {
  opensearch: [
    ...["bulk_action", "dataset", "http", "logs_index", "logs_index_fallback", "logs_index_time_format"],
    ...["mapping", "namespace", "pipeline", "retry_on_failure", "sending_queue", "timeout"],
  ],
  awscloudwatchlogs: [
    ...["endpoint", "log_group_name", "log_retention", "log_stream_name", "raw_log", "region"],
    ...["retry_on_failure", "role_arn", "sending_queue", "tags"],
  ],
  "jaeger_storage.backends.opensearch.opensearch": [
    ...["auth", "bulk_processing", "create_mappings", "custom_headers", "http_compression", "indices"],
    ...["query_timeout", "rotation", "server_urls", "tls"],
  ],
  "jaeger_storage.backends.opensearch.opensearch.indices": [
    ...["dependencies", "index_prefix", "sampling", "services", "spans"],
  ],
  "jaeger_storage.backends.opensearch.opensearch.indices.spans": [
    ...["priority", "replicas", "rotation", "shards"],
  ],
  jaeger_query: ["base_path", "grpc", "http", "max_clock_skew_adjust", "storage", "ui"],
  "jaeger_query.storage": ["metrics", "traces", "traces_archive"],
  jaeger_storage_exporter: ["queue", "retry_on_failure", "trace_storage"],
};

const at = (values: object, path: string) =>
  path
    .split(".")
    .reduce<object>((value, key) => (value as Record<string, object>)[key] ?? assert.fail(path), values);

/** Only the log pipeline, on files of a folder, without components that call the API server. */
function logsAlone(folder: string): Config {
  const config = withFile(agentConfig({ logs: targets.opensearch, traces: false }), join(folder, "out.json"));
  const text = JSON.stringify(config)
    .replaceAll(podLogs, join(folder, "pods"))
    .replaceAll(stateFolder, join(folder, "state"));
  const { processors, service, ...rest } = JSON.parse(text) as Config;
  delete processors.k8s_attributes;
  const { logs } = service.pipelines;
  if (logs !== undefined) logs.processors = logs.processors.filter((name) => name !== "k8s_attributes");
  service.extensions = service.extensions.filter((name) => name === "file_storage");
  return {
    ...rest,
    processors,
    service: { ...service, telemetry: { metrics: { level: "none" } } } as Config["service"],
  };
}

const token = "eyJhbGciOiJIUzI1NiJ9.eyJzdWIiOiIxMjM0NTY3ODkwIn0.dozjgNryP4J3jVmNHl0w5N";
const lines = [
  '{"level":"info","message":"started"}',
  '{"level":"error","message":"login failed","password":"hunter2","trace_id":"0af7651916cd43dd8448eb211c80319c"}',
  "java.lang.IllegalStateException: boom",
  "\tat com.example.A.b(A.java:1)",
  "Caused by: java.io.IOException: x",
  "\t... 3 more",
  "2026-11-29 WARN postgres://app:s3cr3t@db:5432/x and api_key=abcdef0123",
  "key AKIAABCDEFGHIJKLMNOP",
  `GET /items?token=${token} 200`,
  '{"level":50,"msg":"refused","headers":{"authorization":"Bearer abcdefghijkl"}}',
  "ERROR request failed",
  "Traceback (most recent call last):",
  '  File "x.py", line 1, in <module>',
  "ValueError: bad",
];

interface LogRecord {
  readonly severityText?: string;
  readonly traceId?: string;
  readonly body: { readonly stringValue: string };
}

/** The collector's records of these lines of a container's log. */
async function collected(program: string): Promise<LogRecord[]> {
  return inFolder(async (folder) => {
    const container = join(folder, "pods", "ams_api-1_0000-1111", "api");
    mkdirSync(container, { recursive: true });
    const written = lines.map(
      (line, second) => `2026-11-29T10:00:${10 + second}.000000000Z stdout F ${line}\n`,
    );
    writeFileSync(join(container, "0.log"), written.join(""));
    const out = join(folder, "out.json");
    const records = () =>
      (existsSync(out) ? readFileSync(out, "utf8") : "")
        .split("\n")
        .filter((line) => line !== "")
        .flatMap(
          (line) =>
            (JSON.parse(line) as { resourceLogs: { scopeLogs: { logRecords: LogRecord[] }[] }[] })
              .resourceLogs,
        )
        .flatMap(({ scopeLogs }) => scopeLogs.flatMap(({ logRecords }) => logRecords));
    await runUntil(program, folder, logsAlone(folder), () => records().length >= 8);
    return records();
  });
}

describe("the collectors", () => {
  it("are in the namespace, and read the paths, that the standard allows for one workload", () => {
    assert.deepEqual(
      [hostReader.namespace, hostReader.workload],
      [nodeAgentNamespace, telemetryPeers.agent.name],
    );
    assert.deepEqual(Object.keys(hostReader.paths), [podLogs, stateFolder]);
  });

  it("never read their own logs, and lose nothing while a store is unavailable", () => {
    const { receivers, exporters } = agentConfig({ logs: targets.opensearch, traces: false });
    assert.deepEqual(receivers.file_log?.exclude, [`${podLogs}/${nodeAgentNamespace}_*/*/*.log`]);
    for (const exporter of Object.values(exporters as unknown as Record<string, Patient>)) {
      const { storage, block_on_overflow } = exporter.sending_queue;
      assert.deepEqual({ storage, block_on_overflow }, { storage: "file_storage", block_on_overflow: true });
      assert.equal(exporter.retry_on_failure.max_elapsed_time, "0s");
    }
  });

  it("name only keys that the stores' exporters and Jaeger have", () => {
    const jaeger = jaegerConfig({ region, copies: 1 });
    const parts = {
      ...agentConfig({ logs: targets.opensearch, traces: false }).exporters,
      ...agentConfig({ logs: targets.cloudwatch, traces: false }).exporters,
      ...jaeger.extensions,
      ...jaeger.exporters,
    };
    for (const [path, keys] of Object.entries(published))
      for (const key of Object.keys(at(parts, path))) assert.ok(keys.includes(key), `${path}.${key}`);
  });

  describe("their configuration, checked by the real collector", function () {
    const program = otelcol();
    before(function () {
      needs(this, program === undefined ? "OpenTelemetry collector (npm run tools:collector)" : undefined);
    });

    for (const [name, logs] of Object.entries(targets))
      for (const traces of [true, false])
        it(`is valid on the nodes, with ${name}, ${traces ? "with" : "without"} traces`, async () => {
          assert.equal(await faultsOf(program ?? "", withQueue(agentConfig({ logs, traces }))), "");
        });

    it("is valid in Jaeger, except for Jaeger's own components", async () => {
      const { extensions, exporters, service, ...rest } = jaegerConfig({ region, copies: 1 });
      assert.ok("jaeger_storage_exporter" in exporters);
      const config = {
        ...rest,
        extensions: { sigv4auth: extensions.sigv4auth },
        exporters: { debug: {} },
        service: {
          ...service,
          extensions: ["sigv4auth"],
          pipelines: { traces: { ...service.pipelines.traces, exporters: ["debug"] } },
        },
      };
      assert.equal(await faultsOf(program ?? "", config), "");
    });

    it("is refused with a queue that the stores' exporters don't have", async () => {
      const config = withQueue(agentConfig({ logs: targets.opensearch, traces: false }));
      const exporter = config.exporters["otlp/logs"] as { sending_queue: object };
      const broken = { ...exporter, sending_queue: { ...exporter.sending_queue, size: 1 } };
      assert.match(
        await faultsOf(program ?? "", { ...config, exporters: { "otlp/logs": broken } }),
        /sending_queue.*invalid keys: size/s,
      );
    });

    it("is valid on the nodes for traces only", async () => {
      assert.equal(await faultsOf(program ?? "", agentConfig({ traces: true })), "");
    });

    for (const stored of [true, false])
      it(`is valid in the gateway, ${stored ? "with" : "without"} a store`, async () => {
        const config = gatewayConfig({ sharePercent: 10, slowMilliseconds: 1000 }, { stored });
        assert.equal(await faultsOf(program ?? "", config), "");
      });

    it("is refused with an unknown component", async () => {
      const config = agentConfig({ traces: true });
      assert.match(await faultsOf(program ?? "", { ...config, exporters: { debug: {} } }), /load_balancing/);
    });

    describe("with a container's log", () => {
      let records: LogRecord[] = [];
      before(async () => {
        records = await collected(program ?? "");
      });
      const body = (start: string) => records.find(({ body }) => body.stringValue.includes(start));

      it("joins stack traces", () => {
        assert.equal(
          body("IllegalStateException")?.body.stringValue,
          "java.lang.IllegalStateException: boom\n\tat com.example.A.b(A.java:1)\nCaused by: java.io.IOException: x\n\t... 3 more",
        );
        assert.match(body("Traceback")?.body.stringValue ?? "", /ValueError: bad$/);
      });

      it("masks secrets, and leaves JSON as JSON", () => {
        const all = JSON.stringify(records);
        for (const secret of [
          "hunter2",
          "s3cr3t",
          "abcdef0123",
          "AKIAABCDEFGHIJKLMNOP",
          token,
          "abcdefghijkl",
        ])
          assert.ok(!all.includes(secret), secret);
        assert.deepEqual(JSON.parse(body("login failed")?.body.stringValue ?? ""), {
          level: "error",
          message: "login failed",
          password: "***",
          trace_id: "0af7651916cd43dd8448eb211c80319c",
        });
        assert.match(body("postgres:")?.body.stringValue ?? "", /postgres:\/\/app:\*\*\*@db:5432\/x/);
      });

      it("reads severities from words and numbers, and the trace's id", () => {
        assert.deepEqual(
          ["started", "login failed", "refused", "Traceback"].map((start) => body(start)?.severityText),
          ["INFO", "ERROR", "ERROR", "ERROR"],
        );
        assert.equal(body("login failed")?.traceId, "0af7651916cd43dd8448eb211c80319c");
      });
    });
  });
});
