import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { Component } from "../base/component";
import { people } from "../base/people";

type Rule = k8s.types.input.rbac.v1.PolicyRule;

const rule = (group: string, resources: readonly string[], ...verbs: readonly string[]): Rule => ({
  apiGroups: [group],
  resources: [...resources],
  verbs: [...verbs],
});
const read = (group: string, ...resources: string[]) => rule(group, resources, "get", "list", "watch");
const change = (group: string, ...resources: string[]) => rule(group, resources, "patch", "update");

/**
 * Kinds missing from Kubernetes' own `view` role: nodes, volumes, usage, RBAC, and the operators' kinds. With them a
 * viewer, such as the preview role of CI, reads every kind of a stack. None contains a secret; an ExternalSecret only
 * names its entry.
 */
export const viewerRules: readonly Rule[] = [
  read("", "nodes", "persistentvolumes"),
  read("metrics.k8s.io", "nodes", "pods"),
  read("storage.k8s.io", "storageclasses"),
  read("rbac.authorization.k8s.io", "clusterroles", "clusterrolebindings", "roles", "rolebindings"),
  read("admissionregistration.k8s.io", "validatingadmissionpolicies", "validatingadmissionpolicybindings"),
  read("networking.k8s.io", "ingressclasses"),
  read("scheduling.k8s.io", "priorityclasses"),
  read(
    "argoproj.io",
    "rollouts",
    "analysisruns",
    "analysistemplates",
    "clusteranalysistemplates",
    "experiments",
  ),
  read("keda.sh", "scaledobjects", "scaledjobs", "triggerauthentications"),
  read("external-secrets.io", "externalsecrets", "secretstores", "clustersecretstores"),
  read("cert-manager.io", "certificates", "certificaterequests", "issuers"),
  read("jetstream.nats.io", "accounts", "streams", "consumers"),
  read("autoscaling.k8s.io", "verticalpodautoscalers", "verticalpodautoscalercheckpoints"),
  read(
    "monitoring.coreos.com",
    "alertmanagers",
    "podmonitors",
    "prometheuses",
    "prometheusrules",
    "servicemonitors",
  ),
  read("karpenter.sh", "nodepools", "nodeclaims"),
  read("eks.amazonaws.com", "nodeclasses", "ingressclassparams", "targetgroupbindings"),
];

/**
 * Permissions of operators in a system's namespace: restart, scale, promote or abort a release, start a job, debug a
 * pod. They can't read Secrets, nor change policies, RBAC or anything that Pulumi would revert.
 *
 * Anyone who can start a job or open a shell in a pod can act as any service account of that namespace and read its
 * pods' Secrets. So the role is bound only in the systems' namespaces: in an operator's namespace it would have that
 * operator's permissions.
 */
export const operatorRules: readonly Rule[] = [
  rule("", ["pods"], "delete"),
  rule("", ["pods/eviction"], "create"),
  // Newer clients use GET, older ones POST.
  rule("", ["pods/exec", "pods/attach", "pods/portforward"], "get", "create"),
  change("", "pods/ephemeralcontainers"),
  change("", "persistentvolumeclaims"),
  change("apps", "deployments", "deployments/scale", "statefulsets", "statefulsets/scale"),
  rule("batch", ["jobs"], "create", "delete"),
  change("batch", "cronjobs"),
  change("autoscaling", "horizontalpodautoscalers"),
  change("argoproj.io", "rollouts", "rollouts/status", "analysisruns"),
  change("keda.sh", "scaledobjects"),
];

const rbac = "rbac.authorization.k8s.io";
const groupsOf = (...names: readonly string[]) =>
  names.map((name) => ({ apiGroup: rbac, kind: "Group", name }));
const roleRef = (name: string) => ({ apiGroup: rbac, kind: "ClusterRole", name });

/** The roles of operators and viewers. Each system binds the operators' role in its own namespaces. */
export class PeopleRoles extends Component {
  constructor(name: string, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:PeopleRoles", name, opts);
    const { operator, viewer } = people;
    this.role("operator", operator.role, operatorRules);
    this.role("viewer", viewer.role, viewerRules);
    const everybody = groupsOf(operator.group, viewer.group);
    this.everywhere("view", "plinth-view", "view", everybody);
    this.everywhere("viewers", "plinth-viewers", viewer.role, everybody);
    this.registerOutputs();
  }

  private role(key: string, name: string, rules: readonly Rule[]): void {
    new k8s.rbac.v1.ClusterRole(this.child(key), { metadata: { name }, rules: [...rules] }, this.inside);
  }

  private everywhere(key: string, name: string, role: string, subjects: ReturnType<typeof groupsOf>): void {
    new k8s.rbac.v1.ClusterRoleBinding(
      this.child(key, "binding"),
      { metadata: { name }, subjects, roleRef: roleRef(role) },
      this.inside,
    );
  }
}

/** Binds the operators' role in a system's namespace. */
export function operatorBinding(
  parent: Component,
  key: string,
  namespace: { readonly name: string; readonly resource: pulumi.Resource },
): void {
  const { group, role } = people.operator;
  new k8s.rbac.v1.RoleBinding(
    parent.child(key),
    {
      metadata: { name: group, namespace: namespace.name },
      subjects: groupsOf(group),
      roleRef: roleRef(role),
    },
    { ...parent.inside, dependsOn: [namespace.resource] },
  );
}
