import type { Catalog } from "../../systems/spec";
import type { Fault } from "../errors";
import { fields, type Values } from "../raw";

/**
 * Workloads that serve TLS must be restarted with a renewed certificate, which Reloader does. Works on the raw values,
 * like `cross.ts`.
 */
export function tlsFaults(project: string, catalog: Catalog, raw: Values): Fault[] {
  if (fields(fields(raw.cluster).operators).reloader !== undefined) return [];
  const serving = Object.entries(fields(raw.systems)).flatMap(([system, value]) =>
    Object.keys(fields(fields(value).workloads))
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
          remedy: "add the operator, or take tls out of the description in systems/",
        },
      ];
}
