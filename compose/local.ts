import type { EnvSource, Stores } from "../systems/spec";
import { images } from "./images";

/**
 * What a system has on a developer's machine and nowhere else: where its sources are, how its development servers
 * start, which ports the machine shows. From the documents' own Compose files; what differs from them, and what they
 * don't say, stands in `docs/compose.md`.
 */

/** How a workload runs from its source, with hot reload. */
export interface Development {
  /** Folder of the source, from the folder of the system's checkout. */
  readonly source: string;
  /** Stage of the source's Dockerfile. Default: the last. */
  readonly target?: string;
  /** Image that the source runs in where its Dockerfile makes none for development. Default: the source is built. */
  readonly image?: string;
  /** Shell command that comes before each command in such an image: it has no packages yet. */
  readonly install?: string;
  /** Development server. Default: the description's command, else the image's. */
  readonly command?: readonly string[];
  /** Where the source is mounted. Default: it isn't, and `docker compose watch` builds again when it changes. */
  readonly mount?: string;
  /** Folders of the image that the mount must not hide. */
  readonly keep?: readonly string[];
  /** Named volumes by the path that they are mounted at. */
  readonly volumes?: Readonly<Record<string, string>>;
  /** Port of the development server. Default: the description's. */
  readonly port?: number;
  /** Variables with the address of another workload on this machine, for code in a browser: its key. */
  readonly addresses?: Readonly<Record<string, string>>;
}

export interface LocalWorkload {
  /** Port of this machine that leads to the workload's main port. */
  readonly publish?: number;
  /** Variables besides those of the description. */
  readonly env?: Readonly<Record<string, EnvSource<Stores, string, string>>>;
  readonly development: Development;
}

export interface Local {
  /** By key; a workload may be left out: see `developmentOf`. */
  readonly workloads: Readonly<Record<string, LocalWorkload>>;
  /** Stores besides those of the description. A database takes the version of the description's own. */
  readonly stores?: Stores;
  /** Pages to look into the database with. */
  readonly tools?: readonly ("prisma-studio" | "pgadmin")[];
  /** Names that the documents' Compose files give to services, by the name that they have here. */
  readonly aliases?: Readonly<Record<string, readonly string[]>>;
}

const modules = "/app/node_modules";

/** AMS. The Dockerfiles' last stages have no packages for development: `builder` has them. */
const ams: Local = {
  workloads: {
    web: {
      publish: 3000,
      development: {
        ...{ source: "frontend", target: "builder", mount: "/app", keep: [modules], port: 3000 },
        command: ["npm", "run", "dev", "--", "--host", "0.0.0.0", "--port", "3000"],
        addresses: { VITE_API_URL: "api" },
      },
    },
    api: {
      publish: 4000,
      development: {
        ...{ source: "backend", target: "builder", mount: "/app", keep: [modules] },
        command: ["npm", "run", "start:dev"],
      },
    },
    worker: {
      development: {
        ...{ source: "backend", target: "builder", mount: "/app", keep: [modules] },
        command: ["npm", "run", "worker:dev"],
      },
    },
  },
  aliases: { cache: ["redis"], s3: ["minio"], proxy: ["nginx"] },
};

const testDatabase = { TEST_DB_URL: { from: "testdb.url", key: "test-db-url" } } as const;

/** OPMAS. Its documents mount no sources and show no Dockerfile. */
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
        ...{ source: "backend", mount: "/app", volumes: { "/app/logs": "api_logs" } },
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

/** Its Dockerfile takes what was built before, and has no packages for development. */
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

/** A system without an entry publishes nothing by itself: the proxy leads to its hosts. */
export const localOf = (system: string): Local => locals[system] ?? { workloads: {} };

/** A workload without an entry is built from the folder of its key, as Compose files name a service after its folder. */
export const developmentOf = ({ workloads }: Local, key: string): Development =>
  workloads[key]?.development ?? { source: key };

/** Ports of this machine that lead to what isn't a workload, by service. */
export const publishedPorts = {
  proxy: { http: 80, https: 443 },
  postgres: 5432,
  testDatabase: 5433,
  cache: 6379,
  nats: 4222,
  s3: { api: 9000, page: 9001 },
  sqs: { api: 9324, page: 9325 },
  mail: { smtp: 1025, page: 8025 },
  pgadmin: 5050,
  prismaStudio: 5555,
} as const;
