import type { MirrorSettings } from "../../config";

/**
 * Images of others that Plinth runs, each at an exact version and digest: with the charts' own (see the operators'
 * table) they are all that isn't built by the systems. A new version is one line here, the same in every environment;
 * `docker buildx imagetools inspect <image>` prints its digest. All of them run under the `restricted` Pod Security level as
 * the user that stands beside them, with a read-only root.
 */
export const images = {
  /** psql, for the databases' roles and the pre-flight check. Its newest major speaks to all older servers. */
  psql: {
    image:
      "docker.io/library/postgres:17.10-alpine@sha256:742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193",
    user: 70,
  },
  /**
   * pg_dump, and a server that dumps are restored into. At least as new as any server in `config/postgres.ts`, since
   * pg_dump refuses newer ones.
   */
  dump: {
    image:
      "docker.io/library/postgres:18.4-alpine@sha256:9a8afca54e7861fd90fab5fdf4c42477a6b1cb7d293595148e674e0a3181de15",
    user: 70,
  },
  /** The AWS CLI and a shell, for what goes to S3. It has no user of its own: it runs as the one of its pod. */
  aws: {
    image:
      "docker.io/amazon/aws-cli:2.37.5@sha256:fb7ccfc7b4e3a05017e6c9ded4ba959b99af622130e211fb976c68c2f4d3f224",
    user: 70,
  },
  /** curl and a shell, for the smoke test. */
  curl: {
    image:
      "docker.io/curlimages/curl:8.21.0@sha256:7c12af72ceb38b7432ab85e1a265cff6ae58e06f95539d539b654f2cfa64bb13",
    user: 100,
  },
  /** The load test. */
  k6: {
    image:
      "docker.io/grafana/k6:1.7.1@sha256:4fd3a694926b064d3491d9b02b01cde886583c4931f1223816e3d9a7bdfa7e0f",
    user: 12345,
  },
  /** Catches mail where none is sent. It has no user of its own. */
  mailpit: {
    image:
      "docker.io/axllent/mailpit:v1.30.0@sha256:0059ef81e492a7192af3816281eed6859eb078bd7bdc58b76757c13e10e53a7d",
    user: 10001,
  },
} as const satisfies Readonly<Record<string, { readonly image: string; readonly user: number }>>;

/** Docker Hub, as an image names it. */
export const dockerHub = "docker.io";

/** An image by the mirror that stands for its registry; by its own name where none does. */
export function mirrored(image: string, mirrors: MirrorSettings = {}): string {
  const [registry = "", ...path] = image.split("/");
  const mirror = mirrors[registry];
  return mirror === undefined ? image : [mirror, ...path].join("/");
}
