import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { freePorts, Program, untilReady } from "../cluster/processes";
import { files } from "./fixture";
import { installed, missing, parsed, scratch, type ParsedFile } from "./programs";
import { needs } from "../support/needs";

/** Valkey, or Redis 7, which has the same ACL format. */
const name = ["valkey", "redis"].find((each) => installed(`${each}-server`) && installed(`${each}-cli`));

describe("the local tier's cache on a real server", function () {
  let file: ParsedFile;
  let server: Program;
  let port: number;

  before(async function () {
    needs(
      this,
      missing("compose-config") ?? (name === undefined ? "valkey-server or redis-server" : undefined),
    );
    file = parsed(await files("ams"));
    const folder = scratch();
    const [free = 0] = await freePorts(1);
    port = free;
    writeFileSync(join(folder, "users.acl"), file.configs["cache-users"]?.content ?? "");
    const [, ...args] = file.services.cache?.command ?? [];
    const options = args.map((each) => (each.endsWith(".acl") ? join(folder, "users.acl") : each));
    server = new Program(`${name}-server`, [...options, "--port", String(port), "--dir", folder], folder);
    await untilReady(server, () => Promise.resolve(assert.match(ask("PING"), /PONG/)), 20_000);
  });
  after(() => server?.stop());

  /** Runs a command as the health check does: with the container's variables. */
  const ask = (command: string, user = "ams", more: Readonly<Record<string, string>> = {}) =>
    spawnSync(
      `${name}-cli`,
      [
        "-p",
        String(port),
        ...(user === "" ? [] : ["--user", user]),
        "--no-auth-warning",
        ...command.split(" "),
      ],
      {
        encoding: "utf8",
        env: { PATH: process.env.PATH ?? "", ...file.services.cache?.environment, ...more },
      },
    ).stdout;

  it("accepts the system's user with the password of its URL and the cloud's access string", () => {
    const { username, password } = new URL(file.services.api?.environment?.REDIS_URL ?? "");
    assert.deepEqual([username, password], ["ams", file.services.cache?.environment?.REDISCLI_AUTH]);
    assert.match(ask("SET a 1"), /OK/);
    assert.match(ask("INFO server"), /_version/);
    for (const command of ["FLUSHALL", "KEYS *", "CONFIG GET maxmemory"])
      assert.match(ask(command), /NOPERM/, command);
  });

  it("refuses other users", () => {
    assert.match(ask("PING", "ams", { REDISCLI_AUTH: "wrong" }), /NOAUTH/);
    assert.match(ask("PING", "default"), /NOAUTH/);
  });
});
