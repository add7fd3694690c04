import assert from "node:assert/strict";
import { cacheUrl } from "../../../components/data/connections";
import { databaseUrl } from "../../../components/data/urls";

const access = { user: "ams_a", password: "Pa55word", host: "p.test", database: "amsdb" };
const start = "postgresql://ams_a:Pa55word@p.test:5432/amsdb?";

describe("connection strings", () => {
  it("verify the database's certificate, in each driver's own words", () => {
    const rds = { ...access, authority: "rds" } as const;
    const libpq = `${start}sslmode=verify-full&sslrootcert=/etc/plinth/trust/bundle.pem`;
    assert.equal(databaseUrl({ ...rds, driver: "libpq" }), libpq);
    assert.equal(databaseUrl({ ...rds, driver: "asyncpg" }), libpq);
    assert.equal(
      databaseUrl({ ...rds, driver: "prisma" }),
      `${start}sslmode=require&sslaccept=strict&sslcert=/etc/plinth/trust/rds.pem`,
    );
  });

  it("name the authority that vouches for a proxy, to a driver that reads one certificate", () => {
    assert.match(
      databaseUrl({ ...access, authority: "amazon", driver: "prisma" }),
      /sslcert=\/etc\/plinth\/trust\/amazon\.pem$/,
    );
  });

  it("reach a cache over TLS", () => {
    assert.equal(
      cacheUrl({ user: "ams", password: "Pa55word", host: "c.test" }),
      "rediss://ams:Pa55word@c.test:6379",
    );
  });
});
