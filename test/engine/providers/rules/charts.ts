/** Kinds that a Helm chart defines. */
export interface Chart {
  group: string;
  version: string;
  /** Kinds by scope. */
  namespaced: readonly string[];
  cluster: readonly string[];
  /** Value of the chart that excludes the definitions when false: `crds.enabled`. Default: always included. */
  unless?: string;
}

/** The charts whose custom kinds the program uses. Source: each chart's own templates and values. */
export const charts: Readonly<Record<string, Chart>> = {
  "external-secrets": {
    group: "external-secrets.io",
    version: "v1",
    namespaced: ["ExternalSecret", "SecretStore"],
    cluster: ["ClusterSecretStore", "ClusterExternalSecret"],
    unless: "installCRDs",
  },
  keda: {
    group: "keda.sh",
    version: "v1alpha1",
    namespaced: ["ScaledObject", "ScaledJob", "TriggerAuthentication"],
    cluster: ["ClusterTriggerAuthentication"],
    unless: "crds.install",
  },
  "argo-rollouts": {
    group: "argoproj.io",
    version: "v1alpha1",
    namespaced: ["Rollout", "AnalysisTemplate", "AnalysisRun", "Experiment"],
    cluster: ["ClusterAnalysisTemplate"],
    unless: "installCRDs",
  },
  "kube-prometheus-stack": {
    group: "monitoring.coreos.com",
    version: "v1",
    namespaced: [
      "Alertmanager",
      "PodMonitor",
      "Probe",
      "Prometheus",
      "PrometheusRule",
      "ServiceMonitor",
      "ThanosRuler",
    ],
    cluster: [],
    unless: "crds.enabled",
  },
  reloader: { group: "", version: "", namespaced: [], cluster: [] },
  grafana: { group: "", version: "", namespaced: [], cluster: [] },
  nack: {
    group: "jetstream.nats.io",
    version: "v1beta2",
    namespaced: ["Account", "Consumer", "KeyValue", "ObjectStore", "Stream"],
    cluster: [],
  },
  "vertical-pod-autoscaler": {
    group: "autoscaling.k8s.io",
    version: "v1",
    namespaced: ["VerticalPodAutoscaler", "VerticalPodAutoscalerCheckpoint"],
    cluster: [],
  },
};

/** The EKS add-ons whose custom kinds the program uses, by name. Source: each project's own definitions. */
export const addons: Readonly<Record<string, Omit<Chart, "unless">>> = {
  "cert-manager": {
    group: "cert-manager.io",
    version: "v1",
    namespaced: ["Certificate", "CertificateRequest", "Issuer"],
    cluster: ["ClusterIssuer"],
  },
};
