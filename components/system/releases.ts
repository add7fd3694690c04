import { releaseOf, type SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Releases } from "../edge/routes";

/** How new versions of a system's workloads come in, by the workload's name. */
export const releasesOf = (spec: SystemSpec, settings: SystemSettings): Releases =>
  Object.fromEntries(
    Object.entries(spec.workloads).map(([key, { name }]) => [name, releaseOf(settings.workloads[key] ?? {})]),
  );
