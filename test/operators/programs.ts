import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";

import { type ControlPlane, plainGet } from "../cluster/control-plane";
import { freePorts, type Program } from "../cluster/processes";
import type { Operator, Operators } from "./assets";
import type { Identity } from "./aggregated";
import type { Network } from "./proxy";

/** Starts the programs next to a control plane, with their charts' arguments except for addresses and intervals. */
export class Programs {
  readonly ports = new Map<Operator, number>();
  private readonly running = new Map<Operator, Program>();

  /** @param wanted programs that a scenario needs; others aren't started */
  constructor(
    private readonly plane: ControlPlane,
    private readonly operators: Operators,
    private readonly network: Network,
    private readonly wanted: ReadonlySet<Operator>,
  ) {}

  /** Whether it should be started. */
  has(operator: Operator): boolean {
    return this.wanted.has(operator) && this.operators[operator] !== undefined;
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

  /** @param config in Prometheus' format: JSON is YAML */
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

  /**
   * KEDA's operator, and the metrics server for autoscalers. Their certificates come from elsewhere, since no kubelet
   * mounts those that they generate. Resolves to the port of the latter.
   */
  async keda(identity: Identity): Promise<number> {
    const certificates = this.folder("keda-certificates");
    writeFileSync(join(certificates, "ca.crt"), identity.ca);
    writeFileSync(join(certificates, "tls.crt"), identity.cert);
    writeFileSync(join(certificates, "tls.key"), identity.key, { mode: 0o600 });
    const [health = 0, metrics = 0, grpc = 0, serving = 0, figures = 0] = await freePorts(5);
    const env = {
      KUBECONFIG: this.plane.kubeconfig,
      WATCH_NAMESPACE: "",
      POD_NAMESPACE: "keda",
      // As in the chart's values: it can't read workloads' secrets.
      KEDA_RESTRICT_SECRET_ACCESS: "true",
      KEDA_CLUSTER_OBJECT_NAMESPACE: "keda",
      // The proxy acts as SQS, and accepts any credentials.
      AWS_ENDPOINT_URL_SQS: this.network.url,
      AWS_ACCESS_KEY_ID: "test",
      AWS_SECRET_ACCESS_KEY: "test",
      AWS_EC2_METADATA_DISABLED: "true",
    };
    await this.start(
      "keda-operator",
      [
        `--metrics-bind-address=127.0.0.1:${metrics}`,
        `--health-probe-bind-address=127.0.0.1:${health}`,
        `--metrics-service-bind-address=127.0.0.1:${grpc}`,
        `--cert-dir=${certificates}`,
        "--kube-api-qps=200",
        "--kube-api-burst=400",
      ],
      `http://127.0.0.1:${health}/readyz`,
      env,
    );
    await this.start(
      "keda-metrics-server",
      [
        `--port=${figures}`,
        "--bind-address=127.0.0.1",
        `--secure-port=${serving}`,
        `--metrics-service-address=localhost:${grpc}`,
        `--client-ca-file=${join(certificates, "ca.crt")}`,
        `--tls-cert-file=${join(certificates, "tls.crt")}`,
        `--tls-private-key-file=${join(certificates, "tls.key")}`,
        `--cert-dir=${certificates}`,
        `--authentication-kubeconfig=${this.plane.kubeconfig}`,
        `--authorization-kubeconfig=${this.plane.kubeconfig}`,
        `--lister-kubeconfig=${this.plane.kubeconfig}`,
      ],
      `http://127.0.0.1:${figures}/metrics`,
      env,
    );
    return serving;
  }

  /** A folder for the program, removed with the control plane's. */
  folder(name: string): string {
    const path = join(this.plane.dataFolder, name);
    mkdirSync(path, { recursive: true });
    return path;
  }

  async start(
    operator: Operator,
    args: readonly string[],
    health: string,
    env: Readonly<Record<string, string>> = {},
  ): Promise<Program> {
    const built = this.operators[operator];
    if (built === undefined) throw new Error(`${operator} isn't built`);
    const program = await this.plane.startBeside(built.file, args, {
      env: { ...this.network.env, ...env },
      ready: () => plainGet(health),
    });
    this.running.set(operator, program);
    return program;
  }

  /** Stops a program. */
  async stop(operator: Operator): Promise<void> {
    await this.running.get(operator)?.stop();
    this.running.delete(operator);
  }
}
