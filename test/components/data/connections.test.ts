import assert from "node:assert/strict";
import { cacheUrl, postgresSecrets } from "../../../components/data/connections";

const access = { user: "ams", password: "Pa55word", database: "amsdb", primary: "p.test" };

describe("connection strings", () => {
  it("reach the primary over TLS", () => {
    assert.deepEqual(postgresSecrets({ ...access, replicas: {} }), {
      url: "postgresql://ams:Pa55word@p.test:5432/amsdb?sslmode=require",
      user: "ams",
      password: "Pa55word",
    });
  });

  it("list the replicas of a role, and name the primary while it has none", () => {
    const secrets = postgresSecrets({ ...access, replicas: { read: ["a.test", "b.test"], reporting: [] } });
    assert.equal(
      secrets.readUrl,
      "postgresql://ams:Pa55word@a.test:5432/amsdb?sslmode=require," +
        "postgresql://ams:Pa55word@b.test:5432/amsdb?sslmode=require",
    );
    assert.equal(secrets.reportingUrl, secrets.url);
  });

  it("reach a cache over TLS", () => {
    assert.equal(
      cacheUrl({ user: "ams", password: "Pa55word", host: "c.test" }),
      "rediss://ams:Pa55word@c.test:6379",
    );
  });
});
