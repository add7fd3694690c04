import type { PostgresSettings } from "../config";
import type { CacheSettings } from "../config";
import { images as shared } from "../components/base/images";

/**
 * Images that only the local tier runs, each at an exact version. Those that the cluster runs, too, come from
 * `components/base/images.ts`.
 */
export const images = {
  ...{ psql: shared.psql.image, curl: shared.curl.image, mailpit: shared.mailpit.image },
  /** A shell and openssl: makes the certificates. */
  openssl: "docker.io/alpine/openssl:3.5.8",
  /** The reverse proxy: the version that `tools/caddy/go.mod` builds for the tests. */
  caddy: "docker.io/library/caddy:2.11.7-alpine",
  /** The command line of NATS: the streams. */
  natsBox: "docker.io/natsio/nats-box:0.19.7",
  /** S3: the version that `tools/versitygw/go.mod` builds for the tests. */
  s3: "docker.io/versity/versitygw:v1.8.0",
  /** SQS: the version that `tools/elasticmq/pom.xml` fetches for the tests. */
  sqs: "docker.io/softwaremill/elasticmq-native:1.6.16",
  pgadmin: "docker.io/dpage/pgadmin4:9.17",
  /** Development servers of systems whose Dockerfile makes an image for production alone. */
  node: "docker.io/library/node:22-alpine",
} as const;

/** A minor version of each major that RDS has, all of one release day. */
const postgresMinors: Readonly<Record<PostgresSettings["version"], string>> = {
  "14": "14.23",
  "15": "15.18",
  "16": "16.14",
  "17": "17.10",
  "18": "18.4",
};

/** PostgreSQL of the same major version as the database in the cloud. */
export const postgresImage = (version: PostgresSettings["version"]): string =>
  version === "17" ? images.psql : `docker.io/library/postgres:${postgresMinors[version]}-alpine`;

/** Valkey of the same series. */
const valkeyPatches: Readonly<Record<CacheSettings["version"], string>> = {
  "7.2": "7.2.11",
  "8.0": "8.0.6",
  "8.1": "8.1.4",
  "8.2": "8.2.1",
};
export const valkeyImage = (version: CacheSettings["version"]): string =>
  `docker.io/valkey/valkey:${valkeyPatches[version]}-alpine`;

/** The server that the official chart of this version installs: they carry the same number. */
export const natsImage = (chart: string): string => `docker.io/library/nats:${chart}-alpine`;
