/**
 * The only workload with access to the nodes' file system: the log collector reads the containers' logs, which root
 * owns, and keeps its queue where an update doesn't delete it. Its namespace is `privileged`, the only Pod Security
 * level that allows host paths. All other rules of `restricted` apply to it, and the namespace contains nothing else.
 */
export const hostReader = {
  namespace: "telemetry-nodes",
  workload: "otel-agent",
  kind: "DaemonSet",
  /** Host paths, and whether the container may only read them. */
  paths: { "/var/log/pods": { readOnly: true }, "/var/lib/plinth-otel": { readOnly: false } },
  /** Rules of the standard that it can't meet. */
  rules: ["k8s-volume-types", "k8s-run-as-non-root", "k8s-no-root-user"],
} as const;
