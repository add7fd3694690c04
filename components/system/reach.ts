import type { SystemSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import type { StoreOutputs } from "../store";
import type { Reach } from "../workload/network-policy";
import type { Operators } from "../operators";
import { metricsPort } from "../workload/ports";
import { callees, callers, storesOf } from "./wiring";

const ports = (workload: WorkloadSpec): number[] => Object.values(workload.listen?.ports ?? {});

interface Surroundings {
  /** It takes on an IAM role. */
  readonly identity: boolean;
  /** Where the networks are that workloads call; one that isn't there stays shut. */
  readonly networks: SystemSettings["networks"];
  readonly operators: Operators;
}

/** What a workload may be reached by and may reach: all of it follows from references. */
export function reachOf(
  spec: SystemSpec,
  key: string,
  workload: WorkloadSpec,
  stores: Readonly<Record<string, StoreOutputs>>,
  { identity, networks, operators: { prometheus } }: Surroundings,
): Reach {
  return {
    ports: ports(workload),
    public: workload.exposure !== undefined,
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
