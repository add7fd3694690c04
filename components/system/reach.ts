import { type SystemSettings, apiOf } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { Operators } from "../base/operators";
import type { StoreOutputs } from "../base/store";
import { loadTestPods } from "../jobs/load-test";
import { smokeTestPods } from "../jobs/smoke-test";
import type { PodsOf } from "../network/pod-traffic";
import type { Reach } from "../workload/network-policy";
import { metricsPort } from "../workload/ports";
import { servesTls } from "../workload/tls";
import { callees, callers, storesOf } from "./wiring";

const ports = (workload: WorkloadSpec): number[] => Object.values(workload.listen?.ports ?? {});

/** Whether a workload calls one that serves TLS. */
export const callsOverTls = (spec: SystemSpec, workload: WorkloadSpec): boolean =>
  callees(workload).some((callee) => servesTls(spec.workloads[callee] ?? {}));

interface Surroundings {
  /** Whether it assumes an IAM role. */
  readonly identity: boolean;
  /** CIDR ranges of the networks that workloads call. Egress to a network without ranges is denied. */
  readonly networks: SystemSettings["networks"];
  /** Networks of the devices that send syslog messages; undefined: none. */
  readonly syslog: SystemSettings["syslog"];
  readonly operators: Operators;
}

/** Allowed ingress and egress of a workload, derived from references. */
export function reachOf(
  spec: SystemSpec,
  key: string,
  workload: WorkloadSpec,
  stores: Readonly<Record<string, StoreOutputs>>,
  { identity, networks, syslog, operators: { prometheus } }: Surroundings,
): Reach {
  return {
    ports: ports(workload),
    public: workload.exposure !== undefined,
    ...(workload.listen?.syslog === undefined || syslog === undefined
      ? {}
      : { syslog: { port: workload.listen.syslog, sources: syslog.sources } }),
    callers: callers(spec, key).map(({ name, namespace }) => ({ name, namespace })),
    metricsPort: prometheus === undefined ? undefined : metricsPort(workload),
    callees: callees(workload)
      .flatMap((callee) => spec.workloads[callee] ?? [])
      .map((callee) => ({ name: callee.name, namespace: callee.namespace, ports: ports(callee) })),
    destinations: [
      ...storesOf(workload).flatMap((store) => stores[store]?.destinations ?? []),
      ...(workload.calls ?? []).flatMap((name) => {
        const network = networks[name];
        return network === undefined ? [] : [{ kind: "network" as const, ...network }];
      }),
    ],
    identity,
  };
}

/** Namespace of a system's smoke test: the first, since it tests all namespaces. */
export const smokeNamespace = (spec: SystemSpec): string => spec.namespaces[0] ?? spec.name;

/** Pods of the tests that call a workload. */
function testPodsOf(spec: SystemSpec, workload: WorkloadSpec, settings: SystemSettings): PodsOf[] {
  if (workload.listen === undefined) return [];
  const api = settings.loadTest === undefined ? undefined : apiOf(spec);
  return [
    smokeTestPods(spec.name, smokeNamespace(spec)),
    ...(api?.name === workload.name ? [loadTestPods(spec.name, api.namespace)] : []),
  ];
}

/** Allowed ingress and egress of a workload, including the tests that call it. */
export const withTestPods = (
  reach: Reach,
  spec: SystemSpec,
  workload: WorkloadSpec,
  settings: SystemSettings,
): Reach => ({ ...reach, callers: [...reach.callers, ...testPodsOf(spec, workload, settings)] });
