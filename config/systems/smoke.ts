import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { asked, type Asked } from "./load-test";
import { isStopped } from "./pods";
import { list } from "../values";

/** Requests of the smoke test to a system's public hosts after a deployment. Default: health paths. */

export type SmokeSettings = Readonly<Record<string, readonly Asked[] | undefined>>;

/** Schema of `smoke` of one system, by the host's key. */
export const smoke = (spec: SystemSpec): z.ZodType<SmokeSettings> => {
  const paths = list(asked, "a list of { path, status }", { min: 1 });
  return z.strictObject(Object.fromEntries(spec.hosts.map((host) => [host, paths.optional()]))).prefault({});
};

/** Settings of a workload that determine the requests. */
interface Served {
  readonly replicas?: number | undefined;
  readonly healthPath?: string | undefined;
}

/** Workload that serves a host's root. */
const atRoot = (spec: SystemSpec, host: string): [string, WorkloadSpec] | undefined =>
  Object.entries(spec.workloads).find(([, { exposure = [] }]) =>
    exposure.some((each) => each.host === host && each.paths.includes("/")),
  );

/**
 * Requests to a host after a deployment: those in the stack file, else the health path of the workload at its root,
 * else the root. A host isn't requested while one of its workloads is stopped: the load balancer answers 503.
 */
export function publicChecks(
  spec: SystemSpec,
  host: string,
  {
    smoke: own,
    workloads,
  }: {
    readonly smoke: SmokeSettings;
    readonly workloads: Readonly<Record<string, Served | undefined>>;
  },
): readonly Asked[] {
  const served = Object.entries(spec.workloads).filter(([, { exposure = [] }]) =>
    exposure.some((each) => each.host === host),
  );
  if (served.some(([each]) => isStopped(workloads[each] ?? {}))) return [];
  const [key = "", workload] = atRoot(spec, host) ?? [];
  return own[host] ?? [{ path: workload?.probes?.readiness.path ?? workloads[key]?.healthPath ?? "/" }];
}
