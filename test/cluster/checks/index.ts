import { admissionPolicies } from "./admission-policies";
import { applied, warnings } from "./applied";
import { budgets } from "./budgets";
import type { Check } from "./check";
import { drain } from "./drain";
import { guards } from "./guards";
import { network } from "./network";
import { operators } from "./operators";
import { complete, version } from "./preview";
import { podSecurity } from "./pod-security";
import { rbac } from "./rbac";
import { ready } from "./ready";
import { references } from "./references";
import { restarts } from "./restarts";
import { rollout } from "./rollout";
import { runbooks } from "./runbooks";
import { spread } from "./spread";
import { unchanged } from "./unchanged";

/** All checks, in order: those that change the cluster most come last. */
export const CHECKS: readonly Check[] = [
  version,
  complete,
  references,
  operators,
  applied,
  warnings,
  podSecurity,
  admissionPolicies,
  guards,
  ready,
  unchanged,
  spread,
  network,
  rbac,
  runbooks,
  budgets,
  drain,
  restarts,
  rollout,
];
