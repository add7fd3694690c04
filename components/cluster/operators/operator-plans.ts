import type { MirrorSettings } from "../../../config";
import type { OperatorReach } from "../../base/operators";
import { argoRolloutsPolicies, argoRolloutsSizes, argoRolloutsValues } from "./argo-rollouts";
import { kedaPolicies, kedaSizes, kedaValues } from "./keda";
import { nackPolicies, nackSizes, nackValues } from "./nack";
import type { Policies, Ranges } from "./policies";
import type { Sizes } from "./sizes";
import type { operatorCharts } from "./table";
import {
  verticalPodAutoscalerPolicies,
  verticalPodAutoscalerSizes,
  verticalPodAutoscalerValues,
} from "./vertical-pod-autoscaler";

/** The optional operators that need only their chart. */
export type Optional = Exclude<
  keyof typeof operatorCharts,
  "externalSecrets" | "grafana" | "prometheus" | "reloader"
>;

interface Plan {
  readonly values: (
    replicas: number,
    reach: OperatorReach,
    mirrors: MirrorSettings,
  ) => Record<string, unknown>;
  readonly sizes: Sizes;
  readonly policies: (ranges: Ranges, reach: OperatorReach) => Policies;
}

/** Values, sizes and network policies of each chart. */
export const plans: Readonly<Record<Optional, Plan>> = {
  keda: { values: kedaValues, sizes: kedaSizes, policies: kedaPolicies },
  argoRollouts: { values: argoRolloutsValues, sizes: argoRolloutsSizes, policies: argoRolloutsPolicies },
  nack: {
    values: (_, reach, mirrors) => nackValues(reach, mirrors),
    sizes: nackSizes,
    policies: nackPolicies,
  },
  verticalPodAutoscaler: {
    values: verticalPodAutoscalerValues,
    sizes: verticalPodAutoscalerSizes,
    policies: verticalPodAutoscalerPolicies,
  },
};

/** Name of an operator's resources, by its key in the stack file. */
export const keys: Readonly<Record<Optional, string>> = {
  keda: "keda",
  argoRollouts: "rollouts",
  nack: "nack",
  verticalPodAutoscaler: "vpa",
};
