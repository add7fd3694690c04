import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";

import type { Component } from "../base/component";

/** Namespace and service account of Reloader. */
export const reloaderAccount = { namespace: "reloader", name: "reloader" } as const;

/** The Secret that a workload's pods read. */
export interface ReadSecret {
  readonly name: string;
  /** The Secret. */
  readonly resource: pulumi.Resource;
  /** Digest of its sources, as far as Pulumi knows them: a new digest is a new version of the workload. */
  readonly digest: pulumi.Output<string>;
}

/**
 * Has Reloader restart a workload when one of these Secrets changes outside Pulumi: after a rotation, or when
 * cert-manager renews a certificate. The Rollouts controller replaces a Rollout's pods (`restartAt`) a few at a time,
 * within the disruption budget: a new password isn't a new version, so no canary runs.
 */
export function restartedBy(...secrets: readonly (string | undefined)[]): Record<string, string> {
  const read = secrets.filter((secret) => secret !== undefined);
  if (read.length === 0) return {};
  return {
    "secret.reloader.stakater.com/reload": read.join(","),
    "reloader.stakater.com/rollout-strategy": "restart",
  };
}

type Rule = k8s.types.input.rbac.v1.PolicyRule;

const watchSecrets: Rule = { apiGroups: [""], resources: ["secrets"], verbs: ["get", "list", "watch"] };

/** Reloader's permissions in a namespace that it watches. */
const inNamespace: Rule[] = [
  watchSecrets,
  { apiGroups: ["apps"], resources: ["deployments"], verbs: ["get", "list", "update", "patch"] },
  // It lists them on every change, although there are none.
  { apiGroups: ["apps"], resources: ["daemonsets", "statefulsets"], verbs: ["list"] },
  { apiGroups: ["argoproj.io"], resources: ["rollouts"], verbs: ["get", "list", "update", "patch"] },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** Its permissions in its own namespace, which it always watches: leader election, and reporting its version. */
const atHome: Rule[] = [
  watchSecrets,
  { apiGroups: ["coordination.k8s.io"], resources: ["leases"], verbs: ["get", "create", "update"] },
  {
    apiGroups: [""],
    resources: ["configmaps"],
    verbs: ["get", "list", "watch", "create", "update"],
  },
  { apiGroups: [""], resources: ["events"], verbs: ["create", "patch"] },
];

/** Lets Reloader restart workloads that read a Secret in this namespace, or work in its own. */
export function reloaderRights(
  parent: Component,
  key: string,
  { name: namespace, resource }: { readonly name: string; readonly resource: pulumi.Resource },
): pulumi.Resource {
  const metadata = { name: "reloader", namespace, labels: { "app.kubernetes.io/managed-by": "pulumi" } };
  const rules = namespace === reloaderAccount.namespace ? atHome : inNamespace;
  const role = new k8s.rbac.v1.Role(
    parent.child(key, "role"),
    { metadata, rules },
    { ...parent.inside, dependsOn: [resource] },
  );
  return new k8s.rbac.v1.RoleBinding(
    parent.child(key, "binding"),
    {
      metadata,
      roleRef: { apiGroup: "rbac.authorization.k8s.io", kind: "Role", name: metadata.name },
      subjects: [{ kind: "ServiceAccount", ...reloaderAccount }],
    },
    { ...parent.inside, dependsOn: [role] },
  );
}
