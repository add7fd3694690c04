import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type ControlPlane, plainGet } from "../cluster/control-plane";
import { freePorts, type Program } from "../cluster/processes";
import type { Operator, Operators } from "./assets";
import type { Network } from "./proxy";

/** Starts the programs beside a control plane, each as its chart starts it, but for addresses and paces. */
export class Programs {
  readonly ports = new Map<Operator, number>();

  constructor(
    private readonly plane: ControlPlane,
    private readonly operators: Operators,
    private readonly network: Network,
  ) {}

  has(operator: Operator): boolean {
    return this.operators[operator] !== undefined;
  }

  async argoRollouts(): Promise<void> {
    const [health = 0, metrics = 0] = await freePorts(2);
    await this.start(
      "rollouts-controller",
      [
        `--kubeconfig=${this.plane.kubeconfig}`,
        "--namespace=argo-rollouts",
        `--healthzPort=${health}`,
        `--metricsPort=${metrics}`,
        "--leader-elect=false",
        "--loglevel=info",
        "--qps=200",
        "--burst=400",
      ],
      `http://127.0.0.1:${health}/healthz`,
    );
  }

  async certManager(): Promise<void> {
    const [health = 0] = await freePorts(1);
    await this.start(
      "cert-manager",
      [`--kubeconfig=${this.plane.kubeconfig}`, `--health=127.0.0.1:${health}`],
      `http://127.0.0.1:${health}/`,
    );
  }

  /** @param config as Prometheus reads it: JSON is YAML */
  async prometheus(config: object): Promise<Program> {
    const [port = 0] = await freePorts(1);
    this.ports.set("prometheus", port);
    const folder = this.folder("prometheus");
    const file = join(folder, "prometheus.yml");
    writeFileSync(file, JSON.stringify(config));
    return this.start(
      "prometheus",
      [
        `--config.file=${file}`,
        `--storage.tsdb.path=${join(folder, "data")}`,
        `--web.listen-address=127.0.0.1:${port}`,
      ],
      `http://127.0.0.1:${port}/-/ready`,
    );
  }

  /** A folder of the program's own, gone with the control plane's. */
  folder(name: string): string {
    const path = join(this.plane.dataFolder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async start(operator: Operator, args: readonly string[], health: string): Promise<Program> {
    const built = this.operators[operator];
    if (built === undefined) throw new Error(`${operator} isn't built`);
    return this.plane.startBeside(built.file, args, {
      env: this.network.env,
      ready: () => plainGet(health),
    });
  }
}
