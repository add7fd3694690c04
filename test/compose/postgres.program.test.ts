import assert from "node:assert/strict";
import { missing as lacksServer, Server } from "../functions/rotation/server";
import { files } from "./fixture";
import { missing, parsed, type ParsedFile } from "./programs";
import { needs } from "../support/needs";

describe("the local tier's databases on a real PostgreSQL", function () {
  let server: Server;
  let file: ParsedFile;
  before(async function () {
    needs(this, lacksServer() ?? missing("compose-config"));
    file = parsed(await files("opmas"));
  });
  beforeEach(async () => void (server = await Server.start()));
  afterEach(() => server?.stop());

  /** Input of psql in the container: the script as Docker mounts it, and the job's variables. */
  const run = (job: string) => {
    const { environment = {}, configs = [] } = file.services[job] ?? {};
    const content = file.configs[configs[0]?.source ?? ""]?.content ?? "";
    assert.match(content, /DO \$handover\$/, "only variables of .env are replaced");
    server.script(content, environment);
    return environment;
  };

  for (const [job, user, database] of [
    ["postgres-roles", "opmas", "opmas"],
    ["testdb-roles", "opmas", "opmas_test"],
  ] as const)
    it(`${job} creates the cloud's roles with the passwords of .env, and can run again`, async () => {
      const environment = run(job);
      run(job);
      assert.deepEqual([environment.OWNER, environment.PGDATABASE], [user, database]);
      const owner = { user: `${user}_a`, password: environment.OWNER_A_VERIFIER ?? "" };
      const reader = { user: `${user}_read_a`, password: environment.READER_A_VERIFIER ?? "" };
      const as = (login: typeof owner) => server.connect({ host: server.host, ...login });
      await (await as(owner)).query("CREATE TABLE things (id int)");
      assert.deepEqual(await (await as(owner)).query("SELECT current_user AS who"), [{ who: user }]);
      await (await as(reader)).query("SELECT * FROM things");
      await assert.rejects(
        (await as(reader)).query("INSERT INTO things VALUES (1)"),
        /permission denied|read-only/,
      );
      const extensions = await (await as(owner)).query("SELECT extname FROM pg_extension ORDER BY 1");
      assert.ok(extensions.some(({ extname }) => extname === "pg_stat_statements"));
    });

  it("are reached by URLs with those logins", () => {
    const { environment: core = {} } = file.services.core ?? {};
    const { environment: roles = {} } = file.services["postgres-roles"] ?? {};
    const url = new URL(core.DB_URL ?? "");
    assert.deepEqual(
      [url.username, url.password, url.hostname, url.pathname, url.searchParams.get("sslmode")],
      ["opmas_a", roles.OWNER_A_VERIFIER, "postgres", "/opmas", "verify-full"],
    );
    const test = new URL(core.TEST_DB_URL ?? "");
    assert.deepEqual([test.hostname, test.pathname], ["testdb", "/opmas_test"]);
  });
});
