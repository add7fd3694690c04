import assert from "node:assert/strict";
import { randomBytes } from "node:crypto";
import { readFileSync } from "node:fs";
import { scramVerifier } from "../../../components/data/credentials/scram";
import { bootstrapScript } from "../../../components/jobs/roles-script";
import { inSession, Refused } from "../../../functions/rotation/database";
import { rotate, type Target } from "../../../functions/rotation/steps";
import { FakeSecrets } from "./fakes";
import { missing, Server } from "./server";
import { needs } from "../../support/needs";

/** The program's initial passwords. */
const first = {
  ams_a: "firsta",
  ams_b: "firstb",
  ams_read_a: "firstreada",
  ams_read_b: "firstreadb",
  ams_monitor_a: "firstmonitora",
  ams_monitor_b: "firstmonitorb",
};
const verifier = (password: string) => scramVerifier(password, randomBytes(16));

describe("rotation on a real PostgreSQL", function () {
  let server: Server;
  let secrets: FakeSecrets;
  let target: Target;

  const bootstrap = () =>
    server.script(bootstrapScript, {
      OWNER: "ams",
      OWNER_A_VERIFIER: verifier(first.ams_a),
      OWNER_B_VERIFIER: verifier(first.ams_b),
      READER_A_VERIFIER: verifier(first.ams_read_a),
      READER_B_VERIFIER: verifier(first.ams_read_b),
      MONITOR_A_VERIFIER: verifier(first.ams_monitor_a),
      MONITOR_B_VERIFIER: verifier(first.ams_monitor_b),
    });
  const query = (user: string, password: string, text: string) =>
    inSession(server.connect, { host: server.host, user, password }, (database) => database.query(text));
  const application = (text: string) => {
    const { user = "", password = "" } = secrets.current("app");
    return query(user, password, text);
  };
  const reader = (text: string) => {
    const { readUser = "", readPassword = "" } = secrets.current("app");
    return query(readUser, readPassword, text);
  };
  const monitor = (text: string) => {
    const { monitorUser = "", monitorPassword = "" } = secrets.current("app");
    return query(monitorUser, monitorPassword, text);
  };
  const step = (Step: string, token: string) =>
    rotate({ SecretId: "app", ClientRequestToken: token, Step }, target, {
      secrets,
      connect: server.connect,
      pause: () => Promise.resolve(),
    });
  const rotateTo = async (token: string) => {
    secrets.begin("app", token);
    for (const name of ["createSecret", "setSecret", "testSecret", "finishSecret"]) await step(name, token);
  };

  before(async function () {
    needs(this, missing());
    server = await Server.start();
  });
  after(() => server?.stop());

  beforeEach(() => {
    secrets = new FakeSecrets({
      app: {
        user: "ams_a",
        password: first.ams_a,
        readUser: "ams_read_a",
        readPassword: first.ams_read_a,
        monitorUser: "ams_monitor_a",
        monitorPassword: first.ams_monitor_a,
      },
      master: server.master,
    });
    target = { host: server.host, replicas: [], entry: "app", master: "master" };
  });

  it("fails with a clear message while the roles don't exist", async () => {
    secrets.begin("app", "early");
    await step("createSecret", "early");
    await assert.rejects(step("setSecret", "early"), /role "ams_b" does not exist/);
  });

  it("uses roles that the bootstrap script creates, which can run again", async () => {
    bootstrap();
    bootstrap();
    await application("CREATE TABLE assets (id serial PRIMARY KEY, name text)");
    await application("INSERT INTO assets (name) VALUES ('one')");
    assert.deepEqual(await application("SELECT tableowner FROM pg_tables WHERE tablename = 'assets'"), [
      { tableowner: "ams" },
    ]);
    assert.deepEqual(await reader("SELECT name FROM assets"), [{ name: "one" }]);
    await assert.rejects(reader("INSERT INTO assets (name) VALUES ('two')"), /read-only transaction/);
    await assert.rejects(
      reader("BEGIN READ WRITE; INSERT INTO assets (name) VALUES ('two')"),
      /permission denied/,
    );
    await assert.rejects(reader("BEGIN READ WRITE; CREATE TABLE mine (id int)"), /permission denied/);
  });

  it("grants the reader the owner's new schemas", async () => {
    await application("CREATE SCHEMA audit");
    await application("CREATE TABLE audit.events (id int)");
    assert.deepEqual(await reader("SELECT count(*) AS n FROM audit.events"), [{ n: "0" }]);
  });

  it("lets the monitor read the exporter's metrics, of every session and statement", async () => {
    const held = server.hold({ user: "ams_a", password: first.ams_a }, "SELECT pg_sleep(60)");
    try {
      const sessions =
        "SELECT count(*) AS n FROM pg_stat_activity WHERE usename = 'ams_a' AND state = 'active' AND query LIKE '%sleep%'";
      const until = Date.now() + 10_000;
      while ((await monitor(sessions))[0]?.n !== "1")
        assert.ok(Date.now() < until, "doesn't see the session");
    } finally {
      held.end();
    }
    const [statements] = await monitor(
      "SELECT count(*) AS n FROM pg_stat_statements WHERE pg_get_userbyid(userid) = 'ams' AND query LIKE '%assets%'",
    );
    assert.ok(Number(statements?.n) > 0, "doesn't see the owner's statements");
    for (const text of [
      "SELECT deadlocks, temp_bytes, blks_hit FROM pg_stat_database WHERE datname = 'ams'",
      "SELECT pg_wal_lsn_diff(pg_current_wal_lsn(), '0/0') AS diff",
      "SELECT setting FROM pg_settings WHERE name = 'max_connections'",
    ])
      assert.equal((await monitor(text)).length, 1, text);
    // All databases: it can't connect to any other.
    assert.ok((await monitor("SELECT pg_database_size(datname) AS size FROM pg_database")).length > 2);
    await monitor("SELECT replay_lsn, state FROM pg_stat_replication");
  });

  it("denies the monitor reading and changing data", async () => {
    for (const text of [
      "SELECT name FROM assets",
      "SELECT * FROM audit.events",
      "BEGIN READ WRITE; INSERT INTO assets (name) VALUES ('three')",
      "BEGIN READ WRITE; CREATE TABLE mine (id int)",
      "BEGIN READ WRITE; CREATE TEMP TABLE mine (id int)",
      "SET ROLE ams",
      "SET ROLE ams_read",
      "SELECT pg_read_file('postgresql.conf')",
      "SELECT pg_reload_conf()",
    ])
      await assert.rejects(monitor(text), /permission denied/, text);
  });

  it("admits only the database's own roles", async () => {
    await query(server.master.user, server.master.password, "CREATE ROLE stranger LOGIN PASSWORD 'stranger'");
    await assert.rejects(query("stranger", "stranger", "SELECT 1"), /permission denied for database/);
  });

  it("rotates, and one login can use and change what the other created", async () => {
    await rotateTo("one");
    assert.equal(secrets.current("app").user, "ams_b");
    assert.equal(secrets.current("app").monitorUser, "ams_monitor_b");
    await monitor("SELECT 1");
    await application("ALTER TABLE assets ADD COLUMN place text");
    await application("INSERT INTO assets (name, place) VALUES ('two', 'here')");
    assert.deepEqual(await reader("SELECT count(*) AS n FROM assets"), [{ n: "2" }]);
  });

  it("keeps the previous login valid until the next rotation", async () => {
    // The test above has rotated once: ams_b doesn't have its initial password.
    await assert.rejects(query("ams_b", first.ams_b, "SELECT 1"), Refused);
    await rotateTo("two");
    await query("ams_a", first.ams_a, "SELECT 1");
    const used = secrets.current("app");
    await rotateTo("three");
    await query(used.user ?? "", used.password ?? "", "SELECT 1");
    await assert.rejects(query("ams_a", first.ams_a, "SELECT 1"), Refused);
    await application("SELECT name FROM assets");
  });

  it("succeeds if every step runs twice, and if the bootstrap script runs in between", async () => {
    secrets.begin("app", "again");
    for (const name of ["createSecret", "setSecret", "testSecret", "finishSecret"]) {
      await step(name, "again");
      bootstrap();
      await step(name, "again");
    }
    await application("SELECT name FROM assets");
    await reader("SELECT name FROM assets");
  });

  it("fixes logins after a restore to before a rotation; the bootstrap script doesn't", async () => {
    const used = secrets.current("app");
    // The database as it was then: both logins have other passwords than the entry.
    const older = Object.keys(first)
      .map((name) => `ALTER ROLE ${name} PASSWORD '${verifier(`${name}older`)}'`)
      .join(";\n");
    server.script(`${older};`, {});
    const logIn = () => query(used.user ?? "", used.password ?? "", "SELECT 1");
    await assert.rejects(logIn(), Refused);
    bootstrap();
    await assert.rejects(logIn(), Refused);
    await rotateTo("after-restore");
    await application("SELECT name FROM assets");
    await reader("SELECT name FROM assets");
  });

  it("leaves no password in the server's log, which has every change of a role", () => {
    const log = readFileSync(server.log, "utf8");
    assert.match(log, /ALTER ROLE "ams_b" PASSWORD 'SCRAM-SHA-256/);
    for (const version of [...secrets.entries.values()].flatMap((versions) => [...versions.values()])) {
      const { password, readPassword, monitorPassword } = JSON.parse(version.text ?? "{}") as Record<
        string,
        string
      >;
      for (const word of [password, readPassword, monitorPassword, ...Object.values(first)])
        if (word !== undefined && word !== server.master.password) assert.ok(!log.includes(`'${word}'`));
    }
  });
});
