import type { Settings } from "../config";
import type { Catalog } from "../systems/spec";
import { configured } from "./system/configured";
import type { ConfiguredSystem } from "./system-in-region";

/** The systems that the stack file names, in the catalog's order. */
export function configuredSystems(settings: Settings, catalog: Catalog): ConfiguredSystem[] {
  return Object.entries(catalog).flatMap(([name, spec]) => {
    const amounts = settings.systems[name];
    return amounts === undefined ? [] : [{ spec: configured(spec, amounts), settings: amounts }];
  });
}
