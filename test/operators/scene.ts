import { type Applied, applyAll, MANAGER } from "../cluster/apply";
import type { Assets } from "../cluster/assets";
import type { Endpoint } from "../cluster/client";
import type { Cluster } from "../cluster/cluster";
import { ControlPlane } from "../cluster/control-plane";
import { definitionsFor, install, readDefinitions } from "../cluster/crds";
import { UserError } from "../cluster/errors";
import { kedaAutoscalers } from "../cluster/keda";
import { keyOf } from "../cluster/manifests";
import { addNodes, planNodes } from "../cluster/nodes";
import type { Ports } from "../cluster/flags";
import { hostileOrder, kindOrder } from "../cluster/order";
import type { KubeObject } from "../cluster/types";
import { aggregate, letAnyoneAsk, makeIdentity, ResourceMetrics } from "./aggregated";
import type { Operator, Operators } from "./assets";
import { Nats } from "./nats";
import { Pods } from "./pods";
import { Programs } from "./programs";
import { Discovery } from "./prometheus";
import { Network } from "./proxy";
import { makeStreams } from "./streams";
import { render, type Rendered, type Settings } from "./stack";

export interface SceneOptions {
  root: string;
  assets: Assets;
  operators: Operators;
  /** Ports of the control plane, instead of free ones. */
  ports?: Partial<Ports>;
  /** Programs that the scenarios need. */
  wanted: ReadonlySet<Operator>;
  /** Differences from production. */
  settings: Settings;
  /** Modifies rendered objects. */
  spoil: (objects: KubeObject[]) => void;
  /** Applies nothing and runs only the operators that EKS includes: a scenario deploys itself. */
  empty?: boolean;
}

/** API groups that the controllers watch, even if a stack has no object of them. */
const WATCHED = ["argoproj.io", "cert-manager.io", "keda.sh", "eventing.keda.sh"];

/** API groups that an EKS cluster serves from the start, or with its add-ons. */
const BY_EKS = ["cert-manager.io", "karpenter.sh", "eks.amazonaws.com"];

/** Address of Prometheus in the stacks. */
const PROMETHEUS = { service: "kube-prometheus-stack-prometheus", namespace: "monitoring", port: 9090 };

/** Production on simulated nodes, with the real programs. */
export class Scene {
  readonly pods: Pods;
  readonly network: Network;
  readonly programs: Programs;
  private discovery: Discovery | undefined;
  private settings: Settings;
  private resourceMetrics: ResourceMetrics | undefined;
  private messaging: Promise<Nats> | undefined;
  private natsTurn: Promise<unknown> = Promise.resolve();
  private deployed: Promise<void> = Promise.resolve();
  private readonly applied = new Map<string, string>();

  private constructor(
    readonly options: SceneOptions,
    private readonly plane: ControlPlane,
  ) {
    this.settings = options.settings;
    this.pods = new Pods(plane.cluster);
    this.network = new Network(this.pods);
    this.programs = new Programs(plane, options.operators, this.network, options.wanted);
  }

  /** Starts everything and runs `play`. Stops everything in any case. */
  static async with<T>(options: SceneOptions, play: (scene: Scene) => Promise<T>): Promise<T> {
    const plane = await ControlPlane.start({ assets: options.assets, ports: options.ports ?? {} });
    const scene = new Scene(options, plane);
    try {
      await plane.during(scene.begin());
      return await plane.during(play(scene));
    } finally {
      scene.network.close();
      scene.discovery?.close();
      scene.resourceMetrics?.close();
      await plane.stop();
    }
  }

  /** Process ids by program. */
  get pids(): Readonly<Record<string, number | undefined>> {
    return this.plane.pids;
  }

  get cluster(): Cluster {
    return this.plane.cluster;
  }

  /** Administrator access to the API server. */
  get endpoint(): Endpoint {
    return this.plane.endpoint;
  }

  /** The current rendering of production. */
  rendered(): Promise<Rendered> {
    return this.render();
  }

  /** Makes Prometheus unreachable, or reachable again. */
  cutPrometheus(cut: boolean): void {
    const { service, namespace, port } = PROMETHEUS;
    this.network.lead(service, namespace, port, cut ? undefined : this.programs.ports.get("prometheus"));
  }

  /** Uses the NATS server, started on first use. One caller at a time, so that none receives another's messages. */
  withNats<T>(work: (nats: Nats) => Promise<T>): Promise<T> {
    this.messaging ??= this.startNats();
    const server = this.messaging;
    const turn = this.natsTurn.then(async () => work(await server));
    this.natsTurn = turn.catch(() => undefined);
    return turn;
  }

  /** Deploys with additional changed settings, as an update does. One deployment at a time. */
  readonly deploy = (settings: Settings): Promise<void> => {
    this.settings = { ...this.settings, ...settings };
    this.deployed = this.deployed.then(() => this.update());
    return this.deployed;
  };

  /** Applies objects whose rendering changed, with force if the object requests it. */
  private async update(): Promise<void> {
    const { objects } = await this.render();
    const changed = objects.filter((object) => this.applied.get(keyOf(object)) !== JSON.stringify(object));
    for (const object of kindOrder(changed)) {
      const force = object.metadata.annotations?.["pulumi.com/patchForce"] === "true";
      await this.cluster.apply(object, { manager: MANAGER, force });
    }
    this.remember(changed);
  }

  private async begin(): Promise<void> {
    if (this.options.empty === true) return this.beginEmpty();
    const { objects, facts } = await this.render();
    const known = readDefinitions(this.options.assets.crds);
    const watched = known.filter(({ definition }) => WATCHED.includes(definition.spec.group));
    await install(this.cluster, [...new Set([...watched, ...definitionsFor(objects, known)])]);
    await addNodes(this.cluster, planNodes([...objects, ...kedaAutoscalers(objects)], facts.nodes));
    await this.network.listen();
    await this.startPrograms(objects);
    refuseRefusals(await applyAll(this.cluster, hostileOrder(objects, facts.graph)));
    if (!this.programs.has("keda-operator"))
      refuseRefusals(await applyAll(this.cluster, kedaAutoscalers(objects)));
    this.remember(objects);
    if (this.programs.has("keda-operator")) await this.startKeda();
  }

  /** Prepares a new EKS cluster with its add-ons, and nodes for production. */
  private async beginEmpty(): Promise<void> {
    const { objects, facts } = await this.rendered();
    const known = readDefinitions(this.options.assets.crds);
    await install(
      this.cluster,
      known.filter(({ definition }) => BY_EKS.includes(definition.spec.group)),
    );
    await addNodes(this.cluster, planNodes([...objects, ...kedaAutoscalers(objects)], facts.nodes));
    await this.cluster.create({ apiVersion: "v1", kind: "Namespace", metadata: { name: "cert-manager" } });
    await this.network.listen();
    await this.programs.certManager();
    await this.startPrometheus(objects);
  }

  /** After the namespaces, since its certificates are in one. */
  async startKeda(): Promise<void> {
    const namespace = "keda";
    const [external, resource] = ["keda-operator-metrics-apiserver", "metrics-server"];
    const names = ["keda-operator", external, resource].flatMap((service) => [
      `${service}.${namespace}.svc`,
      `${service}.${namespace}.svc.cluster.local`,
    ]);
    const identity = await makeIdentity(this.cluster, namespace, [...names, "localhost"]);
    const { ca } = identity;
    await letAnyoneAsk(this.cluster);
    this.resourceMetrics = new ResourceMetrics(this.cluster, identity);
    const port = await this.resourceMetrics.listen();
    await aggregate(this.cluster, { group: "metrics.k8s.io", namespace, service: resource, port, ca });
    const serving = await this.programs.keda(identity);
    const group = "external.metrics.k8s.io";
    await aggregate(this.cluster, { group, namespace, service: external, port: serving, ca });
  }

  /** Stops KEDA and its API: a namespace can't be deleted while an API is unavailable. */
  async stopKeda(): Promise<void> {
    const apiVersion = "apiregistration.k8s.io/v1";
    for (const group of ["external.metrics.k8s.io", "metrics.k8s.io"])
      await this.cluster.delete({ apiVersion, kind: "APIService", metadata: { name: `v1beta1.${group}` } });
    await this.programs.stop("keda-metrics-server");
    await this.programs.stop("keda-operator");
  }

  /** With the streams of the stack, as their controller creates them. */
  private async startNats(): Promise<Nats> {
    const nats = await Nats.start(this.cluster, this.programs, this.network);
    const connection = await nats.connect("jetstream-controller_1", { inboxPrefix: "_INBOX" });
    await makeStreams(this.cluster, connection);
    return nats;
  }

  private async startPrograms(objects: readonly KubeObject[]): Promise<void> {
    const { programs } = this;
    if (programs.has("rollouts-controller")) await programs.argoRollouts();
    if (programs.has("cert-manager")) await programs.certManager();
    if (programs.has("prometheus")) await this.startPrometheus(objects);
  }

  private async startPrometheus(objects: readonly KubeObject[]): Promise<void> {
    this.discovery = await Discovery.start(this.cluster, objects);
    await this.programs.prometheus(this.discovery.config(this.network.url));
    this.cutPrometheus(false);
  }

  private async render(): Promise<Rendered> {
    const rendered = await render(this.options.root, this.settings);
    this.options.spoil(rendered.objects);
    return rendered;
  }

  private remember(objects: readonly KubeObject[]): void {
    for (const object of objects) this.applied.set(keyOf(object), JSON.stringify(object));
  }
}

function refuseRefusals(applied: readonly Applied[]): void {
  const refused = applied.flatMap(({ name, refusal }) =>
    refusal === undefined ? [] : [`${name}: ${refusal}`],
  );
  if (refused.length > 0)
    throw new UserError(["The server refused what the stack renders:", ...refused].join("\n  "));
}
