import type { Policies } from "@pulumi/policy";
import { bindings, roles } from "../../standards/objects";
import { noneOf } from "../../standards/tests";
import { must } from "../lib/must";
import { onObjects } from "./standard";

const rbac = "kubernetes:rbac.authorization.k8s.io/v1";
const isRole = (type: string) => type === `${rbac}:Role` || type === `${rbac}:ClusterRole`;
const isBinding = (type: string) => type === `${rbac}:RoleBinding` || type === `${rbac}:ClusterRoleBinding`;
const url = "https://kubernetes.io/docs/concepts/security/rbac-good-practices/";

/** Rules on RBAC. */
export const rbacRules: Policies = [
  onObjects(isRole, roles, {
    name: "k8s-rbac-no-wildcard",
    description: "No role grants every verb, every resource or every API group.",
    severity: "high",
    remediation: "List the verbs, resources and API groups that are needed.",
    url,
  }),
  onObjects(isRole, roles, {
    name: "k8s-rbac-no-escalation",
    description: "No role lets its subjects escalate, impersonate others or bypass the API server.",
    severity: "critical",
    remediation:
      "Remove the verbs escalate, bind and impersonate, and the resources nodes/proxy, serviceaccounts/token, certificatesigningrequests/approval and the webhook configurations.",
    url,
  }),
  must(
    [`${rbac}:ClusterRole`],
    {
      name: "k8s-rbac-secrets-by-namespace",
      description: "No ClusterRole reads Secrets: it could be bound for the whole cluster.",
      severity: "high",
      remediation: "Grant access to Secrets by a Role in the namespace that has them.",
      url,
    },
    [["rules[].resources", noneOf("secrets")]],
  ),
  onObjects(isBinding, bindings, {
    name: "k8s-rbac-no-cluster-admin",
    description: "Nobody is bound to cluster-admin by RBAC.",
    severity: "critical",
    remediation: "Bind a narrower role; administrators have an EKS access entry.",
    url,
  }),
  onObjects(isBinding, bindings, {
    name: "k8s-rbac-no-anonymous",
    description: "No role is bound to everyone, or to people who have not logged in.",
    severity: "critical",
    remediation:
      "Remove system:anonymous, system:unauthenticated and the groups of everyone (system:authenticated, system:serviceaccounts, system:masters) from the subjects.",
    url,
  }),
];
