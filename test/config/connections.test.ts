import assert from "node:assert/strict";
import { connectionFaults } from "../../config/checks/connections";
import { pooling, poolingFaults, reservedConnections } from "../../config/stores/pooling";
import type { PostgresSettings } from "../../config";
import type { SystemSpec } from "../../systems";

const spec = {
  stores: { db: { kind: "postgres", readRoles: ["read", "report"] } },
  workloads: {
    api: {
      env: {
        A: { from: "db.url", key: "a" },
        B: { from: "db.url", key: "b" },
        C: { from: "db.readUrl", key: "c" },
        D: { from: "db.host" },
      },
    },
    job: { env: { A: { from: "db.reportUrl", key: "d" } } },
    web: { env: {} },
  },
} as unknown as SystemSpec;

const database = {
  class: "db.t4g.medium",
  readReplicas: { read: { count: 2, class: "db.t4g.medium" } },
  parameters: { max_connections: "100" },
  pooling: { kind: "none" },
} as unknown as PostgresSettings;

const faults = (change: object, api: object, job: object = { replicas: 1, pool: 1 }) =>
  connectionFaults(spec, {
    stores: { postgres: { db: { ...database, ...change } } },
    workloads: { api, job, web: { replicas: 50 } },
  }).map(({ path, message }) => `${path.join(".")}: ${message}`);

describe("config: connections", () => {
  it("count the maximum of pods, with the surge of a rolling update, once per URL", () => {
    assert.deepEqual(faults({}, { autoscaling: { max: 8 }, pool: 8 }, { replicas: 4, pool: 2 }), []);
    assert.deepEqual(faults({}, { autoscaling: { max: 8 }, pool: 9 }, { replicas: 4, pool: 2 }), [
      "stores.db.parameters.max_connections: room for api 10 pods × 9 (url) + job 5 pods × 2 (reportUrl) = 100 connections: max_connections 100 - 10 reserved = 90",
    ]);
  });

  it("of a role's replicas are each replica's own", () => {
    const [replica, ...more] = faults(
      { parameters: {}, class: "db.m7g.large", readReplicas: { read: { count: 2, class: "db.t4g.micro" } } },
      { replicas: 8, pool: 8 },
    );
    assert.deepEqual(more, []);
    assert.match(
      replica ?? "",
      /^stores\.db\.readReplicas\.read\.class: room for api 10 pods × 8 \(readUrl\) = 80 connections: a db\.t4g\.micro allows about 84 - 10 reserved = 74$/,
    );
  });

  it("are those of the class by default", () => {
    const small = { parameters: {}, class: "db.t4g.micro" };
    assert.match(faults(small, { replicas: 8, pool: 8 }).join(), /^stores\.db\.class: room for .* = 82/);
  });

  it("through a proxy are its share; readers without a replica use the rest", () => {
    const proxied = { pooling: { kind: "rds-proxy", connections: 60 } };
    assert.deepEqual(faults(proxied, { replicas: 4, pool: 12 }, { replicas: 4, pool: 6 }), []);
    assert.deepEqual(faults(proxied, { replicas: 4, pool: 13 }), [
      "stores.db.pooling.connections: room for api 5 pods × 13 (url) = 65 connections: the proxy keeps 60",
    ]);
    assert.match(
      faults(proxied, { replicas: 1, pool: 1 }, { replicas: 4, pool: 7 }).join(),
      /max_connections: room for job 5 pods × 7 \(reportUrl\) = 35 .*= 90, less the proxy's 60 = 30/,
    );
  });
});

describe("config: pooling", () => {
  const wrong = (change: object) =>
    poolingFaults({
      version: "17",
      parameters: { max_connections: "200" },
      pooling: { kind: "rds-proxy", connections: 150 },
      ...change,
    })
      .map(({ path, message }) => `${path.join(".")}: ${message}`)
      .join();

  it("is off by default, and of a known kind", () => {
    assert.deepEqual(pooling.parse(undefined), { kind: "none" });
    assert.ok(!pooling.safeParse({ kind: "pgbouncer" }).success);
    assert.ok(!pooling.safeParse({ kind: "none", connections: 5 }).success);
  });

  it("keeps the reserved connections free", () => {
    assert.equal(reservedConnections, 10);
    assert.equal(wrong({}), "");
    assert.equal(wrong({ pooling: { kind: "rds-proxy", connections: 190 } }), "");
    assert.match(
      wrong({ pooling: { kind: "rds-proxy", connections: 192 } }),
      /at most max_connections 200 - 10 reserved = 190/,
    );
  });

  it("is a share in whole percent, of an engine that RDS Proxy supports", () => {
    assert.match(wrong({ parameters: {} }), /max_connections in parameters/);
    assert.match(
      wrong({ pooling: { kind: "rds-proxy", connections: 151 } }),
      /whole percentage of .*\(200\)/,
    );
    assert.match(wrong({ version: "18" }), /pooling\.kind: "none" with PostgreSQL 18/);
  });
});
