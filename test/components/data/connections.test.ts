import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { connectionStrings } from "../../../components/data/connection-strings";
import { cacheUrl, databaseUrl } from "../../../components/data/urls";
import { pools } from "../../../config";
import type { SystemSpec } from "../../../systems/spec";

const access = { user: "ams_a", password: "Pa55word", host: "p.test", database: "amsdb" };
const start = "postgresql://ams_a:Pa55word@p.test:5432/amsdb?";

describe("connection strings", () => {
  it("verify the database's certificate, with each driver's parameters", () => {
    const rds = { ...access, authority: "rds" } as const;
    const libpq = `${start}sslmode=verify-full&sslrootcert=/etc/plinth/trust/bundle.pem`;
    assert.equal(databaseUrl({ ...rds, driver: "libpq" }), libpq);
    for (const driver of ["asyncpg", "pg"] as const) assert.equal(databaseUrl({ ...rds, driver }), libpq);
    assert.equal(
      databaseUrl({ ...rds, driver: "prisma" }),
      `${start}sslmode=require&sslaccept=strict&sslcert=/etc/plinth/trust/rds.pem`,
    );
  });

  it("name the proxy's certificate authority, for a driver that reads one certificate", () => {
    assert.match(
      databaseUrl({ ...access, authority: "amazon", driver: "prisma" }),
      /sslcert=\/etc\/plinth\/trust\/amazon\.pem$/,
    );
  });

  it("limit a pod's connections for the only driver that reads this from a URL", () => {
    const bounded = { ...access, authority: "rds", pool: 7 } as const;
    assert.match(databaseUrl({ ...bounded, driver: "prisma" }), /&connection_limit=7$/);
    for (const driver of ["libpq", "pg", "asyncpg"] as const)
      assert.doesNotMatch(databaseUrl({ ...bounded, driver }), /7/);
  });

  it("have a workload's pool by its name", () => {
    const spec = { workloads: { api: { name: "ams-api" }, web: { name: "ams-web" } } };
    assert.deepEqual(pools(spec as unknown as SystemSpec, { api: { pool: 7 }, web: {} }), { "ams-api": 7 });
  });

  it("give Prisma's command line its own parameters if the application uses node-postgres", async () => {
    const strings = connectionStrings({
      driver: "pg",
      database: "amsdb",
      primary: "p.test",
      pools: { "ams-api": 7 },
      replicas: {},
      writer: { host: "w.test", authority: "amazon" },
    });
    const text = (output: string) =>
      new Promise<string>((resolve) =>
        pulumi.output(strings[output]?.((property) => property, "ams-api") ?? "").apply(resolve),
      );
    assert.match(await text("url"), /\?sslmode=verify-full&sslrootcert=\/etc\/plinth\/trust\/bundle\.pem$/);
    assert.match(
      await text("migrateUrl"),
      /\?sslmode=require&sslaccept=strict&sslcert=\/etc\/plinth\/trust\/amazon\.pem&connection_limit=7$/,
    );
  });

  it("reach a cache over TLS", () => {
    assert.equal(
      cacheUrl({ user: "ams", password: "Pa55word", host: "c.test" }),
      "rediss://ams:Pa55word@c.test:6379",
    );
  });
});
