import * as k8s from "@pulumi/kubernetes";
import type { Component } from "../base/component";

/**
 * Enables the network policy controller; without it policies are accepted but not enforced. EKS may have created the
 * object already, and creating an existing one is an error: a patch works in both cases. It is forced, so no other
 * field manager can disable the controller. Source: EKS user guide, network policies with EKS Auto Mode.
 *
 * It is retained until the cluster is deleted: deleting a patch removes its fields, and since nothing depends on it,
 * `destroy` would start with it. Without the controller nothing removes its finalizer from the policies, and they and
 * their namespaces would never be deleted. Source: amazon-network-policy-controller-k8s,
 * `internal/controllers/policy_controller.go`.
 */
export function networkPolicyController(parent: Component, key: string): void {
  new k8s.core.v1.ConfigMapPatch(
    parent.child(key),
    {
      metadata: {
        name: "amazon-vpc-cni",
        namespace: "kube-system",
        annotations: { "pulumi.com/patchForce": "true" },
      },
      data: { "enable-network-policy-controller": "true" },
    },
    { ...parent.inside, retainOnDelete: true },
  );
}
