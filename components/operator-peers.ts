/** Operators whose pods come to the workloads' own: network policies that let them in name them by this. */

/** KEDA's operator, which reads the metrics that it scales by. Source: chart `keda`, 2.20. */
export const kedaOperator = { namespace: "keda", name: "keda-operator" } as const;
