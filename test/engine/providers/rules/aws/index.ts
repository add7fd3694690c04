import type { Rules } from "../../rule";
import { auditRules } from "./audit";
import { cacheRules } from "./caches";
import { cdnRules } from "./cdn";
import { clusterRules } from "./cluster";
import { computeRules } from "./compute";
import { databaseRules } from "./databases";
import { edgeRules } from "./edge";
import { fileRules } from "./files";
import { foundationRules } from "./foundation";
import { functionRules } from "./functions";
import { identityRules } from "./identity";
import { mailRules } from "./mail";
import { messagingRules } from "./messaging";
import { monitoringRules } from "./monitoring";
import { networkRules } from "./network";
import { operationRules } from "./operations";
import { proxyRules } from "./proxies";
import { searchRules } from "./search";
import { secretRules } from "./secrets";
import { storageRules } from "./storage";

/**
 * Every type of `@pulumi/aws` that the in-memory provider supports.
 *
 * Sources: the schemas of hashicorp/terraform-provider-aws, on which `@pulumi/aws` is based, for replacements, sets and
 * computed values; the services' API references for names and limits.
 */
export const awsRules: Rules = {
  ...networkRules,
  ...computeRules,
  ...identityRules,
  ...secretRules,
  ...clusterRules,
  ...databaseRules,
  ...proxyRules,
  ...cacheRules,
  ...searchRules,
  ...storageRules,
  ...fileRules,
  ...functionRules,
  ...messagingRules,
  ...mailRules,
  ...edgeRules,
  ...cdnRules,
  ...monitoringRules,
  ...operationRules,
  ...foundationRules,
  ...auditRules,
};
