import { ams } from "./ams";
import { assetManagement } from "./asset-management";
import { opmas } from "./opmas";
import type { Catalog } from "./spec";
import { tapwork } from "./tapwork";

/** Every system that an environment can hold. A stack file names the ones that it does hold. */
export const catalog = {
  [opmas.name]: opmas,
  [ams.name]: ams,
  [tapwork.name]: tapwork,
  [assetManagement.name]: assetManagement,
} as const satisfies Catalog;

export type { Catalog, SystemSpec } from "./spec";
