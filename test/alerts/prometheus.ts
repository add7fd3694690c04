import { spawn, type ChildProcess } from "node:child_process";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { createServer, type AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { stringify } from "yaml";

/** One series of a result. */
export interface Answer {
  readonly metric: Readonly<Record<string, string>>;
  readonly value: readonly [time: number, value: string];
}

async function freePort(): Promise<number> {
  const server = createServer();
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo;
  await new Promise((resolve) => server.close(resolve));
  return port;
}

/** A local Prometheus with a given configuration. */
export class Prometheus {
  private constructor(
    private readonly child: ChildProcess,
    private readonly address: string,
    private readonly folder: string,
  ) {}

  /** @param rules Content of a file of rules. */
  static async start(program: string, config: object, rules: object): Promise<Prometheus> {
    const folder = mkdtempSync(join(tmpdir(), "plinth-prometheus-"));
    const file = join(folder, "prometheus.yml");
    const ruleFile = join(folder, "rules.yml");
    writeFileSync(ruleFile, stringify(rules));
    writeFileSync(file, stringify({ ...config, rule_files: [ruleFile] }));
    const address = `127.0.0.1:${await freePort()}`;
    const child = spawn(
      program,
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=${address}`,
      ],
      { stdio: "ignore" },
    );
    const prometheus = new Prometheus(child, address, folder);
    try {
      await prometheus.until("vector(1)", 30);
    } catch (error) {
      prometheus.stop();
      throw error;
    }
    return prometheus;
  }

  /** Current result of an expression. Throws with Prometheus' message if it refuses the expression. */
  async ask(query: string): Promise<Answer[]> {
    const response = await fetch(`http://${this.address}/api/v1/query`, {
      method: "POST",
      body: new URLSearchParams({ query }),
    });
    const body = (await response.json()) as { error?: string; data?: { result: Answer[] } };
    if (body.error !== undefined) throw new Error(`${query}: ${body.error}`);
    return body.data?.result ?? [];
  }

  /** Waits until an expression returns something. */
  async until(query: string, seconds: number): Promise<void> {
    for (let waited = 0; waited < seconds; waited += 0.2) {
      if ((await this.ask(query).catch(() => [])).length > 0) return;
      await pause(200);
    }
    throw new Error(`Prometheus has no result for ${query} after ${seconds} seconds`);
  }

  stop(): void {
    this.child.kill("SIGKILL");
    rmSync(this.folder, { recursive: true, force: true, maxRetries: 5 });
  }
}
