import assert from "node:assert/strict";
import * as pulumi from "@pulumi/pulumi";
import { secretData } from "../../../components/system/secrets/data";
import type { StoreOutputs } from "../../../components/base/store";

const store = (secret: NonNullable<StoreOutputs["secret"]>): StoreOutputs => ({
  plain: {},
  secret,
  ready: [],
  destinations: [],
  grants: [],
});

const stores = {
  postgres: store({
    entry: "p/ams/postgres",
    filledBy: [],
    composed: { url: (property) => pulumi.output(`//${property("user")}:${property("password")}@host`) },
  }),
  jwt: store({ entry: "p/ams/jwt", filledBy: [] }),
};

const reference = (from: string, output: string, key: string) => ({
  variable: "X",
  store: from,
  output,
  key,
  reader: "app",
});

describe("a synced Secret's data", () => {
  const data = secretData(
    [
      reference("postgres", "url", "database-url"),
      reference("postgres", "user", "db-user"),
      reference("jwt", "access", "jwt-access-secret"),
    ],
    stores,
  );

  it("reads each property of an entry once", () => {
    assert.deepEqual(
      data.data.map(({ secretKey, remoteRef }) => [secretKey, remoteRef.key, remoteRef.property]),
      [
        ["postgres.user", "p/ams/postgres", "user"],
        ["postgres.password", "p/ams/postgres", "password"],
        ["jwt.access", "p/ams/jwt", "access"],
      ],
    );
  });

  it("composes connection strings from the current login, under the document's keys", async () => {
    const text = data.template;
    assert.deepEqual(Object.keys(text), ["database-url", "db-user", "jwt-access-secret"]);
    const url = await new Promise((done) => pulumi.output(text["database-url"]).apply(done));
    assert.equal(url, '//{{ index . "postgres.user" }}:{{ index . "postgres.password" }}@host');
    assert.equal(text["jwt-access-secret"], '{{ index . "jwt.access" }}');
  });

  it("composes the value for the workload that reads it", () => {
    const own = {
      nats: store({
        entry: "p/ams/nats",
        filledBy: [],
        composed: { url: (_, reader) => `//${reader}@host` },
      }),
    };
    const { template } = secretData([reference("nats", "url", "nats-url")], own);
    assert.deepEqual(template, { "nats-url": "//app@host" });
  });

  it("refuses a store without secrets", () => {
    assert.throws(() => secretData([reference("cache", "url", "k")], {}), /cache has no secrets/);
  });
});
