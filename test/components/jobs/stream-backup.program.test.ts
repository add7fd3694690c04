import assert from "node:assert/strict";
import { spawn, spawnSync } from "node:child_process";
import { appendFileSync, mkdirSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { streamMetric } from "../../../components/jobs/stream-backup";
import { streamBackupFiles, streamRestoreFiles } from "../../../components/jobs/stream-scripts";
import { accountsConfig, inboxOf, permissionsOf } from "../../../components/messaging/nats-access";
import { natsBackupUsers } from "../../../components/messaging/nats-names";
import { opmas } from "../../fixtures/project/systems/opmas";
import { freePorts, Program, untilReady } from "../../cluster/processes";
import { built, missing, scratch } from "../../compose/programs";
import { needs } from "../../support/needs";
import { BucketLab } from "./bucket-lab";

const { streams } = opmas.stores.nats;
const admin = { user: "admin", password: "secret" };

/** The accounts of the servers, with a user that has all permissions. Passwords replace their hashes. */
function accounts(): string {
  const config = JSON.parse(
    accountsConfig(permissionsOf([], streams, true), 1, () => admin.password),
  ) as Record<string, Record<string, { users: object[] }>>;
  config.accounts?.APP?.users.push(admin);
  return JSON.stringify(config);
}

describe("backup and restore of streams on a real NATS server", function () {
  let server: Program;
  let url: string;
  let lab: BucketLab;

  before(async function () {
    needs(this, missing("nats-server", "nats"));
    const folder = scratch();
    const [port, monitor] = await freePorts(2);
    url = `nats://127.0.0.1:${port}`;
    mkdirSync(join(folder, "js"));
    const config = { port, http_port: monitor, jetstream: { store_dir: join(folder, "js") } };
    const { ...all } = { ...config, ...(JSON.parse(accounts()) as object) };
    writeFileSync(join(folder, "nats.conf"), JSON.stringify(all));
    server = new Program(built("nats-server").file, ["-c", join(folder, "nats.conf")], folder);
    await untilReady(server, () => fetch(`http://127.0.0.1:${monitor}/healthz`), 20_000);
  });
  after(() => server?.stop());
  beforeEach(() => {
    lab = new BucketLab(
      { ...streamBackupFiles, ...streamRestoreFiles },
      { as: {}, path: [dirname(built("nats").file)] },
      {
        PREFIX: "streams/nats",
        METRIC: streamMetric,
        DIMENSIONS: "System=opmas",
        NATS_URL: url,
        NATS_PASSWORD: admin.password,
      },
    );
    for (const [stream, { subjects }] of Object.entries(streams)) {
      nats(["stream", "rm", stream, "--force"], false);
      const options = ["--subjects", subjects.join(","), "--retention", "work", "--storage", "file"];
      nats(["stream", "add", stream, ...options, "--defaults"]);
    }
    nats(["consumer", "add", "LOGS", "agents", "--pull", "--ack", "explicit", "--defaults"]);
    nats(["pub", "logs.router", "message {{Count}}", "--count", "50", "--jetstream"]);
    nats(["consumer", "next", "LOGS", "agents", "--count", "5", "--ack"]);
  });
  afterEach(() => lab?.end());

  /** The CLI, as the user with all permissions. */
  function nats(args: readonly string[], succeeds = true): string {
    const login = ["--user", admin.user, "--password", admin.password];
    const { status, stdout, stderr } = spawnSync(built("nats").file, ["--server", url, ...login, ...args], {
      encoding: "utf8",
    });
    if (succeeds) assert.equal(status, 0, `${args.join(" ")}: ${stdout}${stderr}`);
    return stdout;
  }
  const state = (stream: string) => {
    const { messages, first_seq, last_seq, consumer_count } = (
      JSON.parse(nats(["stream", "info", stream, "--json"])) as { state: Record<string, number> }
    ).state;
    return { messages, first_seq, last_seq, consumer_count };
  };
  const login = (user: string) => ({ NATS_USER: `${user}_1`, INBOX: inboxOf(user) });
  const backup = (named = Object.keys(streams).join(" ")) =>
    lab.inTurn(["backup.sh", "upload.sh"], { ...login(natsBackupUsers.backup), STREAMS: named });
  const restore = (named: string, before = "") =>
    lab.inTurn(["fetch.sh", "restore.sh"], {
      ...login(natsBackupUsers.restore),
      STREAMS: named,
      BEFORE: before,
    });
  const succeeded = ({ code, output }: { code: number; output: string }) => assert.equal(code, 0, output);

  it("restores a deleted stream with its messages and consumers", async () => {
    const whole = state("LOGS");
    assert.deepEqual(whole, { messages: 45, first_seq: 6, last_seq: 50, consumer_count: 1 });
    succeeded(await backup());
    assert.deepEqual(lab.metrics, ["Plinth/Backups StreamsBackedUp 1 System=opmas"]);
    const [place = ""] = lab.keys.map((key) => key.replace(/\/(LOGS|FINDINGS|SHA256SUMS).*/, ""));
    assert.match(place, /^streams\/nats\/\d{4}-\d\d-\d\d\/\d{6}$/);
    assert.deepEqual(
      lab.keys.map((key) => key.slice(place.length + 1)),
      [
        ...["FINDINGS/backup.json", "FINDINGS/stream.tar.s2"],
        ...["LOGS/backup.json", "LOGS/stream.tar.s2", "SHA256SUMS"],
      ],
    );
    nats(["stream", "rm", "LOGS", "--force"]);
    succeeded(await restore("LOGS"));
    assert.deepEqual(state("LOGS"), whole);
    assert.match(nats(["consumer", "next", "LOGS", "agents", "--count", "1", "--ack"]), /message 6/);
  });

  it("replaces the empty stream that the controller creates, but none with messages", async () => {
    succeeded(await backup());
    const { code, output } = await restore("LOGS");
    assert.equal(code, 1);
    assert.match(output, /Stream LOGS exists and holds messages/);
    assert.equal(state("LOGS").messages, 45);
    nats(["stream", "purge", "LOGS", "--force"]);
    succeeded(await restore("LOGS"));
    assert.equal(state("LOGS").messages, 45);
  });

  it("restores the newest backup before a time, and lists the streams", async () => {
    succeeded(await backup());
    assert.match(
      (await restore("LOGS", "2020-01-01/000000")).output,
      /No backup before '2020-01-01\/000000'/,
    );
    assert.match((await restore("")).output, /Set STREAMS[^]*FINDINGS\/ LOGS\//);
    assert.match((await restore("OTHER")).output, /The backup has no stream OTHER/);
    nats(["stream", "rm", "LOGS", "--force"]);
    succeeded(await restore("LOGS", "2999-01-01/000000"));
  });

  it("detects a changed snapshot, and ignores a backup without checksums", async () => {
    succeeded(await backup());
    const snapshot = lab.keys.find((key) => key.endsWith("LOGS/stream.tar.s2")) ?? "";
    appendFileSync(lab.path(snapshot), "x");
    nats(["stream", "rm", "LOGS", "--force"]);
    assert.match((await restore("LOGS")).output, /LOGS\/stream\.tar\.s2: FAILED/);
    const failed = await backup("LOGS");
    assert.notEqual(failed.code, 0);
    assert.match(failed.output, /stream not found/);
    assert.equal(lab.metrics.length, 1, "no second backup is reported");
  });

  it("have no other permissions on the streams", async () => {
    const { backup: reader, restore: writer } = natsBackupUsers;
    const refused: readonly (readonly [user: string, ...args: string[]])[] = [
      [reader, "stream", "rm", "LOGS", "--force"],
      [writer, "stream", "purge", "LOGS", "--force"],
      ...[reader, writer].flatMap((user) => [
        [user, "consumer", "next", "LOGS", "agents", "--count", "1"] as const,
        [user, "pub", "logs.forged", "x", "--jetstream"] as const,
      ]),
    ];
    // Concurrently, since each waits until its request times out.
    const codes = refused.map(([user, ...args]) => {
      const login = ["--user", `${user}_1`, "--password", admin.password, "--inbox-prefix", inboxOf(user)];
      const all = ["--server", url, ...login, "--timeout", "1s", ...args];
      const child = spawn(built("nats").file, all, { stdio: "ignore" });
      return new Promise<number | null>((resolve) => child.once("close", resolve));
    });
    for (const [index, code] of (await Promise.all(codes)).entries())
      assert.notEqual(code, 0, refused[index]?.join(" "));
    assert.equal(state("LOGS").messages, 45);
  });
});
