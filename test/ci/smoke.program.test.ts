import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { mkdtempSync, readFileSync, rmSync } from "node:fs";
import { createServer as createPlainServer } from "node:http";
import { createServer, type Server } from "node:https";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { SecureVersion } from "node:tls";
import { stubsFor } from "./stubs";

const host = "ams.test";

/** Redirects a script's connections to the host's well-known port to another port on this machine. */
const elsewhere = `const tls = require("node:tls"), connect = tls.connect;
tls.connect = (options) => connect({ ...options, host: "127.0.0.1", port: Number(process.env.TLS_PORT) });
`;

describe(".ci/smoke", function () {
  const stubs = stubsFor("openssl", "curl", "jq");
  const servers: { close(): unknown; closeAllConnections(): void }[] = [];

  let identity: string;

  before(() => {
    identity = mkdtempSync(join(tmpdir(), "plinth-smoke-"));
    const subject = ["-subj", `/CN=${host}`, "-addext", `subjectAltName=DNS:${host}`];
    const files = ["-keyout", join(identity, "key"), "-out", join(identity, "certificate")];
    const args = ["req", "-x509", "-newkey", "rsa:2048", "-nodes", "-days", "2", ...subject, ...files];
    execFileSync("openssl", args, { stdio: "ignore" });
  });
  after(() => identity && rmSync(identity, { recursive: true }));
  beforeEach(() => stubs.write("elsewhere.cjs", elsewhere));
  afterEach(() => {
    for (const server of servers.splice(0)) {
      server.closeAllConnections();
      server.close();
    }
  });

  const listen = async (server: Server | ReturnType<typeof createPlainServer>): Promise<number> => {
    servers.push(server);
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    return (server.address() as AddressInfo).port;
  };

  /** A host that answers a path with the status in its last segment; over HTTP with `plain`. */
  async function serve({ oldest = "TLSv1.2" as SecureVersion, plain = 301 } = {}): Promise<
    Record<string, string>
  > {
    const file = (name: string) => readFileSync(join(identity, name));
    const https = createServer(
      { key: file("key"), cert: file("certificate"), minVersion: oldest, ciphers: "DEFAULT@SECLEVEL=0" },
      ({ url = "" }, response) => response.writeHead(Number(/\d+$/.exec(url)?.[0] ?? 200)).end(),
    );
    const port = await listen(https);
    const http = await listen(createPlainServer((_, response) => response.writeHead(plain).end()));
    const curl = `connect-to = "${host}:443:127.0.0.1:${port}"\nconnect-to = "${host}:80:127.0.0.1:${http}"\n`;
    stubs.write(".curlrc", `${curl}cacert = "${join(identity, "certificate")}"\n`);
    return {
      CURL_HOME: stubs.folder,
      NODE_OPTIONS: `--require ${join(stubs.folder, "elsewhere.cjs")}`,
      TLS_PORT: String(port),
      SMOKE_RETRIES: "0",
    };
  }

  const run = (env: Record<string, string>, ...checks: { path: string; status?: number }[]) =>
    stubs.run("smoke", [], {
      env,
      input: JSON.stringify(checks.map(({ path, status }) => ({ url: `https://${host}${path}`, status }))),
    });

  it("passes a host that answers, accepts only TLS 1.2 and newer, and redirects HTTP to HTTPS", async () => {
    const { code, out } = await run(await serve(), { path: "/200" }, { path: "/302" });
    assert.deepEqual(out.trimEnd().split("\n"), [
      `ok       200 https://${host}/200`,
      `ok       302 https://${host}/302`,
      `ok       301 http://${host}/`,
      `ok       TLS ${host} refuses TLS 1.1 and older`,
    ]);
    assert.equal(code, 0);
  });

  for (const version of ["TLSv1.1", "TLSv1"] as const)
    it(`refuses a host that accepts ${version}`, async () => {
      const { code, out } = await run(await serve({ oldest: version }), { path: "/200" });
      assert.equal(code, 1);
      assert.match(out, new RegExp(`FAILED {3}TLS .*${host} accepts ${version.replace(".", "\\.")}$`, "m"));
    });

  it("passes a host that accepts only TLS 1.3", async () => {
    assert.equal((await run(await serve({ oldest: "TLSv1.3" }), { path: "/" })).code, 0);
  });

  for (const status of [401, 404, 500, 503])
    it(`refuses ${status}, unless it is the expected status`, async () => {
      const env = await serve();
      const { code, out } = await run(env, { path: `/${status}` });
      assert.equal(code, 1);
      assert.match(out, new RegExp(`FAILED   ${status} .*expected a status from 200 to 399`));
      if (status < 500) assert.equal((await run(env, { path: `/${status}`, status })).code, 0);
    });

  it("refuses another status than the expected one", async () => {
    const { code, out } = await run(await serve(), { path: "/200", status: 404 });
    assert.equal(code, 1);
    assert.match(out, /FAILED {3}200 .*: expected 404/);
  });

  it("refuses HTTP without a redirect", async () => {
    assert.equal((await run(await serve({ plain: 200 }), { path: "/200" })).code, 1);
  });

  it("refuses a host that doesn't answer, whose TLS can't be checked", async () => {
    const env = await serve();
    for (const server of servers.splice(0)) server.close();
    const { code, out } = await run(env, { path: "/200" });
    assert.equal(code, 1);
    assert.match(out, /FAILED {3}000/);
    assert.match(out, /couldn't check whether it refuses TLSv1/);
  });

  it("fails without hosts to test", async () => {
    const { code, err } = await run(await serve());
    assert.equal(code, 1);
    assert.match(err, /nothing to test/);
  });
});
