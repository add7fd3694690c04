/**
 * The one workload that sees the nodes' own files: the log collector reads what containers write, which belongs to root,
 * and keeps its queue where an update doesn't delete it. Its namespace is `privileged`, since Pod Security knows no level
 * between that admits host paths; everything else of `restricted` applies to it, and it contains nothing else.
 */
export const hostReader = {
  namespace: "telemetry-nodes",
  workload: "otel-agent",
  kind: "DaemonSet",
  /** Host paths, and whether the container may only read them. */
  paths: { "/var/log/pods": { readOnly: true }, "/var/lib/plinth-otel": { readOnly: false } },
  /** Rules of the standard that it doesn't keep. */
  rules: ["k8s-volume-types", "k8s-run-as-non-root", "k8s-no-root-user"],
} as const;
