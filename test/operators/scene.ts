import { type Applied, applyAll, MANAGER } from "../cluster/apply";
import type { Assets } from "../cluster/assets";
import type { Cluster } from "../cluster/cluster";
import { ControlPlane } from "../cluster/control-plane";
import { definitionsFor, install, readDefinitions } from "../cluster/crds";
import { UserError } from "../cluster/errors";
import { kedaAutoscalers } from "../cluster/keda";
import { keyOf } from "../cluster/manifests";
import { addNodes, planNodes } from "../cluster/nodes";
import { hostileOrder, kindOrder } from "../cluster/order";
import type { KubeObject } from "../cluster/types";
import type { Operators } from "./assets";
import { Nats } from "./nats";
import { Pods } from "./pods";
import { Programs } from "./programs";
import { Discovery } from "./prometheus";
import { Network } from "./proxy";
import { render, type Rendered, type Settings } from "./stack";

export interface SceneOptions {
  root: string;
  assets: Assets;
  operators: Operators;
  /** What is shorter than in production, or a version of its own. */
  settings: Settings;
  /** Changes whatever is rendered. */
  spoil: (objects: KubeObject[]) => void;
}

/** Groups whose definitions the controllers ask for, whether or not a stack has an object of them. */
const WATCHED = ["argoproj.io", "cert-manager.io", "keda.sh", "eventing.keda.sh"];

/** Address of Prometheus in the stacks. */
const PROMETHEUS = { service: "kube-prometheus-stack-prometheus", namespace: "monitoring", port: 9090 };

/** Production on simulated nodes, and the real programs at work on it. */
export class Scene {
  readonly pods: Pods;
  readonly network: Network;
  readonly programs: Programs;
  private discovery: Discovery | undefined;
  private settings: Settings;
  private messaging: Promise<Nats> | undefined;
  private deployed: Promise<void> = Promise.resolve();
  private readonly applied = new Map<string, string>();

  private constructor(
    private readonly options: SceneOptions,
    private readonly plane: ControlPlane,
  ) {
    this.settings = options.settings;
    this.pods = new Pods(plane.cluster);
    this.network = new Network(this.pods);
    this.programs = new Programs(plane, options.operators, this.network);
  }

  /** Starts everything and plays; ends everything, however it ends. */
  static async with<T>(options: SceneOptions, play: (scene: Scene) => Promise<T>): Promise<T> {
    const plane = await ControlPlane.start({ assets: options.assets });
    const scene = new Scene(options, plane);
    try {
      await plane.during(scene.begin());
      return await plane.during(play(scene));
    } finally {
      scene.network.close();
      scene.discovery?.close();
      await plane.stop();
    }
  }

  get cluster(): Cluster {
    return this.plane.cluster;
  }

  /** The NATS server: it is started when it is first asked for. */
  nats(): Promise<Nats> {
    this.messaging ??= Nats.start(this.cluster, this.programs, this.network);
    return this.messaging;
  }

  /** Deploys with further settings changed, as an update does. One after the other, whoever asks. */
  readonly deploy = (settings: Settings): Promise<void> => {
    this.settings = { ...this.settings, ...settings };
    this.deployed = this.deployed.then(() => this.update());
    return this.deployed;
  };

  /** What renders as before is left alone; the rest is applied, by force where it says so. */
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
  }

  private async startPrograms(objects: readonly KubeObject[]): Promise<void> {
    const { programs, network } = this;
    if (programs.has("rollouts-controller")) await programs.argoRollouts();
    if (programs.has("cert-manager")) await programs.certManager();
    if (programs.has("prometheus")) {
      this.discovery = await Discovery.start(this.cluster, objects);
      await programs.prometheus(this.discovery.config(network.url));
      const { service, namespace, port } = PROMETHEUS;
      network.lead(service, namespace, port, programs.ports.get("prometheus"));
    }
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
