import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { readFileSync } from "node:fs";
import { delimiter, join } from "node:path";
import { bootstrapScript } from "../../components/jobs/roles-script";
import { missing, rolesOf, Server } from "../functions/rotation/server";
import { needs } from "../support/needs";

const page = readFileSync(join(__dirname, "../../docs/runbooks/restore-database.md"), "utf8");
const section = /## One table\n([^]*?)\n## /.exec(page)?.[1] ?? "";
const [copy = "", bringBack = ""] = [...section.matchAll(/```sh\n([^]*?)```/g)].map(([, text]) => text ?? "");

const owner = { user: "ams_a", password: "secret" };
const schema = `
  CREATE TABLE owners (id serial PRIMARY KEY, name text NOT NULL);
  CREATE TABLE assets (id int GENERATED ALWAYS AS IDENTITY PRIMARY KEY, owner int REFERENCES owners, note text);
  INSERT INTO owners (name) SELECT 'owner ' || each FROM generate_series(1, 3) AS each;
  INSERT INTO assets (owner, note) SELECT 1 + each % 3, 'of public.assets, ' || each FROM generate_series(1, 50) AS each;`;

describe("the runbook that restores one table, on a real PostgreSQL", function () {
  const servers: Server[] = [];

  before(async function () {
    needs(this, missing());
    for (let each = 0; each < 2; each++) {
      const server = await Server.start();
      servers.push(server);
      server.script(bootstrapScript, rolesOf("ams", owner.password));
      server.script(schema, {}, owner);
    }
  });
  after(() => servers.forEach((server) => void server.stop()));

  /** Runs a block of the page as the master user, as in a shell in the VPC. */
  const shell = (block: string) => {
    const [running, restored] = servers;
    assert.ok(running !== undefined && restored !== undefined);
    // One certificate can't belong to both servers.
    const env = { ...running.environment(running.master), PGSSLMODE: "require", PGSSLROOTCERT: "" };
    const text = block
      .replaceAll("<running>", `localhost --port ${running.port}`)
      .replaceAll("<restored>", `localhost --port ${restored.port}`);
    const { status, stderr } = spawnSync("bash", ["-eo", "pipefail", "-c", text], {
      encoding: "utf8",
      env: { ...env, PATH: `${running.bin}${delimiter}${process.env.PATH ?? ""}` },
    });
    assert.equal(status, 0, stderr);
  };

  it("restores deleted rows with any text, and leaves the others unchanged", async () => {
    const [running] = servers;
    assert.ok(running !== undefined);
    running.script(
      "DELETE FROM assets WHERE id <= 20; UPDATE assets SET note = 'new' WHERE id = 30;",
      {},
      owner,
    );
    shell(copy);
    shell(bringBack);
    const { query } = await running.connect({ ...owner, host: running.host });
    const text = "SELECT count(*) AS rows, count(*) FILTER (WHERE note = 'new') AS new FROM assets";
    assert.deepEqual(await query(text), [{ rows: "50", new: "1" }]);
    const [row] = await query("SELECT note FROM assets WHERE id = 7");
    assert.match(String(row?.note), /public\.assets/);
  });
});
