import type { KnownTypes } from "../../policies/lib/control";
import type { PodOwner } from "../../policies/kubernetes/pods";

/** Workload kinds, in addition to types that rules mention explicitly. */
type Workloads = Record<
  | "kubernetes:apps/v1:Deployment"
  | "kubernetes:apps/v1:StatefulSet"
  | "kubernetes:argoproj.io/v1alpha1:Rollout"
  | "kubernetes:batch/v1:CronJob"
  | "kubernetes:batch/v1:Job"
  | "kubernetes:jetstream.nats.io/v1beta2:Stream"
  | "kubernetes:core/v1:Pod"
  | "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicy"
  | "kubernetes:admissionregistration.k8s.io/v1:ValidatingAdmissionPolicyBinding"
  | "kubernetes:eks.amazonaws.com/v1:IngressClassParams"
  | "kubernetes:eks.amazonaws.com/v1:NodeClass",
  PodOwner
>;
type Types = KnownTypes & Workloads;

/** A resource in the pack's form. */
export interface Sample<K extends keyof Types = keyof Types> {
  type: K;
  props: Types[K];
  protect?: boolean;
  /** Paths whose changes are ignored. */
  ignoreChanges?: string[];
  /** Resources of the stack that each property depends on. */
  refs?: Record<string, string[]>;
}

/** Resources by name. */
export type Stack = Record<string, Sample>;

/** A stack that passes every policy, and changes to it, each with exactly the policies that it must violate. */
export interface Scenario {
  title: string;
  good: () => Stack;
  bad: { policies: string[]; change: string; stack: () => Stack }[];
}

/** Cost tags, as a StorageClass gives them to volumes. */
export const volumeTags = {
  tagSpecification_1: "Project=plinth",
  tagSpecification_2: "Environment=dev",
  tagSpecification_3: "Owner=x",
  tagSpecification_4: "CostCenter=1",
};
/** The same, as IngressClassParams has them. */
export const listedTags = Object.values(volumeTags).map((tag) => {
  const [key, value] = tag.split("=");
  return { key, value };
});

/** Marker of an unknown text in a preview. */
export const unknown = "04da6b54-80e4-46f7-96ec-b56ff0331ba9";

export function sample<K extends keyof Types>(
  type: K,
  props: Types[K],
  options: Pick<Sample, "protect" | "ignoreChanges" | "refs"> = {},
): Sample<K> {
  return { type, props, ...options };
}

/** Declares a scenario: `bad` pairs a change to a copy of `good` with the policies that it must violate. */
export function scenario<S extends object>(
  title: string,
  good: S,
  bad: [policies: string | string[], change: (stack: S) => void][],
): Scenario {
  const copy = () => structuredClone(good);
  return {
    title,
    good: () => copy() as Stack,
    bad: bad.map(([policies, change]) => ({
      policies: [policies].flat(),
      change: String(change).replace(/\s+/g, " "),
      stack: () => {
        const changed = copy();
        change(changed);
        return changed as Stack;
      },
    })),
  };
}
