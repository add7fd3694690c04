import { isObject, type WireObject } from "../wire";

/** Kinds that live outside namespaces: of Kubernetes itself, and of the operators that this project uses. */
const CLUSTER_SCOPED = [
  ["", "Namespace Node PersistentVolume"],
  ["admissionregistration.k8s.io", "MutatingWebhookConfiguration ValidatingWebhookConfiguration"],
  ["admissionregistration.k8s.io", "ValidatingAdmissionPolicy ValidatingAdmissionPolicyBinding"],
  ["admissionregistration.k8s.io", "MutatingAdmissionPolicy MutatingAdmissionPolicyBinding"],
  ["apiextensions.k8s.io", "CustomResourceDefinition"],
  ["apiregistration.k8s.io", "APIService"],
  ["certificates.k8s.io", "CertificateSigningRequest ClusterTrustBundle"],
  ["flowcontrol.apiserver.k8s.io", "FlowSchema PriorityLevelConfiguration"],
  ["networking.k8s.io", "IngressClass IPAddress ServiceCIDR"],
  ["node.k8s.io", "RuntimeClass"],
  ["rbac.authorization.k8s.io", "ClusterRole ClusterRoleBinding"],
  ["resource.k8s.io", "DeviceClass ResourceSlice"],
  ["scheduling.k8s.io", "PriorityClass"],
  ["snapshot.storage.k8s.io", "VolumeSnapshotClass VolumeSnapshotContent"],
  ["storage.k8s.io", "CSIDriver CSINode StorageClass VolumeAttachment VolumeAttributesClass"],
  ["cert-manager.io", "ClusterIssuer"],
  ["eks.amazonaws.com", "IngressClassParams NodeClass"],
  ["external-secrets.io", "ClusterExternalSecret ClusterPushSecret ClusterSecretStore"],
  ["argoproj.io", "ClusterAnalysisTemplate"],
  ["gateway.networking.k8s.io", "GatewayClass"],
  ["karpenter.sh", "NodeClaim NodePool"],
  ["networking.k8s.aws", "ClusterNetworkPolicy"],
] as const;

/** `group/Kind` of everything outside namespaces; the definitions among the objects say so of their kinds. */
export function clusterScopedKinds(objects: readonly WireObject[]): ReadonlySet<string> {
  const known = CLUSTER_SCOPED.flatMap(([group, kinds]) =>
    kinds.split(" ").map((kind) => `${group}/${kind}`),
  );
  return new Set([...known, ...objects.flatMap(definedKind)]);
}

/** True for an object outside namespaces. */
export function isClusterScoped({ apiVersion, kind }: WireObject, kinds: ReadonlySet<string>): boolean {
  const [group = "", version] = String(apiVersion).split("/");
  return kinds.has(`${version === undefined ? "" : group}/${String(kind)}`);
}

function definedKind({ kind, spec }: WireObject): string[] {
  if (kind !== "CustomResourceDefinition" || !isObject(spec) || spec.scope !== "Cluster") return [];
  return isObject(spec.names) ? [`${String(spec.group)}/${String(spec.names.kind)}`] : [];
}
