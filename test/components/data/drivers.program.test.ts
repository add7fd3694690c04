import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { Client } from "pg";
import { trustPath } from "../../../components/base/store";
import { databaseUrl } from "../../../components/data/urls";
import { amazonAuthorities } from "../../../components/workload/trust/authorities-amazon";
import type { Driver } from "../../../systems/spec";
import { missing, Server } from "../../functions/rotation/server";
import { enginePorts } from "../../../components/base/ports";
import { needs } from "../../support/needs";

/** Connects a real client of each driver with the workloads' connection string. */
type Ask = (url: string) => Promise<string>;

describe("connection strings on a real PostgreSQL with a private certificate authority", function () {
  let server: Server;
  const folder = mkdtempSync(join(tmpdir(), "plinth-trust-"));
  const stranger = join(folder, "stranger.pem");

  before(async function () {
    needs(this, missing());
    server = await Server.start();
    writeFileSync(stranger, amazonAuthorities.join("\n"));
  });
  after(() => {
    server?.stop();
    rmSync(folder, { recursive: true });
  });

  const tls = "SELECT version FROM pg_stat_ssl WHERE pid = pg_backend_pid()";
  const clients: Readonly<Partial<Record<Driver, Ask>>> = {
    libpq: (url) => Promise.resolve().then(() => server.libpq(url, tls)),
    pg: async (url) => {
      const client = new Client({ connectionString: url } as Record<string, unknown>);
      client.on("error", () => undefined);
      try {
        await client.connect();
        return String((await client.query(tls)).rows[0]?.version);
      } finally {
        await client.end().catch(() => undefined);
      }
    },
  };

  /** The string as a workload has it, with this machine's port and file instead of the pod's. */
  const urlOf = (driver: Driver, host = server.host, authority = server.authority) => {
    const { user, password } = server.master;
    const common = { driver, authority: "rds", user, password, database: server.database, pool: 5 } as const;
    return databaseUrl({ ...common, host })
      .replace(`:${enginePorts.postgres}/`, `:${server.port}/`)
      .replace(`${trustPath}/bundle.pem`, authority);
  };

  for (const [driver, ask] of Object.entries(clients) as [Driver, Ask][]) {
    it(`${driver} connects over TLS`, async () => assert.match(await ask(urlOf(driver)), /^TLSv1/));

    it(`${driver} refuses a server of another certificate authority`, () =>
      assert.rejects(ask(urlOf(driver, server.host, stranger)), /certificate/));

    it(`${driver} refuses a server of another name`, () =>
      assert.rejects(ask(urlOf(driver, "127.0.0.1")), /host name|altnames|does not match/));
  }

  it("node-postgres and libpq don't support prisma's parameters", async () => {
    const url = urlOf("prisma").replace(`${trustPath}/rds.pem`, server.authority);
    for (const ask of Object.values(clients)) await assert.rejects(ask(url));
  });
});
