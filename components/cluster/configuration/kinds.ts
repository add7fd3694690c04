/**
 * Kinds of Kubernetes objects in the configuration backup, by API version, each with its resource name in the API. A
 * test compares them with the plan: all kinds that Plinth creates are here, except Secrets, whose values are in Secrets
 * Manager under the names in the ExternalSecrets. Pods are here because only they have the digest of the running image.
 */
export const backedUpKinds: Readonly<Record<string, Readonly<Record<string, string>>>> = {
  v1: {
    ConfigMap: "configmaps",
    LimitRange: "limitranges",
    Namespace: "namespaces",
    PersistentVolume: "persistentvolumes",
    PersistentVolumeClaim: "persistentvolumeclaims",
    Pod: "pods",
    ResourceQuota: "resourcequotas",
    Service: "services",
    ServiceAccount: "serviceaccounts",
  },
  "admissionregistration.k8s.io/v1": {
    ValidatingAdmissionPolicy: "validatingadmissionpolicies",
    ValidatingAdmissionPolicyBinding: "validatingadmissionpolicybindings",
  },
  "apps/v1": { DaemonSet: "daemonsets", Deployment: "deployments", StatefulSet: "statefulsets" },
  "argoproj.io/v1alpha1": { AnalysisTemplate: "analysistemplates", Rollout: "rollouts" },
  "autoscaling/v2": { HorizontalPodAutoscaler: "horizontalpodautoscalers" },
  "batch/v1": { CronJob: "cronjobs", Job: "jobs" },
  "cert-manager.io/v1": { Certificate: "certificates", Issuer: "issuers" },
  "eks.amazonaws.com/v1": {
    IngressClassParams: "ingressclassparams",
    NodeClass: "nodeclasses",
    TargetGroupBinding: "targetgroupbindings",
  },
  "external-secrets.io/v1": { ClusterSecretStore: "clustersecretstores", ExternalSecret: "externalsecrets" },
  "jetstream.nats.io/v1beta2": { Account: "accounts", Consumer: "consumers", Stream: "streams" },
  "karpenter.sh/v1": { NodePool: "nodepools" },
  "keda.sh/v1alpha1": { ScaledObject: "scaledobjects", TriggerAuthentication: "triggerauthentications" },
  "monitoring.coreos.com/v1": {
    Alertmanager: "alertmanagers",
    PodMonitor: "podmonitors",
    Prometheus: "prometheuses",
    PrometheusRule: "prometheusrules",
  },
  "networking.k8s.io/v1": {
    Ingress: "ingresses",
    IngressClass: "ingressclasses",
    NetworkPolicy: "networkpolicies",
  },
  "policy/v1": { PodDisruptionBudget: "poddisruptionbudgets" },
  "rbac.authorization.k8s.io/v1": {
    ClusterRole: "clusterroles",
    ClusterRoleBinding: "clusterrolebindings",
    Role: "roles",
    RoleBinding: "rolebindings",
  },
  "scheduling.k8s.io/v1": { PriorityClass: "priorityclasses" },
  "storage.k8s.io/v1": { StorageClass: "storageclasses" },
};

const grouped = Object.entries(backedUpKinds).map(([version, kinds]) => ({
  version,
  // `v1` is the core group, whose name is empty.
  group: version.includes("/") ? version.slice(0, version.indexOf("/")) : "",
  names: Object.values(kinds),
}));

/** Paths of the lists in the API. */
export const listPaths: readonly string[] = grouped.flatMap(({ version, names }) =>
  names.map((name) => `${version === "v1" ? "api" : "apis"}/${version}/${name}`),
);

/** Permission to list them, and nothing else. */
export const listRules = grouped.map(({ group, names }) => ({
  apiGroups: [group],
  resources: names,
  verbs: ["list"],
}));
