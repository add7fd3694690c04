import { ask, cluster, type Question } from "./rbac-table";

/** A command in the documents, and the requests that it makes to the API server. */
export interface Runbook {
  /** Beginning of the command. */
  command: string;
  asks: readonly Question[];
  /** Who runs it: someone who operates the workloads, or who administers the cluster. */
  who: "operator" | "administrator";
}

const read = (resource: string, group = "") => [ask("get", resource, group), ask("list", resource, group)];
const everywhere = (resource: string, group = "") => read(resource, group).map(cluster);
const argo = "argoproj.io";
const restart = [ask("get", "deployments", "apps"), ask("patch", "deployments", "apps")];
/** `kubectl argo rollouts` changes the rollout or its status. */
const release = [
  ask("get", "rollouts", argo),
  ask("patch", "rollouts", argo),
  ask("patch", "rollouts/status", argo),
];

/** Every `kubectl` command in the documents. */
export const RUNBOOKS: readonly Runbook[] = [
  { command: "kubectl rollout restart", asks: restart, who: "operator" },
  { command: "kubectl --namespace ams rollout restart", asks: restart, who: "operator" },
  {
    command: "kubectl rollout status",
    asks: [...read("deployments", "apps"), ask("watch", "deployments", "apps")],
    who: "operator",
  },
  { command: "kubectl rollout undo", asks: [...restart, ...read("replicasets", "apps")], who: "operator" },
  {
    command: "kubectl --namespace ams get rollouts,deployments",
    asks: [...read("rollouts", argo), ...read("deployments", "apps")],
    who: "operator",
  },
  {
    command: "kubectl --namespace asset-management patch rollout",
    asks: [ask("get", "rollouts", argo), ask("patch", "rollouts", argo)],
    who: "operator",
  },
  { command: "kubectl get rollout ", asks: read("rollouts", argo), who: "operator" },
  { command: "kubectl argo rollouts restart", asks: release, who: "operator" },
  {
    command: "kubectl describe analysisrun",
    asks: [ask("get", "analysisruns", argo), ask("list", "events")],
    who: "operator",
  },
  {
    command: "kubectl get externalsecrets -A",
    asks: everywhere("externalsecrets", "external-secrets.io"),
    who: "operator",
  },
  {
    command: "kubectl logs -n reloader",
    asks: [ask("list", "pods"), ask("get", "pods/log")].map(cluster),
    who: "operator",
  },
  { command: "kubectl --namespace ams get jobs", asks: read("jobs", "batch"), who: "operator" },
  { command: "kubectl --namespace ams get pods", asks: read("pods"), who: "operator" },
  { command: "kubectl --namespace ams get configmaps", asks: read("configmaps"), who: "operator" },
  {
    command: "kubectl --namespace ams logs",
    asks: [ask("get", "jobs", "batch"), ask("list", "pods"), ask("get", "pods/log")],
    who: "operator",
  },
  {
    command: "kubectl --namespace ams create job --from=cronjob/",
    asks: [ask("get", "cronjobs", "batch"), ask("create", "jobs", "batch")],
    who: "operator",
  },
  {
    command: "kubectl --namespace opmas-core create job ",
    asks: [ask("get", "cronjobs", "batch"), ask("create", "jobs", "batch")],
    who: "operator",
  },
  { command: "kubectl --namespace opmas-core get jobs", asks: read("jobs", "batch"), who: "operator" },
  {
    command: "kubectl --namespace opmas-core logs",
    asks: [ask("get", "jobs", "batch"), ask("list", "pods"), ask("get", "pods/log")],
    who: "operator",
  },
  {
    command: "kubectl --namespace opmas-core get streams,consumers",
    asks: [...read("streams", "jetstream.nats.io"), ...read("consumers", "jetstream.nats.io")],
    who: "operator",
  },
  // It makes no request.
  { command: "kubectl set env --local", asks: [], who: "operator" },
  { command: "kubectl create --filename -", asks: [ask("create", "jobs", "batch")], who: "operator" },
  {
    command: "kubectl --namespace nack scale deployment",
    asks: [ask("list", "deployments", "apps"), ask("patch", "deployments/scale", "apps")],
    who: "administrator",
  },
  {
    command: "kubectl argo rollouts get",
    asks: [
      ...["rollouts", "analysisruns", "experiments"].flatMap((kind) => [
        ...read(kind, argo),
        ask("watch", kind, argo),
      ]),
      ...[ask("watch", "replicasets", "apps"), ask("watch", "pods"), ask("watch", "jobs", "batch")],
    ],
    who: "operator",
  },
  { command: "kubectl argo rollouts promote", asks: release, who: "operator" },
  { command: "kubectl argo rollouts abort", asks: release, who: "operator" },
  {
    command: "kubectl argo rollouts undo",
    asks: [...release, ...read("replicasets", "apps")],
    who: "operator",
  },
  { command: "kubectl get analysisrun", asks: read("analysisruns", argo), who: "operator" },
  {
    command: "kubectl get hpa,scaledobject -A",
    asks: [
      ...everywhere("horizontalpodautoscalers", "autoscaling"),
      ...everywhere("scaledobjects", "keda.sh"),
    ],
    who: "operator",
  },
  {
    command: "kubectl describe scaledobject",
    asks: [ask("get", "scaledobjects", "keda.sh"), ask("list", "events")],
    who: "operator",
  },
  {
    command: "kubectl annotate hpa",
    asks: [ask("patch", "horizontalpodautoscalers", "autoscaling")],
    who: "operator",
  },
  {
    command: "kubectl describe vpa",
    asks: [ask("get", "verticalpodautoscalers", "autoscaling.k8s.io")],
    who: "operator",
  },
  { command: "kubectl patch pvc", asks: [ask("patch", "persistentvolumeclaims")], who: "operator" },
  {
    command: "kubectl get prometheus",
    asks: everywhere("prometheuses", "monitoring.coreos.com"),
    who: "operator",
  },
  {
    command: "kubectl debug",
    asks: [ask("patch", "pods/ephemeralcontainers"), ask("create", "pods/attach")],
    who: "operator",
  },
  {
    command: "kubectl delete statefulset",
    asks: [ask("delete", "statefulsets", "apps")],
    who: "administrator",
  },
  { command: "kubectl --namespace ams annotate externalsecret", asks: [], who: "administrator" },
  { command: "kubectl apply --filename", asks: [], who: "administrator" },
  { command: "kubectl get policyendpoints", asks: [], who: "administrator" },
  { command: "kubectl create configmap amazon-vpc-cni", asks: [], who: "administrator" },
  { command: "kubectl apply --server-side", asks: [], who: "administrator" },
  { command: "kubectl get pvc -n monitoring", asks: [], who: "administrator" },
  { command: "kubectl patch -n monitoring", asks: [], who: "administrator" },
  { command: "kubectl port-forward -n monitoring", asks: [], who: "administrator" },
  { command: "kubectl port-forward -n telemetry", asks: [], who: "administrator" },
  { command: "kubectl get nodes", asks: [], who: "administrator" },
  { command: "kubectl drain", asks: [], who: "administrator" },
  { command: "kubectl get pods --all-namespaces", asks: [], who: "administrator" },
  { command: "kubectl create --filename object.json", asks: [], who: "administrator" },
  { command: "kubectl --namespace configuration-backup", asks: [], who: "administrator" },
  { command: "kubectl logs -n telemetry-nodes", asks: [], who: "administrator" },
];

/** Requests in a system's namespace that would let operators gain other permissions. */
const secretsAndRights: readonly Question[] = [
  ...["get", "list", "watch", "create", "patch"].map((verb) => ask(verb, "secrets")),
  ...["secretstores", "externalsecrets"].flatMap((kind) =>
    ["create", "patch", "delete"].map((verb) => ask(verb, kind, "external-secrets.io")),
  ),
  ...["create", "patch"].flatMap((verb) => [
    cluster(ask(verb, "clustersecretstores", "external-secrets.io")),
    cluster(ask(verb, "clusterexternalsecrets", "external-secrets.io")),
  ]),
  ask("create", "serviceaccounts"),
  ask("create", "serviceaccounts/token"),
  ask("impersonate", "serviceaccounts"),
  cluster(ask("impersonate", "groups")),
  ...["create", "patch", "escalate", "bind"].map((verb) => ask(verb, "roles", "rbac.authorization.k8s.io")),
  cluster(ask("bind", "clusterroles", "rbac.authorization.k8s.io")),
  ask("patch", "networkpolicies", "networking.k8s.io"),
  ask("patch", "configmaps"),
  ask("create", "ingresses", "networking.k8s.io"),
];

/** Requests in the cluster operators' namespaces that would give operators the permissions of those programs. */
const insideOperators: readonly Question[] = [
  ask("create", "pods"),
  ask("delete", "pods"),
  ...["pods/exec", "pods/attach", "pods/portforward"].flatMap((what) => [
    ask("get", what),
    ask("create", what),
  ]),
  ask("patch", "pods/ephemeralcontainers"),
  ask("patch", "deployments", "apps"),
  ask("create", "jobs", "batch"),
  ask("get", "secrets"),
  ask("list", "secrets"),
];

export const FORBIDDEN = { secretsAndRights, insideOperators } as const;
