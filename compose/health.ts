import type { WorkloadSettings } from "../config";
import type { WorkloadSpec } from "../systems/spec";
import { nginx, node, python } from "../systems/images";
import { mainPort } from "../components/workload/ports";
import { probes } from "../components/workload/probes";
import type { HealthCheck } from "./model";

/** Health check of a server that the file adds. @param start Seconds before failures count. */
export const serverHealth = (test: readonly string[], start = 5): HealthCheck => ({
  test,
  interval: "10s",
  timeout: "5s",
  retries: 5,
  start_period: `${start}s`,
});

/** How a container probes its own port: nodes probe from outside, Docker from inside with programs of the image. */
interface Asker {
  http(url: string): string[];
  tcp(port: number): string[];
}

const nodeAsks: Asker = {
  http: (url) => [
    "CMD",
    "node",
    "-e",
    `fetch("${url}").then((answer) => process.exit(answer.status < 400 ? 0 : 1), () => process.exit(1))`,
  ],
  tcp: (port) => [
    "CMD",
    "node",
    "-e",
    `require("net").connect(${port}, "127.0.0.1").on("connect", () => process.exit(0)).on("error", () => process.exit(1))`,
  ],
};

const pythonAsks: Asker = {
  http: (url) => [
    "CMD",
    "python",
    "-c",
    `import urllib.request; urllib.request.urlopen("${url}", timeout=5)`,
  ],
  tcp: (port) => [
    "CMD",
    "python",
    "-c",
    `import socket; socket.create_connection(("127.0.0.1", ${port}), 5)`,
  ],
};

const busyboxAsks: Asker = {
  http: (url) => ["CMD", "wget", "-q", "-O", "/dev/null", url],
  tcp: (port) => ["CMD", "nc", "-z", "127.0.0.1", String(port)],
};

/** Probes by the base images of the systems' documents, which the description's user identifies. */
const askers: Readonly<Record<number, Asker>> = {
  [nginx.user]: busyboxAsks,
  [node.user]: nodeAsks,
  [python.user]: pythonAsks,
};

/**
 * A workload's readiness probe as a health check; none for a workload without a port.
 *
 * @param port the main port, if it differs from the description's
 * @param healthPath the path, if it differs from the probe's
 * @param runsNode whether the image has Node, regardless of the description
 */
export function healthCheck(
  spec: WorkloadSpec,
  settings: Pick<WorkloadSettings, "healthPath">,
  { port, runsNode, healthPath }: { port?: number | undefined; runsNode: boolean; healthPath?: string },
): HealthCheck | undefined {
  const { readinessProbe: readiness, livenessProbe: liveness } = probes(spec, settings.healthPath) ?? {};
  const number = port ?? mainPort(spec)?.port;
  const asker = runsNode ? nodeAsks : askers[spec.image.user];
  if (readiness === undefined || number === undefined) return undefined;
  if (asker === undefined)
    throw new Error(`${spec.name}: no known health check for an image with user ${spec.image.user}`);
  const path = healthPath ?? (readiness.httpGet as { path?: string } | undefined)?.path;
  const start = Math.max(spec.startupSeconds ?? 0, Number(liveness?.initialDelaySeconds ?? 0));
  return {
    test: path === undefined ? asker.tcp(number) : asker.http(`http://127.0.0.1:${number}${path}`),
    interval: `${Number(readiness.periodSeconds)}s`,
    timeout: "5s",
    // Kubernetes' default of `failureThreshold`.
    retries: 3,
    start_period: `${start}s`,
  };
}
