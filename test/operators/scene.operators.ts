import assert from "node:assert/strict";
import { createServer } from "node:net";
import { once } from "node:events";
import { readdirSync, readlinkSync } from "node:fs";
import { join } from "node:path";

import { findAssets } from "../cluster/assets";
import { findOperators, type Operator } from "./assets";
import { Scene, type SceneOptions } from "./scene";
import { SHORTER } from "./scenarios/settings";

const root = process.cwd();

function options(wanted: readonly Operator[], changed: Partial<SceneOptions> = {}): SceneOptions {
  return {
    root,
    assets: findAssets(),
    operators: findOperators(root),
    wanted: new Set(wanted),
    settings: SHORTER,
    spoil: () => undefined,
    ...changed,
  };
}

/** Running programs whose working folder belongs to a cluster of this test. */
function leftBehind(): string[] {
  return readdirSync("/proc")
    .filter((name) => /^\d+$/.test(name))
    .flatMap((pid) => {
      try {
        return [readlinkSync(join("/proc", pid, "cwd"))];
      } catch {
        return [];
      }
    })
    .filter((folder) => folder.includes("plinth-cluster-"));
}

describe("the operators' scene", () => {
  const before = new Set<string>();
  beforeEach(() => {
    before.clear();
    for (const folder of leftBehind()) before.add(folder);
  });
  afterEach(() =>
    assert.deepEqual(
      leftBehind().filter((folder) => !before.has(folder)),
      [],
      "left running",
    ),
  );

  it("reports which program ended, with the end of its log, and stops the others", async () => {
    await assert.rejects(
      Scene.with(options(["rollouts-controller"]), async (scene) => {
        process.kill(scene.pids["rollouts-controller"] ?? 0, "SIGKILL");
        await new Promise((resolve) => setTimeout(resolve, 60_000));
      }),
      /rollouts-controller ended midway \(SIGKILL\); the end of its log:\n {2}/,
    );
  });

  it("reports a port that is in use, before a program fails on it", async () => {
    const server = createServer().listen(0, "127.0.0.1");
    await once(server, "listening");
    const { port } = server.address() as { port: number };
    try {
      await assert.rejects(
        Scene.with(options(["cert-manager"], { ports: { apiServer: port } }), () => Promise.resolve()),
        new RegExp(`Port ${port} on 127.0.0.1, meant for apiServer, can't be used`),
      );
    } finally {
      server.close();
    }
  });

  it("reports that a program doesn't start, and why", async () => {
    const operators = { ...findOperators(root), "cert-manager": { file: "/bin/false", version: "v0" } };
    await assert.rejects(
      Scene.with(options(["cert-manager"], { operators }), () => Promise.resolve()),
      /false ended midway \(exit code 1\)/,
    );
  });

  it("reports a setting that the stack file doesn't have", async () => {
    await assert.rejects(
      Scene.with(options([], { settings: { "nobody.workloads.api.image": "x" } }), () => Promise.resolve()),
      /Pulumi\.prod\.yaml has no .*nobody/,
    );
  });
});
