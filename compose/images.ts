import type { PostgresSettings } from "../config";
import type { CacheSettings } from "../config";
import { images as shared } from "../components/base/images";

/**
 * Images that only the local tier uses, each pinned to an exact version. Those that the cluster uses, too, come from
 * `components/base/images.ts`.
 */
export const images = {
  psql: shared.psql.image,
  curl: shared.curl.image,
  mailpit: shared.mailpit.image,
  /** A shell and openssl: creates the certificates. */
  openssl: "docker.io/alpine/openssl:3.5.8",
  /** The reverse proxy: the version that `tools/caddy/go.mod` builds for the tests. */
  caddy: "docker.io/library/caddy:2.11.7-alpine",
  /** The NATS CLI: creates the streams. */
  natsBox: "docker.io/natsio/nats-box:0.19.7",
  /** S3: the version that `tools/versitygw/go.mod` builds for the tests. */
  s3: "docker.io/versity/versitygw:v1.8.0",
  /** SQS: the version that `tools/elasticmq/pom.xml` fetches for the tests. */
  sqs: "docker.io/softwaremill/elasticmq-native:1.6.16",
  pgadmin: "docker.io/dpage/pgadmin4:9.17",
  /** Development servers of systems whose Dockerfile only builds a production image. */
  node: "docker.io/library/node:22-alpine",
} as const;

/** A minor version of each major version that RDS offers, all of the same release date. */
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

/** The server that this version of the official chart installs: both have the same version number. */
export const natsImage = (chart: string): string => `docker.io/library/nats:${chart}-alpine`;
