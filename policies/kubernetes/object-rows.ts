import { hostReader } from "../../standards/host-access";
import type { Policies } from "@pulumi/policy";
import {
  absent,
  between,
  given,
  having,
  is,
  like,
  quantityUpTo,
  unlessSet,
} from "../../standards/tests";
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
/** The log collector's own namespace is privileged: see `k8s-host-reader-bounded`. */
const restricted = (whole: Whole) =>
  ours(whole) && (whole.props.metadata as { name?: unknown } | undefined)?.name !== hostReader.namespace;
const podSecurity = "pod-security\\.kubernetes\\.io";

/** Kubernetes' built-in objects and nodes, property by property. */
export const objectRows: Policies = [
  must(
    ["kubernetes:core/v1:ServiceAccount"],
    {
      name: "k8s-account-without-token",
      description: "A service account mounts no API token unless it declares that its pods need one.",
      severity: "medium",
      remediation:
        'Set automountServiceAccountToken to false, or annotate the account with plinth/kubernetes-api: "true".',
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
      description: "A namespace enforces, audits and warns at the restricted Pod Security level.",
      severity: "medium",
      remediation: "Label it with enforce, warn and audit: restricted; pin each version or leave it out.",
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
              words: "absent, latest, or v1.30 or newer",
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
      description: "A quota sets realistic limits on pods, CPU and memory.",
      severity: "medium",
      remediation: "Set hard to pods, requests and limits of cpu and memory, above 0.",
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
      description: "A container without resources gets default limits of CPU and memory.",
      severity: "medium",
      remediation: "Set limits[].default and defaultRequest of a Container to small values.",
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
      description: "Shared files are mounted with TLS, and kept when the claim is deleted.",
      severity: "high",
      remediation: "List tls in mountOptions, and set persistentVolumeReclaimPolicy to Retain.",
      url: "https://docs.aws.amazon.com/efs/latest/ug/encryption-in-transit.html",
    },
    [
      ["spec.mountOptions", having((one) => one === "tls", "a list with tls"), onEfs],
      ["spec.mountOptions[]", like(/^(?!notls|noiam)/, "no option that takes TLS away"), onEfs],
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
      description: "Volumes are encrypted with a customer managed KMS key.",
      severity: "high",
      remediation: "Set parameters.kmsKeyId.",
      url: "https://docs.aws.amazon.com/eks/latest/userguide/create-storage-class.html",
    },
    [["parameters.kmsKeyId", given, onEbs]],
  ),
  must(
    ["kubernetes:autoscaling/v2:HorizontalPodAutoscaler", "kubernetes:keda.sh/v1alpha1:ScaledObject"],
    {
      name: "k8s-autoscaler-maximum",
      description: "No autoscaler's maximum is above a hundred pods.",
      severity: "medium",
      remediation: "Set maxReplicas (maxReplicaCount) to 100 or less.",
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
      description: "No workload has more than a hundred pods.",
      severity: "medium",
      remediation: "Set replicas to 100 or less, or leave it to an autoscaler.",
      url: `${k8s}/concepts/workloads/controllers/deployment/`,
    },
    [["spec.replicas", between(0, 100), (whole) => spec(whole).replicas !== undefined]],
  ),
  must(
    ["kubernetes:policy/v1:PodDisruptionBudget"],
    {
      name: "k8s-disruption-budget-set",
      description: "A disruption budget sets how many pods must stay or may be evicted.",
      severity: "medium",
      remediation: "Set minAvailable or maxUnavailable: without either, none may be evicted.",
      url: `${k8s}/tasks/run-application/configure-pdb/`,
    },
    [["spec.minAvailable", given, (whole) => spec(whole).maxUnavailable === undefined]],
  ),
  must(
    ["kubernetes:batch/v1:Job"],
    {
      name: "k8s-job-deadline",
      description: "A job ends: after some time, and after some failures.",
      severity: "medium",
      remediation: "Set activeDeadlineSeconds (a day at most) and backoffLimit.",
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
