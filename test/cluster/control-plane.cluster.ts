import assert from "node:assert/strict";
import { type ChildProcess, execFileSync, spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";

import { ControlPlane } from "./control-plane";
import { UserError } from "./errors";
import { freePorts } from "./processes";
import { theAssets } from "./harness";

/** Processes whose command line contains a text. */
function running(text: string): string[] {
  const processes = execFileSync("ps", ["-eo", "pid=,args="], { encoding: "utf8" }).split("\n");
  return processes.filter((line) => line.includes(text) && !line.includes("ps -eo"));
}

/** Asserts that `start` fails with a user error that matches. */
async function assertFails(start: Promise<unknown>, words: RegExp): Promise<void> {
  await assert.rejects(start, (error) => error instanceof UserError && words.test(error.message));
}

describe("a control plane", () => {
  let scratch = "";
  const systemFolder = process.env.TMPDIR;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "plinth-test-"));
    process.env.TMPDIR = scratch;
  });

  afterEach(() => {
    if (systemFolder === undefined) delete process.env.TMPDIR;
    else process.env.TMPDIR = systemFolder;
    assert.deepEqual(running(scratch), [], "processes were left running");
    assert.deepEqual(readdirSync(scratch), [], "files were left behind");
    rmSync(scratch, { recursive: true });
  });

  it("reports a port that is in use, and starts nothing", async () => {
    const [port = 0] = await freePorts(1);
    const server = createServer().listen(port, "127.0.0.1");
    try {
      const start = ControlPlane.start({ assets: theAssets(), ports: { apiServer: port } });
      await assertFails(
        start,
        new RegExp(`^Port ${port} on 127.0.0.1, meant for apiServer, can't be used \\(EADDRINUSE\\)`),
      );
    } finally {
      await new Promise((resolve) => server.close(resolve));
    }
  });

  it("shows the end of the log of a program that doesn't start, and stops the others", async () => {
    const { binaries, crds } = theAssets();
    // etcd doesn't know the API server's flags: it prints an error and exits.
    const assets = { crds, binaries: { ...binaries, "kube-apiserver": binaries.etcd } };
    await assertFails(
      ControlPlane.start({ assets }),
      /^etcd ended midway \(exit code \d+\); the end of its log:\n  /s,
    );
  });

  it("reports a program that isn't ready in time", async () => {
    const assets = theAssets();
    await assertFails(ControlPlane.start({ assets, timeoutMs: 1 }), /was not ready within 0.001 s/);
  });

  for (const program of ["etcd", "kube-apiserver", "kube-controller-manager", "kube-scheduler", "kwok"]) {
    it(`aborts the work when ${program} dies`, async () => {
      const plane = await ControlPlane.start({ assets: theAssets() });
      try {
        const work = plane.during(keepAsking(plane));
        process.kill(plane.pids[program] ?? 0, "SIGKILL");
        await assertFails(work, new RegExp(`^${program} ended midway \\(SIGKILL\\); the end of its log:`));
      } finally {
        await plane.stop();
      }
    });
  }
});

/** Sends requests until one fails. */
async function keepAsking(plane: ControlPlane): Promise<never> {
  for (;;) {
    await plane.cluster.list("v1", "Namespace");
    await sleep(50);
  }
}

describe("npm run test:cluster", () => {
  let scratch = "";
  let child: ChildProcess | undefined;

  beforeEach(() => {
    scratch = mkdtempSync(join(tmpdir(), "plinth-test-"));
    mkdirSync(join(scratch, "tmp"));
  });

  afterEach(() => {
    child?.kill("SIGKILL");
    rmSync(scratch, { recursive: true, force: true });
  });

  /** Runs the command; resolves to its exit code and its stderr. */
  function run(...args: string[]): Promise<{ code: number | null; stderr: string }> {
    const env = { ...process.env, TMPDIR: join(scratch, "tmp") };
    child = spawn(process.execPath, [join(__dirname, "run.mjs"), ...args], {
      env,
      stdio: ["ignore", "ignore", "pipe"],
    });
    let stderr = "";
    child.stderr?.on("data", (chunk: Buffer) => (stderr += chunk.toString("utf8")));
    return new Promise((resolve) => child?.once("close", (code) => resolve({ code, stderr })));
  }

  it("refuses an empty manifest folder", async () => {
    mkdirSync(join(scratch, "dev", "manifests"), { recursive: true });
    const { code, stderr } = await run("dev", "--from", scratch);
    assert.equal(code, 2);
    assert.match(stderr, /holds no manifest \(\*\.yaml\): the test would pass on nothing/);
    assert.doesNotMatch(stderr, /\n\s+at /);
  });

  it("refuses an unknown stack", async () => {
    const { code, stderr } = await run("prood");
    assert.equal(code, 2);
    assert.match(stderr, /^No stack prood; there are: .*prod/);
  });

  it("stops everything that it started when it is interrupted", async () => {
    cpSync(join(__dirname, "fixtures", "shop"), join(scratch, "dev", "manifests"), { recursive: true });
    writeFileSync(join(scratch, "dev", "preview.json"), JSON.stringify({ resources: PREVIEW }));
    const ended = run("dev", "--from", scratch);
    const folder = join(scratch, "tmp");
    while (running(`--config=${folder}`).length === 0) await sleep(100);
    child?.kill("SIGTERM");
    assert.equal((await ended).code, 143);
    await sleep(500);
    assert.deepEqual(running(folder), []);
    // Node and its tools also keep caches there.
    assert.deepEqual(
      readdirSync(folder).filter((name) => name.startsWith("plinth-")),
      [],
    );
  });
});

/** The minimum of a preview that the test needs. */
const PREVIEW = [
  { urn: "c", type: "aws:eks/cluster:Cluster", name: "c", dependencies: [], inputs: { version: "1.36" } },
  {
    urn: "s",
    type: "aws:ec2/subnet:Subnet",
    name: "s",
    dependencies: [],
    inputs: { availabilityZone: "eu-central-1a", tags: { "kubernetes.io/role/internal-elb": "1" } },
  },
];
