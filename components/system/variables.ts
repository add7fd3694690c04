import { pools, type SystemSettings } from "../../config";
import type { EnvSource, Stores, SystemSpec, WorkloadSpec } from "../../systems/spec";
import { required } from "../base/required";
import type { StoreOutputs } from "../base/store";
import type { Variable } from "../workload/pod";
import { serviceUrl } from "../workload/ports";
import { storeReferences } from "./wiring";

/** Variable with the number of connections that a pod may open to each database: `pool` in the stack file. */
const poolVariable = "DB_POOL_SIZE";

/**
 * A workload's environment variables with resolved references.
 *
 * @param publicScheme Scheme of the public URLs. Default: https, except on a developer's machine.
 */
export function variables(
  spec: SystemSpec,
  workload: WorkloadSpec,
  settings: SystemSettings,
  stores: Readonly<Record<string, StoreOutputs>>,
  publicScheme: "https" | "http" = "https",
): Variable[] {
  const described = variablesOf(spec, workload, settings, stores, publicScheme);
  const pool = pools(spec, settings.workloads)[workload.name];
  if (pool === undefined || poolVariable in workload.env) return described;
  return [...described, { name: poolVariable, value: String(pool) }];
}

function variablesOf(
  spec: SystemSpec,
  workload: WorkloadSpec,
  settings: SystemSettings,
  stores: Readonly<Record<string, StoreOutputs>>,
  publicScheme: "https" | "http",
): Variable[] {
  const references = new Map(storeReferences(workload).map((reference) => [reference.variable, reference]));
  return Object.entries(workload.env).map(([name, source]: [string, EnvSource<Stores, string, string>]) => {
    const reference = references.get(name);
    if (reference?.key !== undefined) return { name, secret: spec.secret, key: reference.key };
    if (reference !== undefined) {
      const { store, output, reader } = reference;
      const { plain, personal } = required(stores[store], store);
      return { name, value: required(plain[output] ?? personal?.[output]?.(reader), `${store}.${output}`) };
    }
    if ("value" in source) return { name, value: source.value };
    if ("setting" in source) return { name, value: required(settings.env[source.setting], source.setting) };
    if ("service" in source)
      return { name, value: serviceUrl(required(spec.workloads[source.service], source.service)) };
    if ("publicUrl" in source)
      return {
        name,
        value: `${publicScheme}://${required(settings.hosts[source.publicUrl], source.publicUrl)}`,
      };
    throw new Error(`${workload.name}: ${name} has no source`);
  });
}
