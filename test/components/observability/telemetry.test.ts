import * as assert from "node:assert/strict";
import { existsSync, mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { agentConfig, podLogs, stateFolder } from "../../../components/observability/telemetry/agent-config";
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

/** A configuration with the exporter to a file in the place of the store's. */
function withFile(config: object, path: string): Config {
  const { exporters, service, ...rest } = structuredClone(config) as Config;
  const kept = Object.entries(exporters).filter(([name]) => !unserved.includes(name));
  for (const pipeline of Object.values(service.pipelines))
    pipeline.exporters = pipeline.exporters.map((name) => (unserved.includes(name) ? "file" : name));
  return { ...rest, exporters: { ...Object.fromEntries(kept), file: { path } }, service };
}

/** The log pipeline alone, on files of a folder, without what asks the API server. */
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

/** What comes out of the collector when these lines stand in a container's log. */
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
  it("stand in the namespace, and read the paths, that the standard lets one workload read", () => {
    assert.deepEqual(
      [hostReader.namespace, hostReader.workload],
      [nodeAgentNamespace, telemetryPeers.agent.name],
    );
    assert.deepEqual(Object.keys(hostReader.paths), [podLogs, stateFolder]);
  });

  it("never read their own logs, and lose nothing while a store is away", () => {
    const { receivers, exporters } = agentConfig({ logs: targets.opensearch, traces: false });
    assert.deepEqual(receivers.file_log?.exclude, [`${podLogs}/${nodeAgentNamespace}_*/*/*.log`]);
    for (const exporter of Object.values(exporters as unknown as Record<string, Patient>)) {
      const { storage, block_on_overflow } = exporter.sending_queue;
      assert.deepEqual({ storage, block_on_overflow }, { storage: "file_storage", block_on_overflow: true });
      assert.equal(exporter.retry_on_failure.max_elapsed_time, "0s");
    }
  });

  describe("as the real collector reads their configuration", function () {
    const program = otelcol();
    before(function () {
      needs(this, program === undefined ? "OpenTelemetry collector (npm run tools:collector)" : undefined);
    });

    for (const [name, logs] of Object.entries(targets))
      for (const traces of [true, false])
        it(`is valid on the nodes, with ${name}, ${traces ? "with" : "without"} traces`, async () => {
          const config = withFile(agentConfig({ logs, traces }), "out.json");
          assert.equal(await faultsOf(program ?? "", config), "");
        });

    it("is valid on the nodes for traces alone", async () => {
      assert.equal(await faultsOf(program ?? "", agentConfig({ traces: true })), "");
    });

    for (const stored of [true, false])
      it(`is valid in the gateway, ${stored ? "with" : "without"} a store`, async () => {
        const config = gatewayConfig({ sharePercent: 10, slowMilliseconds: 1000 }, { stored });
        assert.equal(await faultsOf(program ?? "", config), "");
      });

    it("is refused with a component that isn't there", async () => {
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

      it("knows severities of words and numbers, and the trace", () => {
        assert.deepEqual(
          ["started", "login failed", "refused", "Traceback"].map((start) => body(start)?.severityText),
          ["INFO", "ERROR", "ERROR", "ERROR"],
        );
        assert.equal(body("login failed")?.traceId, "0af7651916cd43dd8448eb211c80319c");
      });
    });
  });
});
