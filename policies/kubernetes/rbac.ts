import type { Policies } from "@pulumi/policy";
import { bindings, roles } from "../../standards/objects";
import { noneOf } from "../../standards/tests";
import { must } from "../lib/must";
import { onObjects } from "./standard";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";
const isRole = (type: string) => type === `${rbac}:Role` || type === `${rbac}:ClusterRole`;
const isBinding = (type: string) => type === `${rbac}:RoleBinding` || type === `${rbac}:ClusterRoleBinding`;
const url = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";

/** Policies for RBAC. */
export const rbacRules: Policies = [
  onObjects(isRole, roles, {
    name: "k8s-rbac-no-wildcard",
    description: "RBAC roles must not use wildcards.",
    severity: "high",
    remediation: "List the required verbs, resources and API groups.",
    url,
  }),
  onObjects(isRole, roles, {
    name: "k8s-rbac-no-escalation",
    description: "RBAC roles must not allow privilege escalation.",
    severity: "critical",
    remediation:
      "Remove the verbs escalate, bind and impersonate, and the resources nodes/proxy, serviceaccounts/token, certificatesigningrequests/approval, validatingwebhookconfigurations and mutatingwebhookconfigurations.",
    url,
  }),
  must(
    [`${rbac}:ClusterRole`],
    {
      name: "k8s-rbac-secrets-by-namespace",
      description: "ClusterRoles must not grant access to Secrets.",
      severity: "high",
      remediation: "Use a Role in the namespace of the Secrets.",
      url,
    },
    [["rules[].resources", noneOf("secrets")]],
  ),
  onObjects(isBinding, bindings, {
    name: "k8s-rbac-no-cluster-admin",
    description: "RBAC bindings must not refer to the role cluster-admin.",
    severity: "critical",
    remediation: "Bind a role with fewer permissions. Administrators have an EKS access entry.",
    url,
  }),
  onObjects(isBinding, bindings, {
    name: "k8s-rbac-no-anonymous",
    description: "RBAC bindings must not include anonymous users, or groups that include all users.",
    severity: "critical",
    remediation:
      "Remove system:anonymous, system:unauthenticated, system:authenticated, system:serviceaccounts and system:masters from subjects.",
    url,
  }),
];
