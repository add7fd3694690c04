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
  /** Namespaces that it watches; it can't read Secrets elsewhere. */
  readonly namespaces: readonly string[];
  /** Whether Argo Rollouts is installed. */
  readonly rollouts: boolean;
}

/**
 * Values of the chart `reloader` 2.2. It only watches Secrets: a changed ConfigMap gets another name here. Plinth sets
 * its RBAC (`components/workload/restarts.ts`), since the chart's lets it create and delete jobs.
 *
 * A restart of a Deployment is an annotation of its pod template, which Pulumi neither sets nor removes. Changes while
 * the controller is down are missed: with several pods another takes over within seconds, and without `reloadOnCreate`
 * its start restarts nothing.
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

/** Reloader: it connects only to the API server. */
export const reloaderPolicies = (ranges: Ranges): Policies => operatorBase(ranges);
