import type { Mappings } from "../call";
import { auditCalls } from "./audit";
import { backupCalls } from "./backup";
import { cdnCalls } from "./cdn";
import { dataCalls } from "./data";
import { edgeCalls } from "./edge";
import { foundationCalls } from "./foundation";
import { identityCalls } from "./identity";
import { networkCalls } from "./network";
import { serviceCalls } from "./services";
import { storageCalls } from "./storage";

/** The API calls of each type of `@pulumi/aws`. Every type that a stack registers must be here. */
export const mappings: Mappings = {
  ...networkCalls,
  ...identityCalls,
  ...dataCalls,
  ...storageCalls,
  ...serviceCalls,
  ...edgeCalls,
  ...backupCalls,
  ...foundationCalls,
  ...cdnCalls,
  ...auditCalls,
};
