import type { Catalog } from "../../systems/spec";
import type { Fault } from "../reading/errors";
import type { Given } from "../reading/given";

/** Workloads that serve TLS must be restarted with a renewed certificate, which Reloader does. */
export function tlsFaults(project: string, catalog: Catalog, { cluster, systems }: Given): Fault[] {
  if (cluster.operators.reloader !== undefined) return [];
  const serving = Object.entries(systems).flatMap(([system, { workloads }]) =>
    Object.keys(workloads)
      .filter((key) => catalog[system]?.workloads[key]?.listen?.tls === true)
      .map((key) => `${system}.${key}`),
  );
  return serving.length === 0
    ? []
    : [
        {
          path: `${project}:cluster.operators.reloader`,
          found: "nothing",
          expected: `Reloader, which restarts pods with a renewed certificate: ${serving.join(", ")} ${serving.length === 1 ? "serves" : "serve"} TLS`,
          remedy: "add the operator, or remove tls from the description in systems/",
        },
      ];
}
