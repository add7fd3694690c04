import assert from "node:assert/strict";
import { natsUsers } from "../../components/system/nats-users";
import { dataPorts, readers, secretKeys, storeReferences, storesOf } from "../../components/system/wiring";
import { catalog } from "../support/frozen";
import {
  describe as describeSystem,
  type EnvSource,
  type Mountable,
  type Stores,
  type SystemSpec,
  type WorkloadSpec,
} from "../../systems/spec";

export const stores = {
  postgres: { kind: "postgres", database: "x", user: "x", driver: "libpq", readRoles: ["reporting"] },
  cache: { kind: "cache" },
  tasks: { kind: "queue" },
  files: { kind: "files", user: 1000 },
} as const satisfies Stores;

type Source = EnvSource<typeof stores, "api", "app">;

/** Each line is checked by the compiler: `npm run typecheck` fails when a wrong reference compiles. */
export const sources: Source[] = [
  { from: "postgres.url", key: "database-url" },
  { from: "postgres.reportingUrl", key: "reporting-url" },
  { from: "postgres.host" },
  { from: "tasks.sendUrl" },
  // @ts-expect-error a right that a queue doesn't give
  { from: "tasks.purgeUrl" },
  { service: "api" },
  { publicUrl: "app" },
  // @ts-expect-error only Prisma through node-postgres has another URL for its command line
  { from: "postgres.migrateUrl", key: "migrate-url" },
  // @ts-expect-error a store that the system doesn't have
  { from: "queue.url", key: "queue-url" },
  // @ts-expect-error a read role that the store doesn't have
  { from: "postgres.analyticsUrl", key: "analytics-url" },
  // @ts-expect-error an output that the store doesn't have
  { from: "cache.bucket" },
  // @ts-expect-error a secret output without the Secret's key would be in the manifest
  { from: "postgres.url" },
  // @ts-expect-error a workload that the system doesn't have
  { service: "worker" },
  // @ts-expect-error a host that the system doesn't have
  { publicUrl: "admin" },
];

const workload = {
  name: "api",
  container: "api",
  namespace: "x",
  component: "api",
  image: { user: 1, scratch: {} },
} as const;

/** The compiler takes the names from the description, and reports each wrong one in its place. */
export const described = describeSystem({
  name: "x",
  title: "X",
  namespaces: ["x"],
  secret: "x",
  settings: [],
  hosts: ["app"],
  networks: ["devices"],
  stores: {
    postgres: { kind: "postgres", database: "x", user: "x", driver: "pg", readRoles: ["reporting"] },
    files: { kind: "files", user: 1000 },
    nats: {
      kind: "nats",
      namespace: "x",
      streams: {
        LOGS: {
          subjects: ["logs.>"],
          retention: "limits",
          consumers: { core: { ackWaitSeconds: 1, maxDeliver: 1 } },
        },
      },
    },
  },
  workloads: {
    api: {
      ...workload,
      env: {
        DATABASE_URL: { from: "postgres.reportingUrl", key: "reporting-url" },
        MIGRATE_URL: { from: "postgres.migrateUrl", key: "migrate-url" },
        WORKER: { service: "worker" },
      },
      mounts: { "/files": "files" },
      publishes: ["nats.LOGS"],
      consumes: ["nats.LOGS.core"],
      calls: ["devices"],
      exposure: [{ host: "app", paths: ["/"] }],
    },
    worker: {
      ...workload,
      env: {
        // @ts-expect-error a read role that the store doesn't have
        DATABASE_URL: { from: "postgres.analyticsUrl", key: "analytics-url" },
        // @ts-expect-error a workload that the system doesn't have
        WORKER: { service: "frontend" },
      },
      // @ts-expect-error a store that isn't files
      mounts: { "/files": "nats" },
      // @ts-expect-error a stream that the store doesn't have
      publishes: ["nats.FINDINGS"],
      // @ts-expect-error a consumer that the stream doesn't have
      consumes: ["nats.LOGS.agents"],
      // @ts-expect-error a network that the system doesn't have
      calls: ["office"],
      // @ts-expect-error a host that the system doesn't have
      exposure: [{ host: "admin", paths: ["/"] }],
    },
  },
  // @ts-expect-error a workload that the system doesn't have
  migration: {
    workload: "migrator",
    migrate: [],
    verify: [],
  },
});

export const withoutDatabase = describeSystem({
  name: "y",
  title: "Y",
  namespaces: ["y"],
  secret: "y",
  settings: [],
  hosts: [],
  stores: { cache: { kind: "cache" } },
  workloads: { api: { ...workload, env: {} } },
  // @ts-expect-error there is no database to migrate
  migration: { workload: "api", migrate: [], verify: [] },
});

describe("systems: references", () => {
  for (const spec of Object.values<SystemSpec>(catalog)) {
    it(`${spec.name}: every data store is referred to by some workload`, () => {
      for (const [name, { kind }] of Object.entries(spec.stores))
        if (kind !== "bucket") assert.notEqual(readers(spec, name).length, 0, name);
    });

    it(`${spec.name}: no workload reads the backups, which move to Glacier`, () => {
      for (const [name, store] of Object.entries(spec.stores))
        if (store.kind === "bucket" && store.backups === true)
          assert.deepEqual(readers(spec, name), [], name);
    });

    it(`${spec.name}: each key of the Secret has one meaning`, () => {
      for (const namespace of spec.namespaces)
        for (const { key, store, output } of secretKeys(spec, namespace))
          for (const workload of Object.values(spec.workloads))
            for (const reference of storeReferences(workload))
              if (workload.namespace === namespace && reference.key === key)
                assert.deepEqual([reference.store, reference.output], [store, output], key);
    });

    it(`${spec.name}: readers of NATS are in its namespace, and its streams have distinct names and subjects`, () => {
      for (const [name, store] of Object.entries(spec.stores)) {
        if (store.kind !== "nats") continue;
        const users = natsUsers(spec, name);
        assert.deepEqual(
          users.map((user) => user.name),
          readers(spec, name).map((workload) => workload.name),
        );
        for (const [stream, { consumers }] of Object.entries(store.streams)) {
          assert.match(stream, /^[A-Z][A-Z0-9_]*$/);
          for (const consumer of Object.keys(consumers)) {
            assert.match(consumer, /^[a-z][a-z0-9-]*$/);
            assert.ok(
              users.some(({ consumes }) => consumes.some((each) => each.consumer === consumer)),
              `nobody reads ${stream} as ${consumer}`,
            );
          }
          assert.ok(
            users.some(({ publishes }) => publishes.includes(stream)),
            `nobody fills ${stream}`,
          );
        }
        const subjects = Object.values(store.streams).flatMap((stream) => stream.subjects);
        const first = subjects.map((subject) => subject.split(".")[0]);
        assert.equal(new Set(first).size, first.length, "JetStream refuses streams that share a subject");
      }
    });

    it(`${spec.name}: workloads are in its namespaces, and routes refer to listening workloads`, () => {
      for (const workload of Object.values(spec.workloads)) {
        assert.ok(spec.namespaces.includes(workload.namespace), workload.name);
        if (workload.exposure !== undefined) assert.ok(workload.listen, workload.name);
        for (const { host } of workload.exposure ?? []) assert.ok(spec.hosts.includes(host), host);
        for (const source of Object.values(workload.env))
          if ("setting" in source) assert.ok(spec.settings.includes(source.setting), source.setting);
      }
    });
  }

  for (const spec of Object.values<SystemSpec>(catalog))
    it(`${spec.name}: uploads come from hosts that it has`, () => {
      for (const store of Object.values(spec.stores))
        if (store.kind === "bucket")
          for (const host of store.uploadsFrom ?? []) assert.ok(spec.hosts.includes(host), host);
    });

  it("lets workloads mount shared files, and nothing else", () => {
    const mounts: Record<string, Mountable<typeof stores>>[] = [
      { "/app/files": "files" },
      // @ts-expect-error a store that isn't files
      { "/app/files": "cache" },
    ];
    assert.equal(mounts.length, 2);
    const mounting = { env: {}, mounts: { "/a": "files", "/b": "files" } } as unknown as WorkloadSpec;
    assert.deepEqual(storesOf(mounting), ["files"], "a mount is a reference");
  });

  it("gives each of NATS' users its own key, in NATS' namespace", () => {
    const { core, agent } = catalog.opmas.workloads;
    const withAgent = (change: Partial<WorkloadSpec>): SystemSpec => ({
      ...catalog.opmas,
      workloads: { core, agent: { ...agent, ...change } },
    });
    const sameKey = withAgent({ env: { NATS_URL: { from: "nats.url", key: "nats-url" } } });
    assert.throws(
      () => secretKeys(sameKey, "opmas-core"),
      /opmas-secrets\/nats-url is nats url opmas-core to opmas-core, and nats url opmas-agent to opmas-agent/,
    );
    assert.throws(
      () => natsUsers(withAgent({ namespace: "opmas-api" }), "nats"),
      /opmas-agent is in namespace opmas-api and refers to nats; allowed is opmas-core/,
    );
  });

  it("opens the ports of referenced data stores only", () => {
    assert.deepEqual(dataPorts(catalog.ams), { "ams-postgres": 5432, "ams-cache": 6379 });
    assert.equal(dataPorts(catalog["asset-management"])["asset-management-files"], 2049);
    assert.deepEqual(dataPorts({ ...catalog.ams, workloads: {} }), {});
  });
});
