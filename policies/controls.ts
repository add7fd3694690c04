import { cisAws } from "./published/cis-aws";
import { fsbp } from "./published/fsbp";
import { cisEks, nsa, podSecurity } from "./published/kubernetes";
import type { PublishedStandard } from "./published/standard";

/** Published standards by their own identifiers. A test compares the names of the policies with the pack. */
export const publishedStandards: readonly PublishedStandard[] = [fsbp, cisAws, cisEks, podSecurity, nsa];
