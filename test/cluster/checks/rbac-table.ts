import type { Access } from "../facts";

/** One access review, for one namespace. */
export interface Question {
  verb: string;
  /** API group, empty for the core. */
  group: string;
  resource: string;
  subresource?: string;
  /** Whether it is about the whole cluster instead of a namespace. */
  clusterWide?: true;
}

/** Allowed and denied requests. Requests that aren't listed aren't tested. */
export interface Powers {
  can: readonly Question[];
  cannot: readonly Question[];
}

export const ask = (verb: string, resource: string, group = ""): Question => {
  const [name = "", subresource] = resource.split("/");
  return { verb, group, resource: name, ...(subresource !== undefined && { subresource }) };
};
export const cluster = (question: Question): Question => ({ ...question, clusterWide: true });

const readPods = [ask("list", "pods"), ask("get", "pods/log"), ask("list", "events")];
const changeWork = [
  ask("patch", "deployments", "apps"),
  ask("patch", "deployments/scale", "apps"),
  ask("delete", "pods"),
  ask("create", "jobs", "batch"),
];
const rule = "rbac.authorization.k8s.io";
const ruleTheCluster = [
  cluster(ask("create", "clusterrolebindings", rule)),
  cluster(ask("escalate", "clusterroles", rule)),
  cluster(ask("create", "namespaces")),
  cluster(ask("delete", "nodes")),
];
const changeGuards = [
  ask("create", "rolebindings", rule),
  ask("patch", "resourcequotas"),
  ask("patch", "limitranges"),
  cluster(ask("patch", "namespaces")),
];

/** Purpose of each role of requirement K8S-1: admin administers, operator runs the workloads, viewer reads. */
export const ROLE_POWERS: Record<Access["role"], Powers> = {
  admin: {
    can: [...readPods, ...changeWork, ...changeGuards, ...ruleTheCluster, ask("get", "secrets")],
    cannot: [],
  },
  operator: { can: [...readPods, ...changeWork], cannot: [...changeGuards, ...ruleTheCluster] },
  viewer: {
    can: [
      ...readPods,
      ask("list", "deployments", "apps"),
      ask("get", "configmaps"),
      // As a refresh by the preview role does.
      cluster(ask("get", "clusterroles", rule)),
      cluster(ask("get", "validatingadmissionpolicies", "admissionregistration.k8s.io")),
    ],
    cannot: [
      ...changeWork,
      ...changeGuards,
      ...ruleTheCluster,
      ask("get", "secrets"),
      ask("list", "secrets"),
      ask("create", "pods"),
      ask("create", "pods/exec"),
      ask("create", "pods/portforward"),
    ],
  },
};

const theirs = (powers: Powers, allowed: readonly Question[]): Powers => ({
  can: [...powers.can, ...allowed],
  cannot: powers.cannot.filter(
    (denied) => !allowed.some(({ verb, resource }) => verb === denied.verb && resource === denied.resource),
  ),
});

/** No workload uses the API server: a service account may only review its own access. */
export const SERVICE_ACCOUNT_POWERS: Powers = {
  can: [cluster(ask("create", "selfsubjectaccessreviews", "authorization.k8s.io"))],
  cannot: [
    ...readPods,
    ...changeWork,
    ...changeGuards,
    ...ruleTheCluster,
    ask("get", "secrets"),
    ask("list", "secrets"),
    ask("get", "configmaps"),
    ask("create", "pods"),
    ask("create", "pods/exec"),
    ask("create", "serviceaccounts/token"),
    ask("impersonate", "serviceaccounts"),
    cluster(ask("impersonate", "users")),
  ],
};

/**
 * Service accounts that use the API server, by namespace and name: the configuration backup lists objects, but Secrets;
 * the log collector adds pods' names and labels.
 */
export const ACCOUNTS_WITH_POWERS: Readonly<Record<string, Powers>> = {
  "configuration-backup/configuration-backup": {
    can: [
      ...SERVICE_ACCOUNT_POWERS.can,
      cluster(ask("list", "configmaps")),
      cluster(ask("list", "deployments", "apps")),
      cluster(ask("list", "pods")),
    ],
    cannot: SERVICE_ACCOUNT_POWERS.cannot.filter(
      ({ verb, resource }) => verb !== "list" || resource !== "pods",
    ),
  },
  "telemetry-nodes/otel-agent": theirs(SERVICE_ACCOUNT_POWERS, [ask("list", "pods")]),
};

/** The equivalent ClusterRole of an EKS access policy. Source: EKS user guide, access policy permissions. */
export const CLUSTER_ROLES: Record<string, string> = {
  AmazonEKSClusterAdminPolicy: "cluster-admin",
  AmazonEKSAdminPolicy: "admin",
  AmazonEKSEditPolicy: "edit",
  AmazonEKSViewPolicy: "view",
};
