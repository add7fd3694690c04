import { operatorBase, type Policies, type Ranges } from "./policies";
import { priorities } from "../../base/priority";
import { containerSecurity } from "../../base/pod-security";
import { disruptionBudget, resources, type Sizes } from "./sizes";
import type { HardenedValues } from "../../../standards/charts";

/** The recommender, which holds a history of each container it watches. */
export const verticalPodAutoscalerSizes = {
  recommender: { cpu: { request: 50, limit: 500 }, memory: { request: 256, limit: 512 } },
} as const satisfies Sizes;

/** Spreads several pods across zones, if possible: the chart has no topology spread. */
const apart = {
  podAntiAffinity: {
    preferredDuringSchedulingIgnoredDuringExecution: [
      {
        weight: 100,
        podAffinityTerm: {
          labelSelector: { matchLabels: { "app.kubernetes.io/component": "recommender" } },
          topologyKey: "topology.kubernetes.io/zone",
        },
      },
    ],
  },
};

/**
 * Values of the chart `vertical-pod-autoscaler` 0.11: only the recommender. Nothing restarts pods or changes their
 * requests; people read the recommendations and change the stack file.
 */
export const verticalPodAutoscalerValues = (replicas: number) =>
  ({
    podSecurityContext: {
      runAsNonRoot: true,
      runAsUser: 65534,
      runAsGroup: 65534,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containerSecurityContext: containerSecurity,
    admissionController: { enabled: false },
    updater: { enabled: false },
    recommender: {
      enabled: true,
      replicas,
      resources: resources(verticalPodAutoscalerSizes.recommender),
      podDisruptionBudget: disruptionBudget(replicas),
      affinity: apart,
      priorityClassName: priorities.platform.name,
    },
  }) satisfies HardenedValues<"vertical-pod-autoscaler">;

/** VPA's recommender: it gets metrics through the API server. */
export const verticalPodAutoscalerPolicies = (ranges: Ranges): Policies => operatorBase(ranges);
