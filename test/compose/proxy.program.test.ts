import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { createServer, request, type IncomingMessage } from "node:http";
import { request as secureRequest } from "node:https";
import type { AddressInfo } from "node:net";
import { writeFileSync } from "node:fs";
import { join } from "node:path";
import { caddyfile, sites, stickyCookie } from "../../compose/proxy";
import { images } from "../../compose/images";
import { freePorts, Program, untilReady } from "../cluster/processes";
import { files, onePlan, plans, systems } from "./fixture";
import { built, missing, scratch } from "./programs";
import { needs } from "../support/needs";

describe("the local tier's proxy on the real Caddy", function () {
  const lack = missing("caddy");
  const running: (() => unknown)[] = [];
  before(function () {
    needs(this, lack);
  });
  after(() => Promise.all(running.map((stop) => stop())));

  it("has the image's version", () => {
    assert.ok(images.caddy.includes(`:${built("caddy").version.slice(1)}-`), images.caddy);
  });

  for (const system of [...systems, undefined])
    it(`accepts the configuration of ${system ?? "all"}`, async () => {
      const folder = scratch();
      const file = join(folder, "Caddyfile");
      writeFileSync(file, caddyfile((await plans(system)).flatMap(sites)));
      const { status, stderr } = spawnSync(built("caddy").file, ["validate", "--config", file], {
        encoding: "utf8",
        env: { HOME: folder, XDG_DATA_HOME: folder, XDG_CONFIG_HOME: folder },
      });
      assert.equal(status, 0, stderr);
      const { "compose.yaml": text = "" } = await files(system);
      for (const { host } of (await plans(system)).flatMap(sites))
        assert.ok(text.includes(`- ${host}\n`), host);
    });

  /** A container that answers with its name and the request. */
  const container = async (name: string): Promise<number> => {
    const server = createServer((asked, answer) => {
      answer.setHeader(
        "asked",
        `${asked.headers.host ?? ""} ${asked.url ?? ""} ${asked.headers["x-forwarded-proto"] ?? ""}`,
      );
      asked
        .resume()
        .on("end", () => answer.end(name))
        .on("error", () => answer.destroy());
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    running.push(() => server.close());
    return (server.address() as AddressInfo).port;
  };

  interface Answer {
    readonly status: number;
    readonly text: string;
    readonly asked: string;
    readonly cookie: string | undefined;
  }

  /** A system's proxy in front of fake containers, two per workload. */
  const start = async (system: string, largestBody = "1GB") => {
    const ports = new Map<string, number[]>();
    const plan = await onePlan(system);
    const all = sites(plan).map((site) => ({ ...site, largestBody }));
    for (const { routes } of all)
      for (const { to } of routes)
        if (to !== "nothing" && !ports.has(to.host))
          ports.set(to.host, [await container(`${to.host} 1`), await container(`${to.host} 2`)]);
    const [http = 0, https = 0] = await freePorts(2);
    const folder = scratch();
    const text = caddyfile(
      all,
      ({ host }) => `to ${(ports.get(host) ?? []).map((port) => `127.0.0.1:${port}`).join(" ")}`,
    );
    writeFileSync(
      join(folder, "Caddyfile"),
      text.replace("{\n", `{\n\thttp_port ${http}\n\thttps_port ${https}\n`),
    );
    const proxy = new Program(built("caddy").file, ["run", "--config", "Caddyfile"], folder, {
      HOME: folder,
      XDG_DATA_HOME: folder,
      XDG_CONFIG_HOME: folder,
    });
    running.push(() => proxy.stop());
    const ask = (url: string, headers: Readonly<Record<string, string>> = {}, body?: string) =>
      new Promise<Answer>((resolve, reject) => {
        const { protocol, hostname, pathname } = new URL(url);
        const options = {
          host: "127.0.0.1",
          method: body === undefined ? "GET" : "POST",
          path: pathname,
          headers: { ...headers, host: hostname },
          ...(protocol === "https:"
            ? { port: https, servername: hostname, rejectUnauthorized: false }
            : { port: http }),
        };
        const answered = (answer: IncomingMessage) => {
          let body = "";
          answer.on("data", (part) => (body += String(part)));
          answer.on("end", () =>
            resolve({
              status: answer.statusCode ?? 0,
              text: body,
              asked: String(answer.headers.asked),
              cookie: answer.headers["set-cookie"]?.[0]?.split(";")[0],
            }),
          );
        };
        (protocol === "https:" ? secureRequest : request)(options, answered).on("error", reject).end(body);
      });
    // It answers over HTTP before it has created its certificates.
    await untilReady(proxy, () => ask(`https://${all[0]?.host ?? ""}/`), 20_000);
    return ask;
  };

  it("routes each path like the cluster's Ingress, over HTTP and HTTPS", async () => {
    const ask = await start("ams");
    const to = async (url: string) => (await ask(url)).text.split(".")[0];
    assert.equal(await to("http://app.ams.localhost/"), "ams-web-service");
    assert.equal(await to("http://app.ams.localhost/api"), "ams-api-service");
    assert.equal(await to("http://app.ams.localhost/api/assets"), "ams-api-service");
    assert.equal(await to("http://app.ams.localhost/apis"), "ams-web-service");
    assert.equal((await ask("https://app.ams.localhost/api/x")).asked, "app.ams.localhost /api/x https");
  });

  it("routes to the four services of M", async () => {
    const ask = await start("asset-management");
    const to = async (path: string) =>
      (await ask(`http://app.asset-management.localhost${path}`)).text.split(".")[0];
    assert.equal(await to("/api/inventory/stock"), "asset-management-inventory");
    assert.equal(await to("/api/other"), "asset-management-api");
  });

  it("hides metrics that only Prometheus may read", async () => {
    const ask = await start("tapwork");
    assert.equal((await ask("http://api.tapwork.localhost/metrics")).status, 404);
    assert.equal((await ask("http://api.tapwork.localhost/health")).status, 200);
  });

  it("uses sticky sessions only for workloads that are described so", async () => {
    const ask = await start("opmas");
    const first = await ask("http://api.opmas.localhost/");
    assert.match(first.cookie ?? "", new RegExp(`^${stickyCookie}=`));
    for (let times = 0; times < 6; times++)
      assert.equal(
        (await ask("http://api.opmas.localhost/", { cookie: first.cookie ?? "" })).text,
        first.text,
      );
    const asked = new Set<string>();
    for (let times = 0; times < 6; times++) {
      const answer = await ask("http://ui.opmas.localhost/");
      assert.equal(answer.cookie, undefined);
      asked.add(answer.text);
    }
    assert.equal(asked.size, 2, "other clients get all containers in turn");
  });

  it("refuses a body that AWS WAF would refuse, and none without a limit", async () => {
    const [limited, open] = [await start("ams", "1KB"), await start("ams")];
    const post = async (ask: typeof open, bytes: number) =>
      (await ask("http://app.ams.localhost/api", { "content-length": String(bytes) }, "x".repeat(bytes)))
        .status;
    assert.equal(await post(limited, 900), 200);
    assert.equal(await post(limited, 2000), 413);
    assert.equal(await post(open, 200_000), 200);
  });
});
