import { ams } from "./ams";
import { assetManagement } from "./asset-management";
import { opmas } from "./opmas";
import type { Catalog } from "./spec";
import { tapwork } from "./tapwork";

/** Every system that an environment can have. A stack file names those that it has. */
export const catalog = {
  [opmas.name]: opmas,
  [ams.name]: ams,
  [tapwork.name]: tapwork,
  [assetManagement.name]: assetManagement,
} as const satisfies Catalog;

export type { Catalog, SystemSpec } from "./spec";
