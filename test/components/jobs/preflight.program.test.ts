import assert from "node:assert/strict";
import { setTimeout as delay } from "node:timers/promises";
import { preflightScript } from "../../../components/jobs/preflight-script";
import { bootstrapScript } from "../../../components/jobs/roles-script";
import { missing, rolesOf, Server } from "../../functions/rotation/server";
import { needs } from "../../support/needs";

const password = "owner";
const login = { user: "ams_a", password };

describe("pre-flight checks on a real PostgreSQL", function () {
  let server: Server;

  before(async function () {
    needs(this, missing());
    server = await Server.start();
    server.script(bootstrapScript, rolesOf("ams", password));
  });
  after(() => server?.stop());

  const check = (script = preflightScript, as = login) => server.script(script, {}, as);
  /** The script with one of its limits so low that a test can reach it. */
  const stricter = (limit: string, by: string) => {
    assert.ok(preflightScript.includes(limit), limit);
    return preflightScript.replace(limit, by);
  };
  /** The script on a server with so many connections, once the sessions of earlier checks have ended. */
  const withConnections = (number: number) => `
    DO $$ BEGIN
      FOR tries IN 1..100 LOOP
        PERFORM pg_stat_clear_snapshot();
        EXIT WHEN NOT EXISTS (
          SELECT FROM pg_stat_activity
          WHERE datid IS NOT NULL AND pid <> pg_backend_pid() AND state IS DISTINCT FROM 'active'
        );
        PERFORM pg_sleep(0.05);
      END LOOP;
    END $$;
    ${stricter("current_setting('max_connections')::int", String(number))}`;
  /** Waits until the check fails because of a running session. */
  async function refusedWhile(
    texts: readonly string[],
    script: string,
    what: RegExp,
    user = login.user,
  ): Promise<void> {
    const sessions = texts.map((text) => server.hold({ user, password }, text));
    try {
      for (let tries = 40; tries > 0; tries -= 1) {
        await delay(100);
        try {
          check(script);
        } catch (error) {
          return assert.match(String(error), what);
        }
      }
      assert.fail("the check passed");
    } finally {
      for (const session of sessions.reverse()) session.end();
      // The server keeps sleeping for a disconnected client, which the next test would see.
      const left = "SELECT pg_terminate_backend(pid) FROM pg_stat_activity WHERE usename ~ '^ams_'";
      server.script(`${left};`, {}, server.superuser);
    }
  }

  it("pass without faults, and change nothing", () => {
    check();
    check();
  });

  it("refuse a login that can't write", () =>
    assert.throws(
      () => check(preflightScript, { user: "ams_read_a", password }),
      /The database can't be migrated now: .*read-only; the login lacks CREATE on the schema "public"/,
    ));

  it("refuse too few connections", () => {
    assert.throws(() => check(withConnections(7)), /3 connections are free, 5 are needed/);
    check(withConnections(9));
  });

  it("count the sessions of others too", async () => {
    const script = withConnections(9);
    check(script);
    await refusedWhile(["SELECT pg_sleep(60)"], script, /4 connections are free, 5 are needed/, "ams_b");
  });

  it("refuse an abandoned transaction", () =>
    refusedWhile(
      ["SELECT pg_sleep(60)"],
      stricter("interval '10 minutes'", "interval '0 seconds'"),
      /transactions have been open for more than 10 minutes \(pid \d+ since/,
    ));

  it("see transactions that the other login has left open", () =>
    refusedWhile(
      ["SELECT pg_sleep(60)"],
      stricter("interval '10 minutes'", "interval '0 seconds'"),
      /transactions have been open for more than 10 minutes \(pid \d+ since/,
      "ams_b",
    ));

  it("refuse while a session waits for a lock", async () => {
    server.script("CREATE TABLE busy ()", {}, login);
    await refusedWhile(
      ["BEGIN; LOCK TABLE busy; SELECT pg_sleep(60)", "BEGIN; LOCK TABLE busy; SELECT pg_sleep(60)"],
      stricter("interval '30 seconds'", "interval '0 seconds'"),
      /sessions have waited for a lock for more than 30 seconds \(pid \d+\)/,
    );
  });

  it("refuse an invalid index", () => {
    server.script("CREATE TABLE twice (x int); INSERT INTO twice VALUES (1), (1)", {}, login);
    const index = "CREATE UNIQUE INDEX CONCURRENTLY broken ON twice (x)";
    server.script(`\\set ON_ERROR_STOP off\n${index};\n`, {}, login);
    assert.throws(() => check(), /indexes are invalid.*\(broken\)/);
    server.script("DROP INDEX broken", {}, login);
    check();
  });
});
