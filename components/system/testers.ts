import { apiOf, type SystemSettings } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";
import { loadTester } from "../release/load-test";
import { smokeTester } from "../release/smoke-test";
import type { PodsOf } from "../network/pod-traffic";
import type { Reach } from "../workload/network-policy";

/** Name space in which a system's smoke test runs: the first, since it asks them all. */
export const smokeNamespace = (spec: SystemSpec): string => spec.namespaces[0] ?? spec.name;

/** Tests that a workload answers to. */
function testersOf(spec: SystemSpec, workload: WorkloadSpec, settings: SystemSettings): PodsOf[] {
  if (workload.listen === undefined) return [];
  const api = settings.loadTest === undefined ? undefined : apiOf(spec);
  return [
    smokeTester(spec.name, smokeNamespace(spec)),
    ...(api?.name === workload.name ? [loadTester(spec.name, api.namespace)] : []),
  ];
}

/** What a workload may be reached by, the tests included that ask it. */
export const withTesters = (
  reach: Reach,
  spec: SystemSpec,
  workload: WorkloadSpec,
  settings: SystemSettings,
): Reach => ({ ...reach, callers: [...reach.callers, ...testersOf(spec, workload, settings)] });
