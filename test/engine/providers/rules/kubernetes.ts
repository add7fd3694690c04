/** Behaviour of API server and provider for one kind of object. */
export interface Kind {
  scope: "namespaced" | "cluster";
  /** Rules of `metadata.name`. Default: a DNS subdomain of 253 characters. */
  name?: NameForm;
  /** Paths whose change replaces the object, in addition to its name and namespace. */
  replace?: readonly string[];
}

export interface NameForm {
  max: number;
  pattern: RegExp;
  what: string;
}

export const subdomain: NameForm = {
  max: 253,
  pattern: /^[a-z0-9]([a-z0-9.-]*[a-z0-9])?$/,
  what: "lower case letters, digits, - and .",
};
export const label: NameForm = {
  max: 63,
  pattern: /^[a-z0-9]([a-z0-9-]*[a-z0-9])?$/,
  what: "lower case letters, digits and -",
};
const service: NameForm = {
  max: 63,
  pattern: /^[a-z]([a-z0-9-]*[a-z0-9])?$/,
  what: "lower case letters, digits and -, a letter first",
};
// A Job's name is a label of its pods; a CronJob appends eleven characters to it.
const job: NameForm = { ...label };
const cronJob: NameForm = { ...label, max: 52 };
const path: NameForm = { max: 253, pattern: /^[^/%]+$/, what: "one segment of a path" };

const selector = ["spec.selector"];

/** Kinds that the program may create, by `<apiVersion>/<kind>`. Source of `replace`: pulumi-kubernetes, `diff.go`. */
export const kinds: Readonly<Record<string, Kind>> = {
  "v1/Namespace": { scope: "cluster", name: label },
  "v1/ConfigMap": { scope: "namespaced", replace: ["data", "binaryData"] },
  "v1/Secret": { scope: "namespaced", replace: ["type", "data", "stringData"] },
  "v1/Service": { scope: "namespaced", name: service, replace: ["spec.clusterIP"] },
  "v1/ServiceAccount": { scope: "namespaced" },
  "v1/ResourceQuota": { scope: "namespaced", replace: ["spec.scopes"] },
  "v1/LimitRange": { scope: "namespaced" },
  "v1/PersistentVolume": {
    scope: "cluster",
    replace: ["spec.csi", "spec.nfs", "spec.local", "spec.hostPath"],
  },
  "v1/PersistentVolumeClaim": {
    scope: "namespaced",
    replace: ["spec.accessModes", "spec.selector", "spec.storageClassName", "spec.volumeName"],
  },
  "apps/v1/Deployment": { scope: "namespaced", replace: selector },
  "apps/v1/DaemonSet": { scope: "namespaced", replace: selector },
  "apps/v1/StatefulSet": {
    scope: "namespaced",
    replace: [
      "spec.podManagementPolicy",
      "spec.revisionHistoryLimit",
      "spec.selector",
      "spec.serviceName",
      "spec.volumeClaimTemplates",
    ],
  },
  "batch/v1/Job": {
    scope: "namespaced",
    name: job,
    replace: ["spec.completions", "spec.parallelism", "spec.selector", "spec.template"],
  },
  "batch/v1/CronJob": { scope: "namespaced", name: cronJob },
  "autoscaling/v2/HorizontalPodAutoscaler": { scope: "namespaced" },
  "policy/v1/PodDisruptionBudget": { scope: "namespaced" },
  "networking.k8s.io/v1/NetworkPolicy": { scope: "namespaced" },
  "networking.k8s.io/v1/Ingress": { scope: "namespaced" },
  "networking.k8s.io/v1/IngressClass": { scope: "cluster" },
  "storage.k8s.io/v1/StorageClass": { scope: "cluster", replace: ["parameters", "provisioner"] },
  "scheduling.k8s.io/v1/PriorityClass": { scope: "cluster" },
  "rbac.authorization.k8s.io/v1/Role": { scope: "namespaced", name: path },
  "rbac.authorization.k8s.io/v1/ClusterRole": { scope: "cluster", name: path },
  "rbac.authorization.k8s.io/v1/RoleBinding": { scope: "namespaced", name: path, replace: ["roleRef"] },
  "rbac.authorization.k8s.io/v1/ClusterRoleBinding": { scope: "cluster", name: path, replace: ["roleRef"] },
  "apiextensions.k8s.io/v1/CustomResourceDefinition": { scope: "cluster" },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicy": { scope: "cluster" },
  "admissionregistration.k8s.io/v1/ValidatingAdmissionPolicyBinding": { scope: "cluster" },
};

/** Custom kinds that an EKS cluster in Auto Mode includes. Source: Amazon EKS user guide. */
export const builtIn: Readonly<Record<string, Kind>> = {
  "eks.amazonaws.com/v1/NodeClass": { scope: "cluster" },
  "eks.amazonaws.com/v1/IngressClassParams": { scope: "cluster" },
  "eks.amazonaws.com/v1/TargetGroupBinding": { scope: "namespaced" },
  "karpenter.sh/v1/NodePool": { scope: "cluster" },
  "networking.k8s.aws/v1alpha1/ApplicationNetworkPolicy": { scope: "namespaced" },
  "networking.k8s.aws/v1alpha1/ClusterNetworkPolicy": { scope: "cluster" },
};

/** Namespaces that every cluster has. */
export const ownNamespaces = ["default", "kube-system", "kube-public", "kube-node-lease"];

/** Kinds of existing objects that the program only patches. */
export const patched = ["networking.k8s.io/v1/Ingress", "v1/ConfigMap", "v1/Namespace", "v1/ServiceAccount"];

/** The type of a Helm release. */
export const release = "kubernetes:helm.sh/v3:Release";
