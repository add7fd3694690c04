/** Names of the additional Services of a workload during a release. */

/** Selects the new version's pods during a release, otherwise none. */
export const previewService = (service: string): string => `${service}-preview`;

/** The two Services that the load balancer weights: one selects the serving version, the other the new one. */
export const pingService = (service: string): string => `${service}-ping`;
export const pongService = (service: string): string => `${service}-pong`;

/** Label that the pods of a new version have until it serves. */
export const incoming = { "plinth/release": "incoming" } as const;

/** The one Ingress of a namespace. */
export const ingressName = (namespace: string): string => `${namespace}-ingress`;
