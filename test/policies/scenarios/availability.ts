import { sample, scenario } from "../scenario";
import { labels, metadata, surroundings, template } from "./pods";

export const availability = [
  scenario(
    "a workload with several pods and an autoscaler",
    {
      ...surroundings(),
      api: sample("kubernetes:apps/v1:Deployment", { metadata, spec: { template: spread() } }),
      scaler: sample("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
        metadata,
        spec: { scaleTargetRef: { kind: "Deployment", name: "api" }, minReplicas: 3, maxReplicas: 10 },
      }),
      budget: sample("kubernetes:policy/v1:PodDisruptionBudget", {
        metadata,
        spec: { selector: { matchLabels: labels }, minAvailable: 2 },
      }),
    },
    [
      ["k8s-autoscaler-bounds", ({ scaler }) => Object.assign(scaler.props.spec ?? {}, { maxReplicas: 2 })],
      ["k8s-autoscaler-owns-replicas", ({ api }) => Object.assign(api.props.spec ?? {}, { replicas: 3 })],
      ["k8s-autoscaler-alone", (stack) => Object.assign(stack, { other: stack.scaler })],
      [
        "k8s-disruption-budget",
        ({ budget }) => (budget.props.metadata = { name: "api", namespace: "other" }),
      ],
      [
        "k8s-disruption-budget",
        ({ budget }) => (budget.props.spec = { selector: { matchLabels: { app: "web" } }, minAvailable: 2 }),
      ],
      [
        "k8s-disruption-budget-allows-drain",
        ({ budget }) => Object.assign(budget.props.spec ?? {}, { minAvailable: 3 }),
      ],
      [
        "k8s-disruption-budget-allows-drain",
        ({ budget }) =>
          Object.assign(budget.props.spec ?? {}, { minAvailable: undefined, maxUnavailable: 0 }),
      ],
      ["k8s-zone-spread", ({ api }) => delete api.props.spec?.template?.spec?.topologySpreadConstraints],
    ],
  ),
  scenario(
    "a workload with a fixed number of pods, and one with a ScaledObject",
    {
      ...surroundings(),
      api: sample("kubernetes:apps/v1:Deployment", { metadata, spec: { replicas: 2, template: spread() } }),
      worker: sample("kubernetes:apps/v1:Deployment", {
        metadata: { name: "worker", namespace: "ams" },
        spec: { template: template() },
      }),
      scaler: sample("kubernetes:keda.sh/v1alpha1:ScaledObject", {
        metadata,
        spec: { scaleTargetRef: { name: "worker" }, minReplicaCount: 1, maxReplicaCount: 8 },
      }),
      budget: sample("kubernetes:policy/v1:PodDisruptionBudget", {
        metadata,
        spec: { selector: { matchLabels: { app: "api" } }, maxUnavailable: 1 },
      }),
    },
    [
      [
        "k8s-autoscaler-owns-replicas",
        ({ worker }) => Object.assign(worker.props.spec ?? {}, { replicas: 1 }),
      ],
      [
        "k8s-autoscaler-bounds",
        ({ scaler }) => Object.assign(scaler.props.spec ?? {}, { minReplicaCount: 0 }),
      ],
      [
        "k8s-autoscaler-bounds",
        ({ scaler }) => Object.assign(scaler.props.spec ?? {}, { minReplicaCount: undefined }),
      ],
      [
        "k8s-autoscaler-alone",
        (stack) =>
          Object.assign(stack, {
            other: sample("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
              metadata,
              spec: {
                scaleTargetRef: { kind: "Deployment", name: "worker" },
                minReplicas: 1,
                maxReplicas: 8,
              },
            }),
          }),
      ],
      ["k8s-zone-spread", ({ scaler }) => Object.assign(scaler.props.spec ?? {}, { minReplicaCount: 2 })],
    ],
  ),
  scenario(
    "a workload that changes from a fixed number of pods to an autoscaler",
    {
      ...surroundings(),
      api: sample(
        "kubernetes:apps/v1:Deployment",
        { metadata, spec: { replicas: 1, template: template() } },
        { ignoreChanges: ["spec.replicas"] },
      ),
      scaler: sample("kubernetes:keda.sh/v1alpha1:ScaledObject", {
        metadata,
        spec: { scaleTargetRef: { name: "api" }, minReplicaCount: 1, maxReplicaCount: 8 },
      }),
    },
    [["k8s-autoscaler-owns-replicas", ({ api }) => (api.ignoreChanges = ["spec.template"])]],
  ),
  scenario(
    "a Rollout that starts with its autoscaler's minimum and ignores changes of replicas",
    {
      ...surroundings(),
      api: sample(
        "kubernetes:argoproj.io/v1alpha1:Rollout",
        { metadata, spec: { replicas: 3, template: spread() } },
        { ignoreChanges: ["spec.replicas"] },
      ),
      scaler: sample("kubernetes:autoscaling/v2:HorizontalPodAutoscaler", {
        metadata,
        spec: { scaleTargetRef: { kind: "Rollout", name: "api" }, minReplicas: 3, maxReplicas: 10 },
      }),
      budget: sample("kubernetes:policy/v1:PodDisruptionBudget", {
        metadata,
        spec: { selector: { matchLabels: labels }, minAvailable: 2 },
      }),
    },
    [
      ["k8s-autoscaler-owns-replicas", ({ api }) => (api.ignoreChanges = ["spec.template"])],
      [
        "k8s-disruption-budget",
        ({ budget }) => (budget.props.metadata = { name: "api", namespace: "other" }),
      ],
      ["k8s-zone-spread", ({ api }) => delete api.props.spec?.template?.spec?.topologySpreadConstraints],
    ],
  ),
];

function spread() {
  const { metadata: meta, spec } = template();
  const constraint = {
    topologyKey: "topology.kubernetes.io/zone",
    maxSkew: 1,
    whenUnsatisfiable: "ScheduleAnyway",
  };
  return { metadata: meta, spec: { ...spec, topologySpreadConstraints: [constraint] } };
}
