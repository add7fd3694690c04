import type { Policies } from "@pulumi/policy";
import { type KnownTypes, onTypes } from "../lib/control";
import { each, shown } from "../lib/wire";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";
const isRole = (type: string) => type === `${rbac}:Role` || type === `${rbac}:ClusterRole`;
const isBinding = (type: string) => type === `${rbac}:RoleBinding` || type === `${rbac}:ClusterRoleBinding`;
const nobody = new Set(["system:anonymous", "system:unauthenticated"]);
const url = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";

/** Who may do what through the Kubernetes API. */
export const rbacRules: Policies = [
  onTypes<KnownTypes["kubernetes:rbac.authorization.k8s.io/v1:ClusterRole"]>(
    isRole,
    {
      name: "k8s-rbac-no-wildcard",
      description: "No role grants every verb or every resource.",
      severity: "high",
      remediation: "List the verbs and resources that are needed.",
      url,
    },
    (role, { report }) =>
      each(role.rules, (rule, index) =>
        each(["verbs", "resources"] as const, (field) => {
          if (rule[field]?.includes("*")) report(`rules[${index}].${field} has "*"; name each one.`);
        }),
      ),
  ),
  onTypes<KnownTypes["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"]>(
    isBinding,
    {
      name: "k8s-rbac-no-cluster-admin",
      description: "Nobody is bound to cluster-admin inside the cluster.",
      severity: "critical",
      remediation: "Bind a role of its own; people who administer the cluster have an EKS access entry.",
      url,
    },
    (binding, { report }) => {
      if (binding.roleRef?.name !== "cluster-admin") return;
      const subjects = binding.subjects?.map(({ kind, name }) => `${kind} ${name}`) ?? [];
      report(`cluster-admin is bound to ${shown(subjects)}.`);
    },
  ),
  onTypes<KnownTypes["kubernetes:rbac.authorization.k8s.io/v1:RoleBinding"]>(
    isBinding,
    {
      name: "k8s-rbac-no-anonymous",
      description: "No role is bound to whoever has not logged in.",
      severity: "critical",
      remediation: "Remove system:anonymous and system:unauthenticated from the binding's subjects.",
      url,
    },
    (binding, { report }) =>
      each(binding.subjects, (subject) => {
        if (nobody.has(subject.name ?? "")) report(`a subject is ${shown(subject.name)}.`);
      }),
  ),
];
