import { like, type Test, unlike } from "./tests";

/** Third-party images in the systems' namespaces: registry and repository, without tag or digest. */
export const thirdPartyImages = [
  "docker.io/amazon/aws-cli",
  "docker.io/axllent/mailpit",
  "docker.io/curlimages/curl",
  "docker.io/grafana/k6",
  "docker.io/jaegertracing/jaeger",
  "docker.io/library/nats",
  "docker.io/library/postgres",
  "docker.io/natsio/nats-box",
  "docker.io/natsio/nats-server-config-reloader",
  "docker.io/natsio/prometheus-nats-exporter",
  "docker.io/otel/opentelemetry-collector-contrib",
  "docker.io/prometheuscommunity/postgres-exporter",
  "public.ecr.aws/aws-observability/aws-sigv4-proxy",
];

/** Any account's registry; `aws-own-account-only` checks which account. */
export const anyAccount = String.raw`\d{12}`;

const quoted = (text: string) => text.replace(/[.+*?^${}()|[\]\\]/g, String.raw`\$&`);

/** An image of the registry of `account` (a pattern), or one of `images`; an entry that ends in `/` is a prefix. */
export function known(account: string, images: readonly string[]): Test {
  const own = String.raw`${account}\.dkr\.ecr\.[a-z0-9-]+\.amazonaws\.com/`;
  const others = images.map((image) => `${quoted(image)}${image.endsWith("/") ? "" : "([:@]|$)"}`);
  return like(
    new RegExp(`^(${[own, ...others].join("|")})`),
    "from the account's registry or the list of third-party images",
  );
}

/** A version tag or a digest: `registry:5000/name:tag`, `name@sha256:…`. */
export const pinned: readonly Test[] = [
  like(
    /^[^@\s]+(:[A-Za-z0-9_][A-Za-z0-9_.-]*|@sha256:[0-9a-f]{64})$/,
    "pinned to a version tag or a sha256 digest",
  ),
  unlike(/:latest$/, "pinned to a tag other than latest"),
];
