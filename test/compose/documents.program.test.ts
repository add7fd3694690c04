import assert from "node:assert/strict";
import { files, checkouts } from "./fixture";
import { join } from "node:path";
import { missing, parsed, type ParsedFile } from "./programs";
import { needs } from "../support/needs";

/**
 * The Compose files of the systems' documents, service by service. Each line must be the same in the file here, or is a
 * deviation, which `docs/compose.md` explains.
 */
interface Documented {
  /** Name of the service here, if it differs. */
  readonly now?: string;
  /** Folder of the build. */
  readonly build?: string;
  /** Image in the document, and here. */
  readonly image?: { readonly document: string; readonly now: RegExp };
  readonly ports?: readonly string[];
  /** Variables: the name, and the expected value here. */
  readonly environment?: Readonly<Record<string, RegExp>>;
  /** Variables that were dropped, with the reason. */
  readonly left?: Readonly<Record<string, string>>;
  readonly command?: string;
  /** Mounts: `<source>:<target>`; an anonymous volume only has a target. */
  readonly volumes?: readonly string[];
  readonly dependsOn?: readonly string[];
  /** Lines that differ, each with its reason. */
  readonly deviations?: Readonly<Record<string, string>>;
}

const master = "the server's master user; the cloud's script creates the system's logins";

const documents: Readonly<Record<string, Readonly<Record<string, Documented>>>> = {
  ams: {
    web: {
      build: "frontend",
      ports: ["3000:3000"],
      environment: { VITE_API_URL: /^http:\/\/localhost:4000$/ },
      volumes: ["frontend:/app", "/app/node_modules"],
      dependsOn: ["api"],
    },
    api: {
      build: "backend",
      ports: ["4000:4000"],
      environment: {
        NODE_ENV: /^development$/,
        DATABASE_URL: /^postgresql:\/\/ams_a:\w+@postgres:5432\/ams\?/,
        REDIS_URL: /^redis:\/\/ams:\w+@cache:6379$/,
        JWT_ACCESS_SECRET: /^local_/,
        JWT_REFRESH_SECRET: /^local_/,
      },
      command: "npm run start:dev",
      volumes: ["backend:/app", "/app/node_modules"],
      dependsOn: ["postgres", "redis"],
    },
    worker: {
      build: "backend",
      environment: {
        NODE_ENV: /^development$/,
        DATABASE_URL: /^postgresql:\/\/ams_a:\w+@postgres:5432\/ams\?/,
        REDIS_URL: /^redis:\/\/ams:\w+@cache:6379$/,
      },
      command: "npm run worker:dev",
      dependsOn: ["postgres", "redis"],
      deviations: { volumes: "the document mounts nothing, so its watcher would never see a change" },
    },
    postgres: {
      image: { document: "postgres:15-alpine", now: /\/postgres:15\.\d+-alpine/ },
      ports: ["5432:5432"],
      environment: { POSTGRES_DB: /^ams$/, POSTGRES_USER: /^plinth$/, POSTGRES_PASSWORD: /^local_/ },
      volumes: ["postgres_data:/var/lib/postgresql/data"],
      deviations: {
        POSTGRES_USER: master,
        "./scripts/init.sql": "the job postgres-roles: the cloud's script",
      },
    },
    redis: {
      now: "cache",
      image: { document: "redis:7-alpine", now: /\/valkey:8\.2\.\d+-alpine/ },
      ports: ["6379:6379"],
      command: "--appendonly yes",
      deviations: { redis_data: "cache_data" },
    },
    minio: {
      now: "s3",
      image: { document: "minio/minio:latest", now: /\/versitygw:v/ },
      ports: ["9000:9000", "9001:9001"],
      left: { MINIO_ROOT_USER: "ROOT_ACCESS_KEY", MINIO_ROOT_PASSWORD: "ROOT_SECRET_KEY" },
      deviations: { minio_data: "s3_data", command: "settings are variables" },
    },
    nginx: {
      now: "proxy",
      image: { document: "nginx:alpine", now: /\/caddy:/ },
      ports: ["80:80", "443:443"],
      dependsOn: ["web", "api"],
      deviations: {
        "./nginx/nginx.conf": "generated",
        "./nginx/ssl": "the proxy creates its certificates itself",
      },
    },
  },
  opmas: {
    core: {
      build: "core",
      ports: ["8000:8000"],
      environment: {
        NATS_URL: /^tls:\/\/opmas-core_1:\w+@nats\.opmas-core\.svc\.cluster\.local:4222$/,
        DB_URL: /^postgresql:\/\/opmas_a:\w+@postgres:5432\/opmas\?/,
        TEST_DB_URL: /^postgresql:\/\/opmas_a:\w+@testdb:5432\/opmas_test\?/,
      },
      dependsOn: ["nats", "postgres", "testdb"],
    },
    management_api: {
      now: "management-api",
      build: "management_api",
      ports: ["8001:8001"],
      environment: {
        DB_URL: /^postgresql:\/\/opmas_a:\w+@postgres:5432\/opmas\?/,
        TEST_DB_URL: /^postgresql:\/\/opmas_a:\w+@testdb:5432\/opmas_test\?/,
      },
      dependsOn: ["postgres", "testdb"],
    },
    frontend: {
      build: "ui",
      ports: ["3000:80"],
      environment: { API_URL: /^http:\/\/api\.opmas\.localhost$/ },
      dependsOn: ["management_api"],
      deviations: { API_URL: "the proxy's host, as in the cloud; http://localhost:8001 works, too" },
    },
    // The guide's name for the front end. It publishes 3000:3000, but 3000:80 in the architecture.
    ui: { now: "frontend", build: "ui" },
    nats: { image: { document: "nats:latest", now: /\/nats:2\.14\.2-alpine/ }, ports: ["4222:4222"] },
    postgres: {
      image: { document: "postgres:14", now: /\/postgres:17\.\d+-alpine/ },
      environment: { POSTGRES_DB: /^opmas$/, POSTGRES_USER: /^plinth$/, POSTGRES_PASSWORD: /^local_/ },
      volumes: ["postgres_data:/var/lib/postgresql/data"],
      deviations: { POSTGRES_USER: master, image: "the version of the cloud" },
    },
    testdb: {
      image: { document: "postgres:14", now: /\/postgres:17\.\d+-alpine/ },
      environment: { POSTGRES_DB: /^opmas_test$/, POSTGRES_USER: /^plinth$/, POSTGRES_PASSWORD: /^local_/ },
      volumes: ["testdb_data:/var/lib/postgresql/data"],
      deviations: { POSTGRES_USER: master, image: "the version of the cloud" },
    },
  },
  tapwork: {
    postgres: {
      image: { document: "postgres:15-alpine", now: /\/postgres:15\.\d+-alpine/ },
      ports: ["5432:5432"],
      environment: { POSTGRES_DB: /^tapwork$/, POSTGRES_USER: /^plinth$/, POSTGRES_PASSWORD: /^local_/ },
      volumes: ["postgres_data:/var/lib/postgresql/data"],
      deviations: { POSTGRES_USER: master, container_name: "would allow only one container per service" },
    },
    api: {
      build: "backend",
      ports: ["8000:8000"],
      environment: {
        DATABASE_URL: /^postgresql:\/\/tapwork_user_a:\w+@postgres:5432\/tapwork\?/,
        JWT_SECRET: /^local_/,
        SMTP_HOST: /^smtp-service$/,
        SMTP_PORT: /^1025$/,
      },
      command: "uvicorn main:app --host 0.0.0.0 --port 8000 --reload",
      volumes: ["backend:/app", "api_logs:/app/logs"],
      dependsOn: ["postgres"],
      deviations: { SMTP_HOST: "the Service's name in the cluster; mailhog is an alias" },
    },
    mailhog: {
      now: "mail",
      image: { document: "mailhog/mailhog:latest", now: /\/mailpit:v/ },
      ports: ["1025:1025", "8025:8025"],
    },
    scanner: {
      build: "frontend",
      ports: ["3000:3000"],
      environment: { REACT_APP_API_URL: /^http:\/\/api\.tapwork\.localhost$/ },
      volumes: ["frontend:/app", "/app/node_modules"],
      command: "npm start",
      deviations: {
        REACT_APP_API_URL: "the proxy's host, as in the cloud; http://localhost:8000 works, too",
      },
    },
  },
  // Its document lists the parts of the development environment, without lines of a file.
  "asset-management": {
    "NestJS Backend": { now: "api", ports: ["3000:3000"], environment: { DATABASE_URL: /^postgresql:/ } },
    PostgreSQL: { now: "postgres", image: { document: "", now: /\/postgres:17/ }, ports: ["5432:5432"] },
    "Prisma Studio": {
      now: "prisma-studio",
      environment: { DATABASE_URL: /^postgresql:/ },
      dependsOn: ["PostgreSQL"],
    },
    pgAdmin: { now: "pgadmin", image: { document: "", now: /\/pgadmin4:/ }, dependsOn: ["PostgreSQL"] },
    "Frontend Dev Server": { now: "frontend", command: "npm run dev", dependsOn: ["NestJS Backend"] },
  },
};

describe("the documents' Compose files", function () {
  const source = checkouts();

  for (const [system, services] of Object.entries(documents)) {
    let file: ParsedFile;
    before(async () => {
      if (missing("compose-config") !== undefined) return;
      file = parsed(await files(system, { profile: "dev", source: join(source, system) }));
    });

    for (const [name, line] of Object.entries(services))
      it(`${system}: ${name} has its ports, variables, command and volumes`, function () {
        needs(this, missing("compose-config"));
        const now = line.now ?? name;
        const service = file.services[now];
        assert.ok(service !== undefined, now);
        // The document's name is an alias.
        const [network] = Object.values(service.networks);
        if (now !== name && /^\w+$/.test(name) && name === name.toLowerCase())
          assert.ok(network?.aliases?.includes(name), `${now} isn't called ${name}`);
        if (line.build !== undefined)
          assert.match(service.build?.context ?? "", new RegExp(`/${line.build}$`));
        if (line.image !== undefined) assert.match(service.image ?? "", line.image.now);
        const ports = (service.ports ?? []).map(({ published, target }) => `${published}:${target}`);
        for (const port of line.ports ?? []) assert.ok(ports.includes(port), `${port} among ${ports.join()}`);
        for (const [variable, value] of Object.entries(line.environment ?? {}))
          assert.match(service.environment?.[variable] ?? "", value, variable);
        for (const [variable, other] of Object.entries(line.left ?? {})) {
          assert.ok(!(variable in (service.environment ?? {})), variable);
          assert.ok(other in (service.environment ?? {}), other);
        }
        if (line.command !== undefined)
          assert.ok(service.command?.join(" ").includes(line.command), service.command?.join(" "));
        const volumes = (service.volumes ?? []).map(({ source: from = "", target }) =>
          from === "" ? target : `${from.replace(/^\/.*\//, "")}:${target}`,
        );
        for (const volume of line.volumes ?? [])
          assert.ok(volumes.includes(volume), `${volume} among ${volumes.join()}`);
        for (const other of line.dependsOn ?? []) {
          const needed = services[other]?.now ?? other;
          assert.ok(waits(file, now).has(needed), `${now} waits for ${needed}`);
        }
      });
  }

  it("have their network: TAPWORK's by its own name", async function () {
    needs(this, missing("compose-config"));
    assert.deepEqual(Object.keys(parsed(await files("tapwork")).networks), ["tapwork-network"]);
  });
});

/** All direct and indirect dependencies of a service. */
function waits(file: ParsedFile, name: string, seen = new Set<string>()): Set<string> {
  for (const other of Object.keys(file.services[name]?.depends_on ?? {}))
    if (!seen.has(other)) waits(file, other, seen.add(other));
  return seen;
}
