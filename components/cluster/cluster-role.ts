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
}

/**
 * Rights of one service account in the whole cluster: a ClusterRole and its binding, with the names `role` and
 * `binding`.
 *
 * @param parts Parts of the names before those. Default: none.
 */
export function clusterRole(
  parent: Component,
  { name, rules, account, waitsFor }: ClusterRoleArgs,
  ...parts: readonly string[]
): pulumi.Resource[] {
  const options = { ...parent.inside, dependsOn: [...waitsFor] };
  return [
    new k8s.rbac.v1.ClusterRole(
      parent.child(...parts, "role"),
      { metadata: { name }, rules: [...rules] },
      options,
    ),
    new k8s.rbac.v1.ClusterRoleBinding(
      parent.child(...parts, "binding"),
      {
        metadata: { name },
        roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "ClusterRole", name },
        subjects: [{ kind: "ServiceAccount", ...account }],
      },
      options,
    ),
  ];
}
