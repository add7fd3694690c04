import { operatorBase, type Policies, type Ranges } from "./policies";
import { priorities } from "../../base/priority";
import { disruptionBudget, resources, zoneSpread, type Sizes } from "./sizes";
import type { HardenedValues } from "../../../standards/charts";

/** The controller, which holds the systems' Secrets in memory. */
export const reloaderSizes = {
  controller: { cpu: { request: 20, limit: 200 }, memory: { request: 64, limit: 256 } },
} as const satisfies Sizes;

export interface ReloaderArgs {
  readonly replicas: number;
  /** Namespaces that it watches: it reads no Secret elsewhere. */
  readonly namespaces: readonly string[];
  /** Argo Rollouts is there. */
  readonly rollouts: boolean;
}

/**
 * Values of the chart `reloader` 2.2. It watches Secrets alone: a changed ConfigMap has another name here. Its rights
 * are Plinth's (`components/workload/restarts.ts`), since the chart's let it make and delete jobs.
 *
 * A restart of a Deployment is an annotation of its pod template, which Pulumi neither sets nor removes. What changes
 * while the controller is away isn't seen: with several pods another takes over within seconds, and without
 * `reloadOnCreate` a start restarts nothing.
 */
export const reloaderValues = ({ replicas, namespaces, rollouts }: ReloaderArgs) =>
  ({
    fullnameOverride: "reloader",
    reloader: {
      watchGlobally: false,
      namespaces: [...namespaces],
      ignoreConfigMaps: true,
      ignoreJobs: true,
      ignoreCronJobs: true,
      isArgoRollouts: rollouts,
      reloadStrategy: "annotations",
      enableHA: replicas > 1,
      readOnlyRootFileSystem: true,
      rbac: { enabled: false },
      serviceAccount: { create: true, name: "reloader" },
      deployment: {
        replicas,
        resources: resources(reloaderSizes.controller),
        priorityClassName: priorities.platform.name,
        topologySpreadConstraints: [zoneSpread({ app: "reloader" })],
        securityContext: {
          runAsNonRoot: true,
          runAsUser: 65534,
          runAsGroup: 65534,
          seccompProfile: { type: "RuntimeDefault" },
        },
        containerSecurityContext: { allowPrivilegeEscalation: false, capabilities: { drop: ["ALL"] } },
      },
      podDisruptionBudget: disruptionBudget(replicas),
    },
  }) satisfies HardenedValues<"reloader">;

/** Reloader: it talks to the API server alone. */
export const reloaderPolicies = (ranges: Ranges): Policies => operatorBase(ranges);
