/** Where engines listen, and how a workload reaches a cache, with its password. */

export const postgresPort = 5432;
export const cachePort = 6379;

/** URL of a cache; `rediss` is Redis' protocol over TLS. */
export const cacheUrl = (access: { user: string; password: string; host: string }) =>
  `rediss://${access.user}:${access.password}@${access.host}:${cachePort}`;
