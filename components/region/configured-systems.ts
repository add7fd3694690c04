import type { Settings, SystemSettings } from "../../config";
import type { Catalog, SystemSpec } from "../../systems/spec";
import { configured } from "../system/configured";

/** A system that the stack file names: its description and its settings. */
export interface ConfiguredSystem {
  readonly spec: SystemSpec;
  readonly settings: SystemSettings;
}

/** The systems that the stack file names, in the catalog's order. */
export function configuredSystems(settings: Settings, catalog: Catalog): ConfiguredSystem[] {
  return Object.entries(catalog).flatMap(([name, spec]) => {
    const amounts = settings.systems[name];
    return amounts === undefined ? [] : [{ spec: configured(spec, amounts), settings: amounts }];
  });
}
