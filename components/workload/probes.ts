import type * as k8s from "@pulumi/kubernetes";
import type { HttpProbe, WorkloadSpec } from "../../systems/spec";
import { mainPort } from "./ports";
import { servesTls } from "./tls";

type Probe = k8s.types.input.core.v1.Probe;

/** An HTTP request of the kubelet, which doesn't verify the certificate of a workload that serves TLS. */
const request = (spec: WorkloadSpec, port: string, path: string): Probe => ({
  httpGet: { path, port, ...(servesTls(spec) ? { scheme: "HTTPS" } : {}) },
});

/**
 * Probes from the document; else HTTP if the stack file sets a path; else TCP. A workload without ports has no probes:
 * Kubernetes only restarts a crashed process.
 */
export function probes(
  spec: WorkloadSpec,
  healthPath: string | undefined,
): { livenessProbe: Probe; readinessProbe: Probe; startupProbe?: Probe } | undefined {
  const main = mainPort(spec);
  if (main === undefined) return undefined;
  const { startupSeconds } = spec;
  if (spec.probes !== undefined) {
    const probe = ({ path, ...timing }: HttpProbe) => ({ ...request(spec, main.name, path), ...timing });
    const livenessProbe = probe(spec.probes.liveness);
    return {
      livenessProbe,
      readinessProbe: probe(spec.probes.readiness),
      ...startup(livenessProbe, startupSeconds),
    };
  }
  const check =
    healthPath === undefined ? { tcpSocket: { port: main.name } } : request(spec, main.name, healthPath);
  return {
    // With a startup probe, no initial delay is needed.
    livenessProbe: {
      ...check,
      ...(startupSeconds === undefined ? { initialDelaySeconds: 30 } : {}),
      periodSeconds: 10,
    },
    readinessProbe: { ...check, initialDelaySeconds: 5, periodSeconds: 5 },
    ...startup(check, startupSeconds),
  };
}

/** Period of the startup probe, in seconds. */
const startupPeriod = 5;

/**
 * The startup probe, which disables the others until it succeeds: the liveness check, for as long as the start may
 * take.
 */
function startup({ httpGet, tcpSocket }: Probe, seconds: number | undefined): { startupProbe?: Probe } {
  if (seconds === undefined) return {};
  const failureThreshold = Math.ceil(seconds / startupPeriod);
  const check = httpGet === undefined ? { tcpSocket } : { httpGet };
  return { startupProbe: { ...check, periodSeconds: startupPeriod, failureThreshold } };
}
