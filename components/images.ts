/**
 * Images of others that Plinth runs, each at an exact version: with the charts' own (see the operators' table) they
 * are all that isn't built by the systems. A new version is one line here, the same in every environment. All of them
 * run under the `restricted` Pod Security level as the user that stands beside them, with a read-only root.
 */
export const images = {
  /** psql, for the databases' roles and the pre-flight check. Its newest major speaks to all older servers. */
  psql: { image: "docker.io/library/postgres:17.10-alpine", user: 70 },
  /** curl and a shell, for the smoke test. */
  curl: { image: "docker.io/curlimages/curl:8.21.0", user: 100 },
  /** The load test. */
  k6: { image: "docker.io/grafana/k6:1.7.1", user: 12345 },
  /** Catches mail where none is sent. It has no user of its own. */
  mailpit: { image: "docker.io/axllent/mailpit:v1.27.0", user: 10001 },
} as const satisfies Readonly<Record<string, { readonly image: string; readonly user: number }>>;
