import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";

export interface ClusterRoleArgs {
  readonly name: string;
  readonly rules: readonly k8s.types.input.rbac.v1.PolicyRule[];
  /** The service account that gets the role. */
  readonly account: { readonly name: string; readonly namespace: string };
  /** The service account's namespace. */
  readonly waitsFor: readonly pulumi.Resource[];
  /** What the role waits for. Default: the same as its binding. */
  readonly roleWaitsFor?: readonly pulumi.Resource[];
}

/**
 * Rights of one service account in the whole cluster: a ClusterRole and its binding, with the names `role` and
 * `binding`.
 *
 * @param parts Parts of the names before those. Default: none.
 */
export function clusterRole(
  parent: Component,
  { name, rules, account, waitsFor, roleWaitsFor = waitsFor }: ClusterRoleArgs,
  ...parts: readonly string[]
): pulumi.Resource[] {
  return [
    new k8s.rbac.v1.ClusterRole(
      parent.child(...parts, "role"),
      { metadata: { name }, rules: [...rules] },
      { ...parent.inside, dependsOn: [...roleWaitsFor] },
    ),
    new k8s.rbac.v1.ClusterRoleBinding(
      parent.child(...parts, "binding"),
      {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", ...account }],
      },
      { ...parent.inside, dependsOn: [...waitsFor] },
    ),
  ];
}
