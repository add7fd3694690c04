import assert from "node:assert/strict";
import { readFileSync, rmSync, truncateSync, writeFileSync } from "node:fs";
import { bootstrapScript } from "../../../components/jobs/roles-script";
import { missing, rolesOf, Server } from "../../functions/rotation/server";
import { needs } from "../../support/needs";
import { DumpLab } from "./dump-lab";

const password = "secret";
const owner = { user: "ams_a", password };
const reader = { user: "ams_read_a", password };

const schema = `
  CREATE SCHEMA audit;
  CREATE TABLE owners (id serial PRIMARY KEY, name text NOT NULL UNIQUE);
  CREATE TABLE assets (id serial PRIMARY KEY, owner int NOT NULL REFERENCES owners, price numeric CHECK (price > 0));
  CREATE TABLE audit.events (at date, what text) PARTITION BY RANGE (at);
  CREATE TABLE audit.events_1 PARTITION OF audit.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
  CREATE TABLE _prisma_migrations (id text PRIMARY KEY, finished_at timestamptz);
  CREATE INDEX by_owner ON assets (owner);
  INSERT INTO owners (name) SELECT 'owner ' || each FROM generate_series(1, 20) AS each;
  INSERT INTO assets (owner, price) SELECT 1 + each % 20, each FROM generate_series(1, 500) AS each;
  INSERT INTO audit.events SELECT '2026-05-01', 'event ' || each FROM generate_series(1, 30) AS each;
  INSERT INTO _prisma_migrations VALUES ('20260101_init', '2026-01-01 00:00:00+09');`;

describe("dump and restore on a real PostgreSQL", function () {
  let server: Server;
  let lab: DumpLab;

  before(async function () {
    needs(this, missing());
    server = await Server.start();
    server.script(bootstrapScript, rolesOf("ams", password));
    server.script(schema, {}, owner);
  });
  after(() => server?.stop());
  beforeEach(() => void (lab = new DumpLab(server)));
  afterEach(() => lab?.end());

  const codes = (outcomes: readonly { code: number }[]) => outcomes.map(({ code }) => code);
  /** A successful dump. */
  const dump = async () => {
    const outcomes = await lab.dump(reader);
    assert.deepEqual(codes(outcomes), [0, 0], outcomes.map(({ output }) => output).join("\n"));
  };

  it("dumps as the reader, with a manifest of its content, and restores it elsewhere", async () => {
    await dump();
    const [dumped = "", manifest = ""] = lab.keys;
    assert.match(dumped, /^dumps\/postgres\/\d{4}-\d\d-\d\d\/ams-\d{6}\.dump$/);
    assert.equal(manifest, dumped.replace(".dump", ".json"));
    const { content, ...said } = JSON.parse(readFileSync(lab.path(manifest), "utf8")) as {
      dump: string;
      bytes: number;
      content: { rows: unknown; constraints: unknown; indexes: number; revisions: Record<string, string> };
    };
    assert.equal(said.dump, dumped);
    assert.equal(said.bytes, readFileSync(lab.path(dumped)).length);
    assert.deepEqual(content.rows, {
      "public.owners": 20,
      "public.assets": 500,
      "audit.events_1": 30,
      "public._prisma_migrations": 1,
    });
    assert.deepEqual(content.constraints, { p: 3, u: 1, f: 1, c: 1 });
    assert.equal(content.indexes, 5);
    assert.match(content.revisions["public._prisma_migrations"] ?? "", /^[0-9a-f]{32}$/);
    const restored = await lab.restore();
    assert.equal(restored.code, 0, restored.output);
    assert.deepEqual(lab.metrics, [
      "Plinth/Backups DumpPercentOfLast 100 System=ams",
      "Plinth/Backups DumpRestored 1 System=ams",
    ]);
  });

  it("detects a dump that is truncated, changed, or differs from its manifest", async () => {
    await dump();
    const [dumped = "", manifest = ""] = lab.keys;
    const good = readFileSync(lab.path(dumped));
    truncateSync(lab.path(dumped), good.length - 100);
    assert.match((await lab.restore()).output, /dump: FAILED/);
    const bad = Buffer.from(good);
    bad[bad.length >> 1] = (bad[bad.length >> 1] ?? 0) ^ 1;
    writeFileSync(lab.path(dumped), bad);
    assert.match((await lab.restore()).output, /dump: FAILED/);
    writeFileSync(lab.path(dumped), good);
    const text = readFileSync(lab.path(manifest), "utf8");
    writeFileSync(lab.path(manifest), text.replace('"public.assets": 500', '"public.assets": 501'));
    const { code, output } = await lab.restore();
    assert.equal(code, 1);
    assert.match(output, /differs from the manifest[^]*501[^]*Found:[^]*500/);
    assert.equal(lab.metrics.length, 1, "no restore is reported");
  });

  it("reports a dump's size in percent of the last successful one", async () => {
    await dump();
    for (const key of lab.keys) {
      const earlier = key.replace(/ams-\d{6}/, "ams-000000");
      const content = readFileSync(lab.path(key));
      rmSync(lab.path(key));
      writeFileSync(
        lab.path(earlier),
        key.endsWith(".dump") ? Buffer.concat([content, content, content]) : "{}",
      );
    }
    const [of = ""] = lab.keys;
    writeFileSync(lab.path(of.replace("000000", "000001")), "a dump that failed");
    await dump();
    assert.match(lab.metrics[1] ?? "", /DumpPercentOfLast 3[34] /);
  });

  it("writes no manifest for a failed dump, and says why", async () => {
    server.script("CREATE TABLE hidden (); REVOKE ALL ON hidden FROM ams_read", {}, owner);
    const failed = await lab.dump(reader);
    // Not read by the counts, but by pg_dump.
    server.script("DROP TABLE hidden; CREATE SEQUENCE hidden; REVOKE ALL ON hidden FROM ams_read", {}, owner);
    const later = await lab.dump(reader);
    server.script("DROP SEQUENCE hidden", {}, owner);
    assert.deepEqual(
      [...failed, ...later].map(({ code }) => code > 0),
      [true, true, true, true],
    );
    assert.match(failed.map(({ output }) => output).join("\n"), /permission denied for table hidden/);
    assert.match(
      later.map(({ output }) => output).join("\n"),
      /permission denied for sequence hidden[^]*gets no manifest/,
    );
    assert.deepEqual(
      lab.keys.filter((key) => key.endsWith(".json")),
      [],
    );
    assert.match((await lab.restore()).output, /No dump of the last eight days/);
  });

  it("ends in both containers if the database can't be reached", async () => {
    const outcomes = await lab.dump({ ...reader, password: "another" });
    assert.ok(
      outcomes.every(({ code }) => code !== 0),
      JSON.stringify(outcomes),
    );
    assert.deepEqual(lab.keys, []);
  });
});
