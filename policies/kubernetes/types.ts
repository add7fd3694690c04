import type * as k8s from "@pulumi/kubernetes";
import type { Wire } from "../lib/wire";

export type PodSpec = Wire<k8s.types.input.core.v1.PodSpec>;
export type Container = Wire<k8s.types.input.core.v1.Container>;
export type PodTemplate = Wire<k8s.types.input.core.v1.PodTemplateSpec>;
export type ObjectMeta = Wire<k8s.types.input.meta.v1.ObjectMeta>;

/** The fields of a KEDA ScaledObject that policies read. */
export interface ScaledObject {
  metadata?: ObjectMeta;
  spec?: {
    scaleTargetRef?: { kind?: string; name?: string };
    minReplicaCount?: number;
    maxReplicaCount?: number;
  };
}

/** The Kubernetes types that policies name, and their inputs. */
export interface KubernetesTypes {
  "kubernetes:apps/v1:DaemonSet": Wire<k8s.apps.v1.DaemonSetArgs>;
  "kubernetes:autoscaling/v2:HorizontalPodAutoscaler": Wire<k8s.autoscaling.v2.HorizontalPodAutoscalerArgs>;
  "kubernetes:core/v1:ConfigMap": Wire<k8s.core.v1.ConfigMapArgs>;
  "kubernetes:core/v1:ConfigMapPatch": Wire<k8s.core.v1.ConfigMapPatchArgs>;
  "kubernetes:core/v1:LimitRange": Wire<k8s.core.v1.LimitRangeArgs>;
  "kubernetes:core/v1:Namespace": Wire<k8s.core.v1.NamespaceArgs>;
  "kubernetes:core/v1:ResourceQuota": Wire<k8s.core.v1.ResourceQuotaArgs>;
  "kubernetes:core/v1:Secret": Wire<k8s.core.v1.SecretArgs>;
  "kubernetes:core/v1:Service": Wire<k8s.core.v1.ServiceArgs>;
  "kubernetes:helm.sh/v3:Release": Wire<k8s.helm.v3.ReleaseArgs>;
  "kubernetes:helm.sh/v4:Chart": Wire<k8s.helm.v4.ChartArgs>;
  "kubernetes:keda.sh/v1alpha1:ScaledObject": ScaledObject;
  "kubernetes:networking.k8s.io/v1:Ingress": Wire<k8s.networking.v1.IngressArgs>;
  "kubernetes:networking.k8s.io/v1:NetworkPolicy": Wire<k8s.networking.v1.NetworkPolicyArgs>;
  "kubernetes:policy/v1:PodDisruptionBudget": Wire<k8s.policy.v1.PodDisruptionBudgetArgs>;
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRole": Wire<k8s.rbac.v1.ClusterRoleArgs>;
  "kubernetes:rbac.authorization.k8s.io/v1:ClusterRoleBinding": Wire<k8s.rbac.v1.ClusterRoleBindingArgs>;
  "kubernetes:rbac.authorization.k8s.io/v1:Role": Wire<k8s.rbac.v1.RoleArgs>;
  "kubernetes:rbac.authorization.k8s.io/v1:RoleBinding": Wire<k8s.rbac.v1.RoleBindingArgs>;
  "kubernetes:scheduling.k8s.io/v1:PriorityClass": Wire<k8s.scheduling.v1.PriorityClassArgs>;
  "kubernetes:storage.k8s.io/v1:StorageClass": Wire<k8s.storage.v1.StorageClassArgs>;
  "pulumi:providers:kubernetes": Wire<k8s.ProviderArgs>;
}
