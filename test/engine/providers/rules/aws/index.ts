import type { Rules } from "../../rule";
import { cacheRules } from "./caches";
import { clusterRules } from "./cluster";
import { databaseRules } from "./databases";
import { edgeRules } from "./edge";
import { identityRules } from "./identity";
import { networkRules } from "./network";
import { operationRules } from "./operations";
import { storageRules } from "./storage";

/**
 * Every type of `@pulumi/aws` that the in-memory provider knows.
 *
 * Sources: the schemas of hashicorp/terraform-provider-aws, which `@pulumi/aws` is made from, for what replaces, what is
 * a set and what is filled in; the services' own API references for names and limits.
 */
export const awsRules: Rules = {
  ...networkRules,
  ...identityRules,
  ...clusterRules,
  ...databaseRules,
  ...cacheRules,
  ...storageRules,
  ...edgeRules,
  ...operationRules,
};
