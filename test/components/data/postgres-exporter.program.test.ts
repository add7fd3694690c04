import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { setTimeout as pause } from "node:timers/promises";
import { connectionParameters, postgresExporter } from "../../../components/data/postgres-exporter";
import { bootstrapScript } from "../../../components/jobs/roles-script";
import { scrapedMetrics } from "../../../components/observability/metric-names";
import { missing, rolesOf, Server } from "../../functions/rotation/server";
import { freePorts } from "../../cluster/processes";
import { builtProgram } from "../../support/built-program";
import { needs } from "../../support/needs";

const login = { user: "ams_monitor_a", password: "swordfish" };

/** Only a server with a replica has it. */
const ofReplicas = "pg_stat_replication_pg_wal_lsn_diff";

describe("the exporter of a database, on a real PostgreSQL", function () {
  const program = builtProgram("postgres-exporter");
  let server: Server | undefined;
  let exporter: ChildProcess | undefined;
  let address = "";

  /** Starts it as its pod does, with another port. */
  async function start({ user, password } = login): Promise<void> {
    const database = server ?? assert.fail();
    const [port = 0] = await freePorts(1);
    const [, ...flags] = postgresExporter("ams-postgres-exporter", "ams").command ?? [];
    exporter = spawn(program ?? "", [...flags, `--web.listen-address=127.0.0.1:${port}`], {
      stdio: "ignore",
      env: {
        DATA_SOURCE_URI: `${database.host}:${database.port}/${database.database}?${connectionParameters(database.authority)}`,
        DATA_SOURCE_USER: user,
        DATA_SOURCE_PASS: password,
      },
    });
    address = `http://127.0.0.1:${port}/metrics`;
  }

  /** What it serves. Fails when it ends, or serves nothing in ten seconds. */
  async function metrics(): Promise<string> {
    for (let tries = 0; tries < 50; tries += 1) {
      assert.equal(exporter?.exitCode, null, "the exporter ended");
      const answer = await fetch(address).catch(() => undefined);
      if (answer?.ok) return answer.text();
      await pause(200);
    }
    return assert.fail("the exporter serves nothing");
  }

  const stop = () => void exporter?.kill("SIGKILL");

  before(async function () {
    needs(this, missing());
    needs(
      this,
      program === undefined ? "postgres_exporter (`npm run tools:operators` builds it)" : undefined,
    );
    server = await Server.start();
    server.script(bootstrapScript, rolesOf("ams", login.password));
    server.script(
      "CREATE TABLE secrets (word text); INSERT INTO secrets VALUES ('hunter2');",
      {},
      {
        user: "ams_a",
        password: login.password,
      },
    );
  });
  afterEach(stop);
  after(() => server?.stop());

  it("serves every metric that is used, and the owner's statements without their text", async () => {
    await start();
    // The first answer may come before PostgreSQL counts the exporter's own session.
    const session = /^pg_stat_activity_count\{.*usename="ams_monitor_a"/m;
    let text = await metrics();
    for (let tries = 0; tries < 50 && !session.test(text); tries += 1) {
      await pause(200);
      text = await metrics();
    }
    assert.match(text, /^pg_up\b.* 1$/m);
    const served = new Set(text.split("\n").map((line) => line.split(/[{ ]/, 1)[0]));
    for (const name of scrapedMetrics.postgres) assert.equal(served.has(name), name !== ofReplicas, name);
    assert.match(text, /^pg_stat_statements_calls_total\{.*user="ams(_a)?"/m);
    assert.match(text, session);
    for (const word of ["hunter2", "INSERT", login.password]) assert.ok(!text.includes(word), word);
    // Each of its queries was answered.
    assert.doesNotMatch(text, /^pg_scrape_collector_success\{.*\} 0$/m);
    assert.doesNotMatch(text, /^pg_exporter_last_scrape_error\b.* 1$/m);
    assert.doesNotMatch(text, /^pg_exporter_user_queries_load_error\b.* 1$/m);
  });

  it("reports the database as unreachable if the password is wrong", async () => {
    await start({ ...login, password: "other" });
    assert.match(await metrics(), /^pg_up\b.* 0$/m);
  });
});
