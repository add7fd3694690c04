import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdirSync, readFileSync, writeFileSync } from "node:fs";
import { dirname, delimiter, join } from "node:path";
import { rootCertificates } from "node:tls";
import { jetstream, jetstreamManager } from "@nats-io/jetstream";
import { connect, type NatsConnection } from "@nats-io/transport-node";
import { freePorts, Program, untilReady } from "../cluster/processes";
import { certify } from "./certify";
import { files } from "./fixture";
import { built, installed, missing, parsed, scratch, type ParsedFile } from "./programs";
import { needs } from "../support/needs";

describe("the local tier's NATS on the real server", function () {
  let file: ParsedFile;
  let server: Program;
  let folder: string;
  let port: number;

  const content = (config: string) => file.configs[config]?.content ?? "";

  before(async function () {
    const lack = missing("compose-config", "nats-server", "nats");
    needs(
      this,
      lack ?? (installed("openssl") && process.getuid?.() === 0 ? undefined : "openssl, or not root"),
    );
    file = parsed(await files("opmas"));
    folder = scratch();
    certify(folder, content("certificates-servers"));
    const [client = 0, monitor = 0] = await freePorts(2);
    port = client;
    // The container's configuration, with other ports and folders.
    const config = content("nats")
      .replaceAll("/certificates", join(folder, "certificates"))
      .replace('"/data"', JSON.stringify(join(folder, "data")))
      .replace(/"port": \d+/, `"port": ${port}`)
      .replace(/"http_port": \d+/, `"http_port": ${monitor}`);
    writeFileSync(join(folder, "nats.conf"), config);
    server = new Program(built("nats-server").file, ["-c", join(folder, "nats.conf")], folder);
    await untilReady(server, () => fetch(`http://127.0.0.1:${monitor}/healthz`), 20_000);
  });
  after(() => server?.stop());

  /** Runs the job that creates the streams, with the real CLI. */
  const makeStreams = () => {
    const job = join(folder, "job");
    mkdirSync(job, { recursive: true });
    writeFileSync(join(job, "requests"), content("nats-streams-requests"));
    const script = content("nats-streams-script").replaceAll("/job/", `${job}/`);
    const { environment = {} } = file.services["nats-streams"] ?? {};
    return spawnSync("sh", ["-c", script], {
      encoding: "utf8",
      env: {
        ...environment,
        HOME: folder,
        PATH: [dirname(built("nats").file), process.env.PATH].join(delimiter),
        NATS_URL: `tls://localhost:${port}`,
        NATS_CA: join(folder, "authority", "ca.crt"),
      },
    });
  };

  /** Connects as a workload does: with its variables, but to this server. */
  const as = (service: string): Promise<NatsConnection> => {
    const { environment = {} } = file.services[service] ?? {};
    const { username, password, hostname } = new URL(environment.NATS_URL ?? "");
    const tls = { ca: readFileSync(join(folder, "authority", "ca.crt"), "utf8"), servername: hostname };
    return connect({
      servers: `127.0.0.1:${port}`,
      user: decodeURIComponent(username),
      pass: password,
      reconnect: false,
      timeout: 10_000,
      inboxPrefix: environment.NATS_INBOX_PREFIX ?? "",
      tls,
    });
  };

  it("creates the described streams and consumers, and keeps them when it runs again", async () => {
    for (let times = 0; times < 2; times++) {
      const { status, stdout, stderr } = makeStreams();
      assert.equal(status, 0, `${stdout}${stderr}`);
      assert.equal(stdout.match(/^ok /gm)?.length, 4, stdout);
      assert.match(stdout, times === 0 ? /STREAM\.CREATE\.LOGS/ : /STREAM\.UPDATE\.LOGS/);
    }
    const core = await as("core");
    const manager = await jetstreamManager(core, { checkAPI: false });
    const { config } = await manager.streams.info("FINDINGS");
    assert.deepEqual(
      [config.subjects, config.retention, config.discard],
      [["findings.>"], "workqueue", "new"],
    );
    assert.equal((await manager.consumers.info("FINDINGS", "core")).config.max_deliver, 5);
    await core.close();
  });

  it("updates an existing stream with other settings", () => {
    const requests = file.configs["nats-streams-requests"];
    assert.ok(requests !== undefined);
    const before = requests.content;
    requests.content = before.replaceAll(/"max_bytes":\d+/g, '"max_bytes":1048576');
    const { status, stdout } = makeStreams();
    requests.content = before;
    assert.equal(status, 0, stdout);
  });

  it("reports the refused request and fails", () => {
    const requests = file.configs["nats-streams-requests"];
    assert.ok(requests !== undefined);
    const before = requests.content;
    requests.content = before.replaceAll('"retention":"workqueue"', '"retention":"sometimes"');
    const { status, stdout } = makeStreams();
    requests.content = before;
    assert.notEqual(status, 0);
    assert.match(stdout, /STREAM\.UPDATE\.LOGS: .*error/);
  });

  it("gives each workload exactly the permissions of its description", async () => {
    const [core, agent] = [await as("core"), await as("agent")];
    await jetstream(core).publish("logs.device", "hello");
    const consumer = await jetstream(agent).consumers.get("LOGS", "agents");
    const message = await consumer.next({ expires: 5000 });
    assert.equal(message?.string(), "hello");
    message?.ack();
    await assert.rejects(jetstream(agent, { timeout: 2000 }).publish("logs.device", "forged"));
    await assert.rejects(jetstream(core).consumers.get("LOGS", "agents"));
    const manager = await jetstreamManager(agent, { checkAPI: false });
    await assert.rejects(manager.streams.delete("LOGS"));
    await Promise.all([core.close(), agent.close()]);
  });

  it("refuses a wrong password, and is refused by a client that doesn't trust its authority", async () => {
    const login = { servers: `127.0.0.1:${port}`, user: "opmas-core_1", reconnect: false, timeout: 5000 };
    const untrusting = { servername: "localhost", ca: rootCertificates.join("\n") };
    const trusting = { ...untrusting, ca: readFileSync(join(folder, "authority", "ca.crt"), "utf8") };
    await assert.rejects(connect({ ...login, pass: "wrong", tls: trusting }), /Authorization/i);
    await assert.rejects(connect({ ...login, pass: "wrong", tls: untrusting }), /certificate/i);
  });
});
