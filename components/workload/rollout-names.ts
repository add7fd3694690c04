/** Names of what stands beside a workload's own Service while a version comes in. */

/** Leads to the version that comes in, and to nothing while none does. */
export const previewService = (service: string): string => `${service}-preview`;

/** The two that the load balancer weighs: one leads to the version that serves, the other to the one that comes in. */
export const pingService = (service: string): string => `${service}-ping`;
export const pongService = (service: string): string => `${service}-pong`;

/** Label that the pods of a new version have until it serves. */
export const incoming = { "plinth/release": "incoming" } as const;

/** The one Ingress of a namespace. */
export const ingressName = (namespace: string): string => `${namespace}-ingress`;
