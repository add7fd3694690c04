/**
 * Cluster users without administrator rights: the group that an access entry assigns, and the ClusterRole bound to it.
 */
export const people = {
  /** Operate workloads, only in the systems' namespaces. */
  operator: { group: "plinth-operators", role: "plinth-operator" },
  /** Read everything but Secrets. Operators have this role, too. */
  viewer: { group: "plinth-viewers", role: "plinth-viewer" },
} as const;
