import { variables } from "../components/system/variables";
import { storeReferences, storesOf } from "../components/system/wiring";
import type { Fault } from "../config/reading/errors";
import type { WorkloadSpec } from "../systems/spec";
import { ComposeError } from "./fault";
import { literal } from "./model";
import type { Plan } from "./plan";
import type { LocalStore } from "./stores";

/** Outputs that a store has on this machine. */
const outputsOf = ({ outputs: { plain, personal, secret }, properties }: LocalStore): string[] => [
  ...[plain, personal ?? {}, secret?.composed ?? {}, properties].flatMap((each) => Object.keys(each)),
];

/** References of a workload that have no local replacement, by their path in the description. */
export function unmetReferences(
  system: string,
  key: string,
  workload: WorkloadSpec,
  stores: Readonly<Record<string, LocalStore>>,
): Fault[] {
  return storeReferences(workload).flatMap(({ variable, store, output }) => {
    const local = stores[store];
    const known = local === undefined ? [] : outputsOf(local);
    if (known.includes(output)) return [];
    return [
      {
        path: `systems/${system}.ts: workloads.${key}.env.${variable}`,
        found: `"${store}.${output}"`,
        expected: `it has no local replacement: ${store} has ${known.length > 0 ? known.join(", ") : "nothing"}; add it to compose/stores/`,
      },
    ];
  });
}

/**
 * A workload's variables: first the cloud's, built by the program's own functions, then those that the cluster injects
 * into pods (credentials and endpoints of AWS), then those of the development server.
 */
export function environment(
  plan: Plan,
  key: string,
  workload: WorkloadSpec,
  stores: Readonly<Record<string, LocalStore>>,
): Record<string, string> {
  const faults = unmetReferences(plan.spec.name, key, workload, stores);
  if (faults.length > 0) throw new ComposeError(faults);
  const outputs = Object.fromEntries(Object.entries(stores).map(([name, store]) => [name, store.outputs]));
  const references = new Map(storeReferences(workload).map((each) => [each.variable, each]));
  const described = variables(plan.spec, workload, plan.settings, outputs, "http").map((variable) => {
    if ("value" in variable) return [variable.name, literal(String(variable.value))];
    const { store = "", output = "", reader = "" } = references.get(variable.name) ?? {};
    const local = stores[store];
    const property = (name: string) => local?.properties[name] ?? "";
    const composed = local?.outputs.secret?.composed?.[output];
    return [variable.name, String(composed?.(property, reader) ?? property(output))];
  });
  const ambient = storesOf(workload).flatMap((store) => Object.entries(stores[store]?.ambient ?? {}));
  return Object.fromEntries([...described, ...ambient]) as Record<string, string>;
}
