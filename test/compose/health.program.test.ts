import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { createServer, type Server } from "node:http";
import type { AddressInfo } from "node:net";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { healthCheck } from "../../compose/health";
import { catalog, type SystemSpec } from "../../systems";
import { nginx, node, python } from "../../systems/images";
import { files } from "./fixture";
import { installed, missing, parsed } from "./programs";
import { needs } from "../support/needs";

const { api } = (catalog.ams as SystemSpec).workloads;

describe("health checks of the local tier", function () {
  let server: Server;
  let port: number;
  before(async () => {
    server = createServer((asked, answer) => {
      answer.statusCode = asked.url === "/health/ready" ? 200 : 503;
      answer.end();
    });
    await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
    ({ port } = server.address() as AddressInfo);
  });
  after(() => server.close());

  /** Runs a check as Docker does in the container, and returns its exit code. */
  const run = (test: readonly string[]): Promise<number | null> =>
    new Promise((resolve, reject) => {
      const [, command = "", ...args] = test;
      spawn(command, args, { stdio: "ignore" }).once("error", reject).once("exit", resolve);
    });

  const bases = { node: [node, "node"], python: [python, "python3"], nginx: [nginx, "busybox"] } as const;
  for (const [base, [image, command]] of Object.entries(bases))
    it(`use programs of an image with ${base}, and detect healthy, unhealthy and unreachable workloads`, async function () {
      needs(this, installed(command) ? undefined : command);
      assert.ok(api !== undefined);
      const check = (spec: object, at: number) => {
        const { test } = healthCheck({ ...api, image, ...spec }, {}, { port: at, runsNode: false }) ?? {
          test: [],
        };
        // The image's names for these programs.
        const [kind = "", first = "", ...rest] = test;
        const named = base === "python" ? [command] : base === "nginx" ? [command, first] : [first];
        return [kind, ...named, ...rest];
      };
      assert.equal(await run(check({}, port)), 0);
      const unwell = {
        probes: { ...api.probes, readiness: { path: "/", initialDelaySeconds: 1, periodSeconds: 1 } },
      };
      assert.notEqual(await run(check(unwell, port)), 0);
      assert.notEqual(await run(check({}, 1)), 0);
      assert.equal(await run(check({ probes: undefined }, port)), 0, "by TCP");
      assert.notEqual(await run(check({ probes: undefined }, 1)), 0);
    });

  it("use the probes' intervals", () => {
    assert.ok(api !== undefined);
    const check = healthCheck(api, {}, { runsNode: false });
    assert.deepEqual([check?.interval, check?.start_period, check?.retries], ["5s", "30s", 3]);
    const slow = (catalog.tapwork as SystemSpec).workloads.api;
    assert.ok(slow !== undefined);
    assert.equal(healthCheck(slow, {}, { runsNode: false })?.start_period, "40s");
  });

  it("find the sample healthy on its configured port", async function () {
    needs(this, missing("compose-config"));
    const { server: hello } = (await import(
      pathToFileURL(join(__dirname, "../../images/hello/server.mjs")).href
    )) as { server: Server };
    await new Promise<void>((resolve) => hello.listen(0, "127.0.0.1", resolve));
    const at = String((hello.address() as AddressInfo).port);
    const { services } = parsed(await files(undefined, { profile: "sample" }));
    const samples = Object.values(services).filter(({ environment }) => environment?.PORT !== undefined);
    assert.ok(samples.length > 8);
    const results = samples.map(({ healthcheck, environment }) =>
      run((healthcheck?.test ?? []).map((word) => word.replace(`:${environment?.PORT ?? ""}/`, `:${at}/`))),
    );
    assert.deepEqual(new Set(await Promise.all(results)), new Set([0]));
    hello.close();
  });
});
