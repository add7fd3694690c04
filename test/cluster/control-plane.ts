import { generateKeyPairSync, randomBytes } from "node:crypto";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { get as httpGet } from "node:http";
import { tmpdir } from "node:os";
import { join } from "node:path";

import type { Assets } from "./assets";
import { Client, type Endpoint } from "./client";
import { Cluster } from "./cluster";
import {
  apiServerArgs,
  controllerManagerArgs,
  etcdArgs,
  kwokArgs,
  type Ports,
  schedulerArgs,
  schedulerConfig,
} from "./flags";
import { freePorts, Program, requireFree, untilReady } from "./processes";

export interface ControlPlaneOptions {
  assets: Assets;
  /** Ports to use instead of free ones. */
  ports?: Partial<Ports>;
  /** Timeout for each program to become ready, in milliseconds. */
  timeoutMs?: number;
}

/** How a program next to the control plane is started. */
export interface Beside {
  env?: Readonly<Record<string, string>>;
  /** Throws until the program responds. */
  ready: () => Promise<unknown>;
}

const PORT_NAMES = ["etcd", "etcdPeer", "apiServer", "controllerManager", "scheduler"] as const;

/** Running control planes. They end with the process, however it ends. */
const running = new Set<ControlPlane>();
process.once("exit", () => running.forEach((plane) => plane.killNow()));

/**
 * A real Kubernetes control plane on loopback with simulated nodes: etcd, kube-apiserver, kube-controller-manager,
 * kube-scheduler and kwok, with its own data folder and ports.
 */
export class ControlPlane {
  private readonly folder = mkdtempSync(join(tmpdir(), "plinth-cluster-"));
  private readonly programs: Program[] = [];
  /** Rejects when any program exits unexpectedly; never resolves. */
  private readonly death = new Death();
  private readonly token = randomBytes(24).toString("hex");
  private client: Client | undefined;
  private connected: Cluster | undefined;

  private constructor(
    private readonly assets: Assets,
    private readonly ports: Ports,
    private readonly timeoutMs: number,
  ) {}

  /**
   * Starts everything and waits until it responds. If a part fails, the others are stopped. If a free port is taken
   * before the program listens on it, everything is started again with other ports.
   */
  static async start(options: ControlPlaneOptions): Promise<ControlPlane> {
    for (let left = 2; ; left--) {
      try {
        return await ControlPlane.startOnce(options);
      } catch (error) {
        const isTaken = error instanceof Error && error.message.includes("address already in use");
        if (left === 0 || !isTaken || options.ports !== undefined) throw error;
      }
    }
  }

  private static async startOnce({
    assets,
    ports: wanted = {},
    timeoutMs = 60_000,
  }: ControlPlaneOptions): Promise<ControlPlane> {
    const ports = await pickPorts(wanted);
    const plane = new ControlPlane(assets, ports, timeoutMs);
    running.add(plane);
    try {
      await plane.startPrograms();
      return plane;
    } catch (error) {
      await plane.stop();
      throw error;
    }
  }

  /**
   * Starts another program next to the control plane and waits until it responds. From then on it belongs to the
   * control plane: both stop together, and its unexpected exit aborts the current work.
   */
  async startBeside(command: string, args: readonly string[], options: Beside): Promise<Program> {
    const program = this.watched(new Program(command, args, this.folder, options.env));
    await this.during(untilReady(program, options.ready, this.timeoutMs));
    return program;
  }

  get kubeconfig(): string {
    return join(this.folder, "kubeconfig");
  }

  /** Administrator access to the API server. */
  get endpoint(): Endpoint {
    const ca = readFileSync(join(this.folder, "apiserver.crt"), "utf8");
    return { url: `https://127.0.0.1:${this.ports.apiServer}`, token: this.token, ca };
  }

  get cluster(): Cluster {
    if (!this.connected) throw new Error("the control plane is not started");
    return this.connected;
  }

  /** Runs `work`, and rejects with a clear error if a program exits first. */
  async during<T>(work: Promise<T>): Promise<T> {
    // A failed request to a dead server is noticed before its exit, which is the better message.
    const patient = work.catch(async (error: unknown) => {
      await new Promise((resolve) => setTimeout(resolve, 200));
      throw error;
    });
    return Promise.race([patient, this.death.promise]);
  }

  /** Stops all programs and removes their data. */
  async stop(): Promise<void> {
    this.client?.close();
    // Clients before servers; otherwise each waits for and logs lost connections.
    for (const program of [...this.programs].reverse()) await program.stop();
    this.forget();
  }

  killNow(): void {
    this.programs.forEach((program) => program.killNow());
    this.forget();
  }

  /** Process ids by program, for tests that kill one. */
  get pids(): Record<string, number | undefined> {
    return Object.fromEntries(this.programs.map(({ name, pid }) => [name, pid]));
  }

  get dataFolder(): string {
    return this.folder;
  }

  private forget(): void {
    rmSync(this.folder, { recursive: true, force: true });
    running.delete(this);
  }

  private async startPrograms(): Promise<void> {
    await this.startEtcd();
    await this.startApiServer();
    const kubeconfig = this.writeKubeconfig();
    const scheduler = join(this.folder, "scheduler.json");
    writeFileSync(scheduler, JSON.stringify(schedulerConfig(kubeconfig)));
    this.run("kube-controller-manager", controllerManagerArgs(this.folder, this.ports, kubeconfig));
    this.run("kube-scheduler", schedulerArgs(this.folder, this.ports, scheduler));
    this.run("kwok", kwokArgs(kubeconfig));
    await this.during(this.cluster.discover());
  }

  private async startEtcd(): Promise<void> {
    const etcd = this.run("etcd", etcdArgs(this.folder, this.ports));
    await untilReady(etcd, () => plainGet(`http://127.0.0.1:${this.ports.etcd}/health`), this.timeoutMs);
  }

  private async startApiServer(): Promise<void> {
    writeIdentity(this.folder, this.token);
    const server = this.run("kube-apiserver", apiServerArgs(this.folder, this.ports));
    // The server generates its certificate when it starts, so it can be trusted only then.
    await untilReady(server, () => this.connect().client.text("/readyz"), this.timeoutMs);
  }

  private connect(): Cluster {
    if (!this.connected) {
      this.client = new Client(this.endpoint);
      this.connected = new Cluster(this.client);
    }
    return this.connected;
  }

  private run(binary: keyof Assets["binaries"], args: readonly string[]): Program {
    return this.watched(new Program(this.assets.binaries[binary], args, this.folder));
  }

  private watched(program: Program): Program {
    this.programs.push(program);
    program.died.catch((error: unknown) => this.death.of(error));
    return program;
  }

  private writeKubeconfig(): string {
    const file = this.kubeconfig;
    const server = `https://127.0.0.1:${this.ports.apiServer}`;
    const config = {
      apiVersion: "v1",
      kind: "Config",
      "current-context": "test",
      contexts: [{ name: "test", context: { cluster: "test", user: "test" } }],
      clusters: [
        { name: "test", cluster: { server, "certificate-authority": join(this.folder, "apiserver.crt") } },
      ],
      users: [{ name: "test", user: { token: this.token } }],
    };
    writeFileSync(file, JSON.stringify(config), { mode: 0o600 });
    return file;
  }
}

/** A promise that others can reject. */
class Death {
  of: (error: unknown) => void = () => undefined;
  readonly promise = new Promise<never>((_, reject) => (this.of = reject));

  constructor() {
    // Prevents an unhandled rejection before something races against it.
    this.promise.catch(() => undefined);
  }
}

async function pickPorts(wanted: Partial<Ports>): Promise<Ports> {
  const free = await freePorts(PORT_NAMES.length);
  const entries = PORT_NAMES.map((name, index) => [name, wanted[name] ?? free[index] ?? 0] as const);
  for (const [name, port] of entries) await requireFree(port, name);
  return Object.fromEntries(entries) as unknown as Ports;
}

/** Writes the key that signs service account tokens, and the only user, a member of `system:masters`. */
function writeIdentity(folder: string, token: string): void {
  const { publicKey, privateKey } = generateKeyPairSync("ec", {
    namedCurve: "P-256",
    publicKeyEncoding: { type: "spki", format: "pem" },
    privateKeyEncoding: { type: "sec1", format: "pem" },
  });
  writeFileSync(join(folder, "service-account.key"), privateKey, { mode: 0o600 });
  writeFileSync(join(folder, "service-account.pub"), publicKey, { mode: 0o600 });
  writeFileSync(join(folder, "tokens.csv"), `${token},test-admin,test-admin,"system:masters"\n`, {
    mode: 0o600,
  });
}

/** Resolves if the address responds with 200. */
export function plainGet(url: string): Promise<void> {
  return new Promise((resolve, reject) => {
    const request = httpGet(url, (reply) => {
      reply.resume();
      reply.on("end", () =>
        reply.statusCode === 200 ? resolve() : reject(new Error(`HTTP ${reply.statusCode ?? 0}`)),
      );
    });
    request.on("error", reject);
  });
}
