import assert from "node:assert/strict";
import { spawn, type ChildProcess } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { createInterface } from "node:readline";
import { catalog, recordingOf } from "../../support/frozen";
import { inputsOf } from "../../support/inputs";

const folder = join(__dirname, "..", "..", "..", "images", "hello");

describe("the sample image", () => {
  let child: ChildProcess;
  let url = "";
  const lines: string[] = [];

  before(async () => {
    child = spawn(process.execPath, [join(folder, "server.mjs")], {
      env: { PORT: "0" },
      stdio: ["ignore", "pipe", "inherit"],
    });
    const output = createInterface({ input: child.stdout ?? assert.fail() });
    output.on("line", (line) => lines.push(line));
    await once(output, "line");
    url = `http://127.0.0.1:${(JSON.parse(lines[0] ?? "{}") as { listening: number }).listening}`;
  });
  after(() => child.kill("SIGKILL"));

  it("serves its health path, and 404 for other paths", async () => {
    const health = await fetch(`${url}/health`);
    assert.deepEqual([health.status, await health.json()], [200, { status: "ok" }]);
    assert.equal((await fetch(`${url}/verify`, { method: "POST" })).status, 404);
  });

  it("serves the contract's metrics", async () => {
    const answer = await fetch(`${url}/metrics`);
    assert.match(answer.headers.get("content-type") ?? "", /^text\/plain; version=0\.0\.4/);
    const text = await answer.text();
    assert.match(text, /^http_requests_total\{status_code="200"\} 1$/m);
    assert.match(text, /^http_requests_total\{status_code="404"\} 1$/m);
    assert.match(text, /^http_request_duration_seconds_bucket\{le="1"\} 2$/m);
    assert.match(text, /^http_request_duration_seconds_count 2$/m);
  });

  it("writes a line of JSON for a request, and ends on SIGTERM", async () => {
    assert.ok(lines.some((line) => (JSON.parse(line) as { path?: string }).path === "/verify"));
    child.kill("SIGTERM");
    assert.deepEqual(await once(child, "exit"), [0, null]);
  });

  it("runs with the description's user, port and command", () => {
    const dockerfile = readFileSync(join(folder, "Dockerfile"), "utf8");
    const { image, listen } = catalog.tapwork.workloads.biometric;
    assert.match(dockerfile, new RegExp(`^USER ${image.user}$`, "m"));
    assert.match(dockerfile, new RegExp(`^EXPOSE ${listen?.ports.http}$`, "m"));
    assert.match(dockerfile, /^CMD \["node", "server\.mjs"\]$/m, "PID 1 is the process itself");
  });

  it("is only built by dev, which runs its digest", async () => {
    const recording = await recordingOf("dev");
    const image = recording.one("docker:index/image:Image");
    const inputs = inputsOf<{ imageName: string; build: { context: string }; buildOnPreview: boolean }>(
      image,
    );
    assert.match(String(inputs.imageName), /\/plinth\/hello:1\.0\.0$/);
    assert.equal(inputs.build.context, "images/hello");
    assert.equal(inputs.buildOnPreview, false, "a preview needs no Docker");
    const pods = recording.one("kubernetes:apps/v1:Deployment", "primary-tapwork-biometric-deployment");
    assert.ok(pods.dependencies.includes(image.urn));
    for (const stack of ["staging", "prod"] as const)
      assert.deepEqual((await recordingOf(stack)).ofType("docker:index/image:Image"), [], stack);
  });
});
