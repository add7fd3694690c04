import { hostReader } from "../../standards/host-access";
import type { Policies } from "@pulumi/policy";
import { absent, between, given, having, is, like, quantityUpTo, unlessSet } from "../../standards/tests";
import { must, type Whole } from "../lib/must";
import { isRecord } from "../lib/wire";

const k8s = "https://kubernetes.io/docs";
const spec = ({ props }: Whole) => (isRecord(props.spec) ? props.spec : {});
const annotated = ({ props }: Whole, key: string) => {
  const { annotations } = (isRecord(props.metadata) ? props.metadata : {}) as {
    annotations?: Record<string, unknown>;
  };
  return annotations?.[key] === "true";
};
const system = new Set(["kube-system", "kube-public", "kube-node-lease"]);
const ours = ({ props }: Whole) =>
  !system.has(String((props.metadata as { name?: unknown } | undefined)?.name));
/** The log collector's namespace is privileged: see `k8s-host-reader-bounded`. */
const restricted = (whole: Whole) =>
  ours(whole) && (whole.props.metadata as { name?: unknown } | undefined)?.name !== hostReader.namespace;
const podSecurity = "pod-security\\.kubernetes\\.io";

/** Built-in Kubernetes objects, property by property. */
export const objectRows: Policies = [
  must(
    ["kubernetes:core/v1:ServiceAccount"],
    {
      name: "k8s-account-without-token",
      description: "ServiceAccounts must not mount an API token unless their pods need it.",
      severity: "medium",
      remediation:
        'Set automountServiceAccountToken to false, and remove secrets. If the pods call the Kubernetes API, set the annotation plinth/kubernetes-api to "true".',
      url: `${k8s}/tasks/configure-pod-container/configure-service-account/`,
      remediates: true,
    },
    [
      ["automountServiceAccountToken", is(false), (whole) => !annotated(whole, "plinth/kubernetes-api")],
      ["secrets", absent],
    ],
  ),
  must(
    ["kubernetes:core/v1:Namespace", "kubernetes:core/v1:NamespacePatch"],
    {
      name: "k8s-namespace-pod-security",
      description: "Namespaces must enforce, audit and warn at the restricted Pod Security level.",
      severity: "medium",
      remediation:
        "Set the label pod-security.kubernetes.io/enforce to restricted. Set warn and audit to restricted, and the version labels to v1.30 or later, or remove them.",
      url: `${k8s}/concepts/security/pod-security-admission/`,
    },
    [
      [`metadata.labels.${podSecurity}/enforce`, is("restricted"), restricted],
      [`metadata.labels.${podSecurity}/warn`, unlessSet("restricted"), restricted],
      [`metadata.labels.${podSecurity}/audit`, unlessSet("restricted"), restricted],
      ...["enforce", "warn", "audit"].map(
        (mode) =>
          [
            `metadata.labels.${podSecurity}/${mode}-version`,
            {
              words: "unset, latest, or v1.30 or later",
              holds: (value: unknown) => value === undefined || /^(latest|v1\.[3-9]\d)$/.test(String(value)),
            },
          ] as const,
      ),
    ],
  ),
  must(
    ["kubernetes:core/v1:ResourceQuota"],
    {
      name: "k8s-quota-bounds",
      description: "ResourceQuotas must limit pods, CPU and memory.",
      severity: "medium",
      remediation:
        "Set pods, requests.cpu, requests.memory, limits.cpu and limits.memory in spec.hard. Remove scopes and scopeSelector.",
      url: `${k8s}/concepts/policy/resource-quotas/`,
    },
    [
      ["spec.hard.pods", quantityUpTo("1000"), hasSpec],
      ["spec.hard.limits\\.cpu", quantityUpTo("200"), hasSpec],
      ["spec.hard.limits\\.memory", quantityUpTo("256Gi"), hasSpec],
      ["spec.hard.requests\\.cpu", quantityUpTo("200"), hasSpec],
      ["spec.hard.requests\\.memory", quantityUpTo("256Gi"), hasSpec],
      ["spec.scopes", absent],
      ["spec.scopeSelector", absent],
    ],
  ),
  must(
    ["kubernetes:core/v1:LimitRange"],
    {
      name: "k8s-limit-range-defaults",
      description: "LimitRanges must set default requests and limits for CPU and memory.",
      severity: "medium",
      remediation: "Set default and defaultRequest of cpu and memory in spec.limits for the type Container.",
      url: `${k8s}/concepts/policy/limit-range/`,
    },
    [
      ["spec.limits", given, hasSpec],
      ["spec.limits[].type", is("Container", "Pod", "PersistentVolumeClaim")],
      ...["default", "defaultRequest"].flatMap((side) => [
        [`spec.limits[].${side}.cpu`, quantityUpTo("4")] as const,
        [`spec.limits[].${side}.memory`, quantityUpTo("8Gi")] as const,
      ]),
    ],
  ),
  must(
    ["kubernetes:core/v1:PersistentVolume"],
    {
      name: "k8s-files-mounted-with-tls",
      description: "EFS PersistentVolumes must be mounted with TLS, and PersistentVolumes must be retained.",
      severity: "high",
      remediation:
        "Add tls to mountOptions, and set persistentVolumeReclaimPolicy to Retain. Remove hostPath, nfs and local.",
      url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html",
    },
    [
      ["spec.mountOptions", having((one) => one === "tls", "a list that contains tls"), onEfs],
      ["spec.mountOptions[]", like(/^(?!notls|noiam)/, "an option other than notls and noiam"), onEfs],
      ["spec.csi.volumeHandle", given, onEfs],
      ["spec.persistentVolumeReclaimPolicy", is("Retain")],
      ["spec.hostPath", absent],
      ["spec.nfs", absent],
      ["spec.local", absent],
    ],
  ),
  must(
    ["kubernetes:storage.k8s.io/v1:StorageClass"],
    {
      name: "k8s-storage-own-key",
      description: "EBS StorageClasses must encrypt volumes with a customer managed KMS key.",
      severity: "high",
      remediation: "Set parameters.kmsKeyId to the ARN of a customer managed KMS key.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html",
    },
    [["parameters.kmsKeyId", given, onEbs]],
  ),
  must(
    ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:keda.sh/v1alpha1:ScaledObject"],
    {
      name: "k8s-autoscaler-maximum",
      description: "Autoscalers must not scale beyond 100 pods.",
      severity: "medium",
      remediation: "Set maxReplicas (for a ScaledObject, maxReplicaCount) to 100 or less.",
      url: `${k8s}/tasks/run-application/horizontal-pod-autoscale/`,
    },
    [
      ["spec.maxReplicas", between(1, 100), (whole) => spec(whole).maxReplicas !== undefined],
      ["spec.maxReplicaCount", between(1, 100), (whole) => spec(whole).maxReplicaCount !== undefined],
    ],
  ),
  must(
    [
      "kubernetes:apps/v1:Deployment",
      "kubernetes:apps/v1:StatefulSet",
      "kubernetes:argoproj.io/v1alpha1:Rollout",
    ],
    {
      name: "k8s-replicas-bounded",
      description: "Workloads must not have more than 100 replicas.",
      severity: "medium",
      remediation: "Set replicas to 100 or less, or remove it if the workload has an autoscaler.",
      url: `${k8s}/concepts/workloads/controllers/deployment/`,
    },
    [["spec.replicas", between(0, 100), (whole) => spec(whole).replicas !== undefined]],
  ),
  must(
    ["kubernetes:policy/v1:PodDisruptionBudget"],
    {
      name: "k8s-disruption-budget-set",
      description: "PodDisruptionBudgets must set minAvailable or maxUnavailable.",
      severity: "medium",
      remediation: "Set minAvailable or maxUnavailable. Without either, no pod can be evicted.",
      url: `${k8s}/tasks/run-application/configure-pdb/`,
    },
    [["spec.minAvailable", given, (whole) => spec(whole).maxUnavailable === undefined]],
  ),
  must(
    ["kubernetes:batch/v1:Job"],
    {
      name: "k8s-job-deadline",
      description: "Jobs must have a deadline and a limit for retries.",
      severity: "medium",
      remediation: "Set activeDeadlineSeconds to 86400 or less, and backoffLimit to 10 or less.",
      url: `${k8s}/concepts/workloads/controllers/job/`,
    },
    [
      ["spec.activeDeadlineSeconds", between(1, 86_400)],
      ["spec.backoffLimit", between(0, 10)],
      ["spec.parallelism", between(0, 50), (whole) => spec(whole).parallelism !== undefined],
    ],
  ),
];

function hasSpec({ props }: Whole): boolean {
  return props.spec !== undefined;
}

function onEfs(whole: Whole): boolean {
  return (spec(whole).csi as { driver?: string } | undefined)?.driver === "efs.csi.aws.com";
}

function onEbs({ props }: Whole): boolean {
  return String(props.provisioner).includes("ebs.csi");
}
