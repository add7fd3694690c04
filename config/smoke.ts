import { z } from "zod";
import type { SystemSpec, WorkloadSpec } from "../systems/spec";
import { asked, type Asked } from "./load-test";
import { list } from "./values";

/** Requests of the smoke test to a system's public hosts after a deployment. Default: health paths. */

export type SmokeSettings = Readonly<Record<string, readonly Asked[] | undefined>>;

/** Schema of `smoke` of one system, by the host's key. */
export const smoke = (spec: SystemSpec): z.ZodType<SmokeSettings> => {
  const paths = list(asked, "a list of { path, status }", { min: 1 });
  return z.strictObject(Object.fromEntries(spec.hosts.map((host) => [host, paths.optional()]))).prefault({});
};

/** Workload that serves a host's root. */
const atRoot = (spec: SystemSpec, host: string): [string, WorkloadSpec] | undefined =>
  Object.entries(spec.workloads).find(([, { exposure = [] }]) =>
    exposure.some((each) => each.host === host && each.paths.includes("/")),
  );

/**
 * Requests to a host after a deployment: those in the stack file, else the health path of the workload at its root,
 * else the root.
 */
export function publicChecks(
  spec: SystemSpec,
  host: string,
  {
    smoke: own,
    workloads,
  }: {
    readonly smoke: SmokeSettings;
    readonly workloads: Readonly<Record<string, { readonly healthPath?: string | undefined } | undefined>>;
  },
): readonly Asked[] {
  const [key = "", workload] = atRoot(spec, host) ?? [];
  return own[host] ?? [{ path: workload?.probes?.readiness.path ?? workloads[key]?.healthPath ?? "/" }];
}
