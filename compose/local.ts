import type { EnvSource, Stores } from "../systems/spec";
import { enginePorts, httpsPort, natsPorts } from "../components/base/ports";
import { images } from "./images";

/**
 * Settings of a system that only apply to a developer's machine: source folders, commands of development servers,
 * published ports. From the documents' own Compose files; `docs/compose.md` lists differences from them and additions.
 */

/** How a workload runs from source, with hot reload. */
export interface Development {
  /** Source folder, relative to the system's checkout. */
  readonly source: string;
  /** Stage of the source's Dockerfile. Default: the last. */
  readonly target?: string;
  /** Image to run the source in if its Dockerfile has no development stage. Default: the source is built. */
  readonly image?: string;
  /** Shell command that runs before each command in such an image, which has no packages yet. */
  readonly install?: string;
  /** Command of the development server. Default: the description's command, else the image's. */
  readonly command?: readonly string[];
  /** Mount path of the source. Default: not mounted; `docker compose watch` rebuilds on changes. */
  readonly mount?: string;
  /** Folders in the image that the mount must not hide. */
  readonly keep?: readonly string[];
  /** Named volumes by mount path. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Port of the development server. Default: the description's. */
  readonly port?: number;
  /** Variables for browser code that hold the local URL of another workload, given by its key. */
  readonly addresses?: Readonly<Record<string, string>>;
}

export interface LocalWorkload {
  /** Host port of the workload's main port. */
  readonly publish?: number;
  /** Variables in addition to those of the description. */
  readonly env?: Readonly<Record<string, EnvSource<Stores, string, string>>>;
  readonly development: Development;
}

export interface Local {
  /** By key. A workload without an entry gets defaults: see `developmentOf`. */
  readonly workloads: Readonly<Record<string, LocalWorkload>>;
  /** Stores in addition to those of the description. A database gets the version of the description's database. */
  readonly stores?: Stores;
  /** Web interfaces for the database. */
  readonly tools?: readonly ("prisma-studio" | "pgadmin")[];
  /** Service names in the documents' Compose files, by the service's name here. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
}

const modules = "/app/node_modules";

/** AMS. The last stages of its Dockerfiles lack development packages; `builder` has them. */
const ams: Local = {
  workloads: {
    web: {
      publish: 3000,
      development: {
        source: "frontend",
        target: "builder",
        mount: "/app",
        keep: [modules],
        port: 3000,
        command: ["npm", "run", "dev", "--", "--host", "0.0.0.0", "--port", "3000"],
        addresses: { VITE_API_URL: "api" },
      },
    },
    api: {
      publish: 4000,
      development: {
        source: "backend",
        target: "builder",
        mount: "/app",
        keep: [modules],
        command: ["npm", "run", "start:dev"],
      },
    },
    worker: {
      development: {
        source: "backend",
        target: "builder",
        mount: "/app",
        keep: [modules],
        command: ["npm", "run", "worker:dev"],
      },
    },
  },
  aliases: { cache: ["redis"], s3: ["minio"], proxy: ["nginx"] },
};

const testDatabase = { TEST_DB_URL: { from: "testdb.url", key: "test-db-url" } } as const;

/** OPMAS. Its documents mount no sources and include no Dockerfile. */
const opmas: Local = {
  workloads: {
    core: { publish: 8000, env: testDatabase, development: { source: "core" } },
    agent: { development: { source: "core" } },
    "management-api": { publish: 8001, env: testDatabase, development: { source: "management_api" } },
    frontend: { publish: 3000, development: { source: "ui" } },
  },
  stores: {
    testdb: { kind: "postgres", database: "opmas_test", user: "opmas", driver: "libpq", readRoles: [] },
  },
  aliases: { "management-api": ["management_api"], frontend: ["ui"] },
};

const tapwork: Local = {
  workloads: {
    api: {
      publish: 8000,
      development: {
        source: "backend",
        mount: "/app",
        volumes: { "/app/logs": "api_logs" },
        command: ["uvicorn", "main:app", "--host", "0.0.0.0", "--port", "8000", "--reload"],
      },
    },
    biometric: { development: { source: "biometric" } },
    scanner: {
      publish: 3000,
      development: { source: "frontend", mount: "/app", keep: [modules], command: ["npm", "start"] },
    },
  },
  aliases: { mail: ["mailhog"] },
};

/** Its Dockerfile copies an existing build and has no development packages. */
const nodeServer = {
  image: images.node,
  install: "npm install --no-audit --no-fund",
  mount: "/app",
} as const;

const assetManagement: Local = {
  workloads: {
    api: {
      publish: 3000,
      development: {
        ...nodeServer,
        source: "backend",
        volumes: { [modules]: "backend_node_modules" },
        command: ["npm", "run", "start:dev"],
      },
    },
    frontend: {
      publish: 3001,
      development: {
        ...nodeServer,
        source: "frontend",
        volumes: { [modules]: "frontend_node_modules" },
        command: ["npm", "run", "dev", "--", "--host", "0.0.0.0", "--port", "80"],
      },
    },
  },
  tools: ["prisma-studio", "pgadmin"],
};

/** By the system's name. */
const locals: Readonly<Record<string, Local>> = {
  ams,
  opmas,
  tapwork,
  "asset-management": assetManagement,
};

/** A system without an entry publishes no ports of its own; its hosts are reached through the proxy. */
export const localOf = (system: string): Local => locals[system] ?? { workloads: {} };

/** A workload without an entry is built from the folder with its key's name. */
export const developmentOf = ({ workloads }: Local, key: string): Development =>
  workloads[key]?.development ?? { source: key };

/** Host ports of services that aren't workloads. */
export const publishedPorts = {
  proxy: { http: 80, https: httpsPort },
  postgres: enginePorts.postgres,
  testDatabase: 5433,
  cache: enginePorts.cache,
  nats: natsPorts.client,
  s3: { api: 9000, page: 9001 },
  sqs: { api: 9324, page: 9325 },
  mail: { smtp: 1025, page: 8025 },
  pgadmin: 5050,
  prismaStudio: 5555,
} as const;
