import { spawn, spawnSync } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as wait } from "node:timers/promises";
import { builtProgram } from "./built-program";

/** Path of the OpenTelemetry collector as `npm run tools:collector` builds it; undefined: it hasn't been built. */
export const otelcol = (): string | undefined => builtProgram("otelcol");

/** What the collector's container has, and credentials that nothing is signed with. */
const environment = {
  ...process.env,
  NODE_NAME: "node",
  SEARCH_ENDPOINT: "https://search.invalid",
  AWS_ACCESS_KEY_ID: "none",
  AWS_SECRET_ACCESS_KEY: "none",
  KUBERNETES_SERVICE_HOST: "127.0.0.1",
  KUBERNETES_SERVICE_PORT: "1",
};

/** Gives a function a new folder, and removes it after. */
export async function inFolder<T>(use: (folder: string) => T | Promise<T>): Promise<T> {
  const folder = mkdtempSync(join(tmpdir(), "otelcol-"));
  try {
    return await use(folder);
  } finally {
    rmSync(folder, { recursive: true, force: true });
  }
}

/** What the collector says of a configuration; empty: it is valid. */
export const faultsOf = (program: string, config: object): Promise<string> =>
  inFolder((folder) => {
    const file = join(folder, "config.json");
    writeFileSync(file, JSON.stringify(config));
    const { status, stderr } = spawnSync(program, ["validate", "--config", file], {
      encoding: "utf8",
      env: environment,
    });
    return status === 0 ? "" : stderr;
  });

/** Runs the collector until `done` says so, for 20 seconds at most. */
export async function runUntil(
  program: string,
  folder: string,
  config: object,
  done: () => boolean | Promise<boolean>,
): Promise<void> {
  const file = join(folder, "config.json");
  writeFileSync(file, JSON.stringify(config));
  const child = spawn(program, ["--config", file], { env: environment, stdio: ["ignore", "ignore", "pipe"] });
  let words = "";
  child.stderr.on("data", (chunk: Buffer) => (words += chunk.toString()));
  const ended = new Promise<void>((resolve) => child.once("exit", () => resolve()));
  try {
    for (let left = 100; left > 0; left -= 1) {
      if (child.exitCode !== null) throw new Error(`the collector ended:\n${words}`);
      if (await done()) return;
      await wait(200);
    }
    throw new Error(`not done in 20 seconds:\n${words}`);
  } finally {
    child.kill();
    await ended;
  }
}
