import type { MirrorSettings } from "../../config";

/**
 * Third-party images that Plinth runs, each pinned to a version and digest. Besides these and the charts' images (see
 * the operators' table), all images are built by the systems. A new version is one line here, for every environment;
 * `docker buildx imagetools inspect <image>` prints its digest. All but the nodes' log collector run under the `restricted`
 * Pod Security level as the user given here, with a read-only root.
 */
export const images = {
  /** psql, for the databases' roles and the pre-flight check. Its newest major version works with all older servers. */
  psql: {
    image:
      "docker.io/library/postgres:17.10-alpine@sha256:742f40ea20b9ff2ff31db5458d127452988a2164df9e17441e191f3b72252193",
    user: 70,
  },
  /**
   * pg_dump, and a server that dumps are restored into. At least as new as any server in `config/stores/postgres.ts`, since
   * pg_dump refuses newer ones.
   */
  dump: {
    image:
      "docker.io/library/postgres:18.4-alpine@sha256:9a8afca54e7861fd90fab5fdf4c42477a6b1cb7d293595148e674e0a3181de15",
    user: 70,
  },
  /** The AWS CLI and a shell, for transfers to and from S3. The image sets no user: it runs as its pod's user. */
  aws: {
    image:
      "docker.io/amazon/aws-cli:2.37.5@sha256:fb7ccfc7b4e3a05017e6c9ded4ba959b99af622130e211fb976c68c2f4d3f224",
    user: 70,
  },
  /**
   * The NATS CLI and a shell, for snapshots of streams. The image runs as root by default, which nothing here needs.
   */
  nats: {
    image:
      "docker.io/natsio/nats-box:0.19.7@sha256:ffce8bd103383f179f8c7f11cf645726acf5d17280706c530c3b342dbe16334c",
    user: 1000,
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
  /** Catches mail in environments that send none. The image sets no user. */
  mailpit: {
    image:
      "docker.io/axllent/mailpit:v1.30.0@sha256:0059ef81e492a7192af3816281eed6859eb078bd7bdc58b76757c13e10e53a7d",
    user: 10001,
  },
  /** Exports a database's statistics to Prometheus. */
  postgresExporter: {
    image:
      "docker.io/prometheuscommunity/postgres-exporter:v0.19.1@sha256:e96064f876226d94bb6ce48a4c4b3dd76edba91168ec1ab024e5c4b959310b0f",
    user: 65534,
  },
  /** Signs requests to AWS with its pod's role. The image contains only the program. */
  signer: {
    image:
      "public.ecr.aws/aws-observability/aws-sigv4-proxy:1.11.1@sha256:34bbec3cb98403d3e040ec1dadb53bb02285f70d2f0ead2d16435fd30980abaa",
    user: 65534,
  },
  /** The OpenTelemetry collector, with all components of the project. On the nodes it is root: see docs/decisions.md. */
  collector: {
    image:
      "docker.io/otel/opentelemetry-collector-contrib:0.159.0@sha256:1f2c54a30e713fac6b3ae77a1ec84010c2007e29ced8ec666214fc2f6739c1cc",
    user: 10001,
  },
  /** Jaeger 2, which keeps and shows traces. Not 2.21, which no longer has the API that Grafana's data source calls. */
  jaeger: {
    image:
      "docker.io/jaegertracing/jaeger:2.20.0@sha256:46a886260e04002d8f45e213fc39063fa11a50446048fdaa64786fc0840cb9f8",
    user: 10001,
  },
} as const satisfies Readonly<Record<string, { readonly image: string; readonly user: number }>>;

/** Docker Hub's host in image names. */
export const dockerHub = "docker.io";

/** The image's name in the mirror of its registry. Without a mirror: the image's own name. */
export function mirrored(image: string, mirrors: MirrorSettings = {}): string {
  const [registry = "", ...path] = image.split("/");
  const mirror = mirrors[registry];
  return mirror === undefined ? image : [mirror, ...path].join("/");
}
