import type { OperatorName } from "../../../config";
import { operatorPeers, prometheusPeer } from "../../base/operators";
import { reloaderAccount } from "../../workload/restarts";

/** An operator's official chart. The stack file sets its version, which `operatorSeries` limits. */
export interface OperatorChart {
  /** Name of the chart and its release, and so of most of its objects. */
  readonly chart: string;
  readonly repository: `https://${string}`;
  readonly namespace: string;
  /** API group and kinds of its CRDs. Default: none. */
  readonly group: string;
  readonly kinds: readonly string[];
  /**
   * Whether Helm upgrades the CRDs with the operator. Helm only installs those in a chart's `crds` folder: apply them
   * manually before an upgrade.
   */
  readonly upgradesDefinitions: boolean;
}

/**
 * Operators that are installed from charts because EKS has no add-on for them. `docs/operators.md` lists what to read
 * before an upgrade.
 */
export const operatorCharts = {
  externalSecrets: {
    chart: "external-secrets",
    repository: "https://charts.external-secrets.io",
    namespace: "external-secrets",
    group: "external-secrets.io",
    kinds: ["ExternalSecret", "SecretStore", "ClusterSecretStore", "ClusterExternalSecret"],
    upgradesDefinitions: true,
  },
  keda: {
    chart: "keda",
    repository: "https://kedacore.github.io/charts",
    namespace: operatorPeers.keda.namespace,
    group: "keda.sh",
    kinds: ["ScaledObject", "ScaledJob", "TriggerAuthentication", "ClusterTriggerAuthentication"],
    upgradesDefinitions: true,
  },
  argoRollouts: {
    chart: "argo-rollouts",
    repository: "https://argoproj.github.io/argo-helm",
    namespace: operatorPeers.argoRollouts.namespace,
    group: "argoproj.io",
    kinds: ["Rollout", "AnalysisTemplate", "ClusterAnalysisTemplate", "AnalysisRun", "Experiment"],
    upgradesDefinitions: true,
  },
  reloader: {
    chart: "reloader",
    repository: "https://stakater.github.io/stakater-charts",
    namespace: reloaderAccount.namespace,
    group: "",
    kinds: [],
    upgradesDefinitions: true,
  },
  nack: {
    chart: "nack",
    repository: "https://nats-io.github.io/k8s/helm/charts",
    namespace: operatorPeers.nack.namespace,
    group: "jetstream.nats.io",
    kinds: ["Account", "Consumer", "KeyValue", "ObjectStore", "Stream"],
    upgradesDefinitions: false,
  },
  verticalPodAutoscaler: {
    chart: "vertical-pod-autoscaler",
    repository: "https://kubernetes.github.io/autoscaler",
    namespace: "vertical-pod-autoscaler",
    group: "autoscaling.k8s.io",
    kinds: ["VerticalPodAutoscaler", "VerticalPodAutoscalerCheckpoint"],
    upgradesDefinitions: false,
  },
  prometheus: {
    chart: "kube-prometheus-stack",
    repository: "https://prometheus-community.github.io/helm-charts",
    namespace: prometheusPeer.namespace,
    group: "monitoring.coreos.com",
    kinds: [
      "Alertmanager",
      "PodMonitor",
      "Probe",
      "Prometheus",
      "PrometheusRule",
      "ServiceMonitor",
      "ThanosRuler",
    ],
    upgradesDefinitions: false,
  },
  grafana: {
    chart: "grafana",
    repository: "https://grafana-community.github.io/helm-charts",
    namespace: operatorPeers.grafana.namespace,
    group: "",
    kinds: [],
    upgradesDefinitions: true,
  },
} as const satisfies Record<OperatorName, OperatorChart>;
