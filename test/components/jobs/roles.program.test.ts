import assert from "node:assert/strict";
import { bootstrapScript } from "../../../components/jobs/roles-script";
import { missing, rolesOf, Server } from "../../functions/rotation/server";
import { needs } from "../../support/needs";

const password = "secret";
const owner = { user: "ams_a", password };
const reader = { user: "ams_read_a", password };

describe("bootstrap script on a real PostgreSQL", function () {
  let server: Server;

  before(function () {
    needs(this, missing());
  });
  beforeEach(async () => void (server = await Server.start()));
  afterEach(() => server?.stop());

  const bootstrap = () => server.script(bootstrapScript, rolesOf("ams", password));
  const asSuper = (text: string) => server.script(text, {}, server.superuser);
  const ask = async (login: typeof owner, text: string) => {
    const session = await server.connect({ host: server.host, ...login });
    return session.query(text);
  };

  /** A restored dump, whose objects belong to the user that restored it. */
  const imported = `
    CREATE SCHEMA audit;
    CREATE TYPE mood AS ENUM ('calm');
    CREATE DOMAIN short AS text CHECK (length(value) < 9);
    CREATE TABLE assets (id serial PRIMARY KEY, name short, mood mood);
    CREATE SEQUENCE numbers;
    CREATE VIEW names AS SELECT name FROM assets;
    CREATE MATERIALIZED VIEW all_names AS SELECT name FROM assets;
    CREATE TABLE audit.events (at date) PARTITION BY RANGE (at);
    CREATE TABLE audit.events_1 PARTITION OF audit.events FOR VALUES FROM ('2026-01-01') TO ('2027-01-01');
    CREATE FUNCTION one() RETURNS int LANGUAGE sql AS 'SELECT 1';
    CREATE PROCEDURE nothing() LANGUAGE sql AS 'SELECT 1';
    INSERT INTO assets (name) VALUES ('one');`;

  it("reassigns objects that the master user or another role restored, and lets the reader read them", async () => {
    server.script(`CREATE ROLE legacy NOLOGIN;\n`, {});
    asSuper("GRANT CREATE ON SCHEMA public TO plinth");
    server.script(
      `${imported}\nGRANT legacy TO plinth; ALTER TABLE assets OWNER TO legacy; REVOKE legacy FROM plinth;`,
      {},
    );
    bootstrap();
    bootstrap();
    for (const text of [
      "ALTER TABLE assets ADD COLUMN place text",
      "ALTER TYPE mood ADD VALUE 'wild'",
      "ALTER DOMAIN short SET NOT NULL",
      "ALTER TABLE audit.events ADD COLUMN who text",
      "DROP MATERIALIZED VIEW all_names",
      "DROP FUNCTION one()",
      "DROP PROCEDURE nothing()",
      "CREATE TABLE audit.more ()",
    ])
      await ask(owner, text);
    for (const what of ["assets", "names", "audit.events", "audit.events_1", "numbers", "assets_id_seq"])
      await ask(reader, `SELECT * FROM ${what}`);
    const members = await ask(server.master, "SELECT pg_has_role('plinth', 'legacy', 'USAGE') AS member");
    assert.deepEqual(members, [{ member: "f" }], "only for as long as it takes");
    const extension =
      "SELECT extowner::regrole AS owner FROM pg_extension WHERE extname = 'pg_stat_statements'";
    assert.deepEqual(await ask(owner, extension), [{ owner: "super" }]);
  });

  it("names all objects that it can't reassign", () => {
    asSuper(`CREATE ROLE boss SUPERUSER; SET ROLE boss;
      CREATE TABLE theirs (); CREATE FUNCTION theirs() RETURNS int LANGUAGE sql AS 'SELECT 1'`);
    assert.throws(
      bootstrap,
      /to "ams": function public\.theirs\(\), owned by boss \(.*\); table public\.theirs, owned by boss \(/,
    );
    asSuper("REASSIGN OWNED BY boss TO ams");
    bootstrap();
  });

  it("revokes the privilege to create tables that PUBLIC has before PostgreSQL 15", async () => {
    asSuper("ALTER SCHEMA public OWNER TO plinth; GRANT CREATE ON SCHEMA public TO PUBLIC");
    bootstrap();
    await ask(owner, "CREATE TABLE mine (id int)");
    const make = "BEGIN READ WRITE; CREATE TABLE theirs (id int)";
    await assert.rejects(ask(reader, make), /permission denied for schema public/);
    await ask(reader, "SELECT * FROM mine");
  });

  it("fails with a hint if it can't", () => {
    asSuper("ALTER SCHEMA public OWNER TO pg_signal_backend; GRANT CREATE ON SCHEMA public TO PUBLIC");
    assert.throws(bootstrap, /reader has CREATE on the schema "public"/);
  });

  it("updates extensions to the server's version, or recreates them", async () => {
    const version = async () => {
      const text =
        "SELECT installed_version = default_version AS newest FROM pg_available_extensions WHERE name = 'pg_stat_statements'";
      return (await ask(server.master, text))[0]?.newest;
    };
    asSuper("DROP EXTENSION pg_stat_statements; CREATE EXTENSION pg_stat_statements VERSION '1.8'");
    assert.equal(await version(), "f");
    // RDS allows this to the master user; elsewhere only a superuser can.
    asSuper("ALTER ROLE plinth SUPERUSER");
    bootstrap();
    assert.equal(await version(), "t");
    asSuper("UPDATE pg_extension SET extversion = '0.1' WHERE extname = 'pg_stat_statements'");
    assert.equal(await version(), "f");
    bootstrap();
    assert.equal(await version(), "t");
  });
});
