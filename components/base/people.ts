/**
 * People below the administrators, as the cluster knows them: the group that an access entry puts them into, and the
 * ClusterRole that says what the group may do.
 */
export const people = {
  /** They run the systems' workloads, in the systems' namespaces alone. */
  operator: { group: "plinth-operators", role: "plinth-operator" },
  /** They look at everything but Secrets. Operators do, too. */
  viewer: { group: "plinth-viewers", role: "plinth-viewer" },
} as const;
