/** Names of what stands beside a workload's own Service while a version comes in. */

/** Leads to the new version before it is switched to. */
export const previewService = (service: string): string => `${service}-preview`;
/** Leads to the version that comes in; to the one that serves while none does. */
export const canaryService = (service: string): string => `${service}-canary`;

/** The one Ingress of a name space. */
export const ingressName = (namespace: string): string => `${namespace}-ingress`;
