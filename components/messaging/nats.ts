import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { NatsSettings } from "../../config";
import { Component } from "../component";
import type { Context } from "../context";
import type { StoreOutputs } from "../store";
import { natsChart, natsLabels, natsName, natsPorts, natsValues } from "./nats-values";

export { natsFootprint } from "./nats-values";

export interface NatsArgs {
  readonly context: Context;
  readonly settings: NatsSettings;
  /** The namespace: shut by default, open for DNS, at the `restricted` Pod Security level. */
  readonly namespace: pulumi.Resource;
  /** Its name. */
  readonly namespaceName: string;
  /** Storage class of JetStream's volumes. */
  readonly storageClass: string;
  /** Pods that may connect, by namespace and `app.kubernetes.io/name`. */
  readonly clients: readonly { readonly namespace: string; readonly name: string }[];
}

/** Seconds that an installation or upgrade may take: servers restart one by one, each with its volume. */
const timeoutSeconds = 900;

/** NATS with JetStream from the official chart, reachable by its clients alone. */
export class Nats extends Component {
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: NatsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:Nats", name, opts);
    const { namespaceName } = args;
    this.outputs = {
      plain: { url: `nats://${natsName}.${namespaceName}.svc.cluster.local:${natsPorts.client}` },
      ready: [this.release(this.networkPolicy())],
      destinations: [
        {
          kind: "pods",
          namespace: namespaceName,
          name: natsLabels["app.kubernetes.io/name"],
          ports: [natsPorts.client],
        },
      ],
      grants: [],
    };
    this.registerOutputs();
  }

  private networkPolicy(): k8s.networking.v1.NetworkPolicy {
    const { clients, namespace, namespaceName } = this.args;
    const servers = { podSelector: { matchLabels: natsLabels } };
    const peers = clients.map((client) => ({
      namespaceSelector: { matchLabels: { "kubernetes.io/metadata.name": client.namespace } },
      podSelector: { matchLabels: { "app.kubernetes.io/name": client.name } },
    }));
    const tcp = (port: number) => [{ protocol: "TCP", port }];
    // A rule without peers would let everybody in.
    const fromClients = peers.length > 0 ? [{ from: peers, ports: tcp(natsPorts.client) }] : [];
    return new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      {
        metadata: { name: natsName, namespace: namespaceName },
        spec: {
          ...servers,
          policyTypes: ["Ingress", "Egress"],
          ingress: [...fromClients, { from: [servers], ports: tcp(natsPorts.cluster) }],
          egress: [{ to: [servers], ports: tcp(natsPorts.cluster) }],
        },
      },
      { ...this.inside, dependsOn: [namespace] },
    );
  }

  /** It follows the network policy: servers that don't reach each other never become ready. */
  private release(policy: k8s.networking.v1.NetworkPolicy): k8s.helm.v3.Release {
    const { context, settings, storageClass, namespace, namespaceName } = this.args;
    const { protect } = context;
    return new k8s.helm.v3.Release(
      this.child("release"),
      {
        name: natsName,
        namespace: namespaceName,
        chart: natsChart.name,
        version: settings.chart,
        repositoryOpts: { repo: natsChart.repository },
        // A failed installation leaves nothing behind that would be in the way of the next.
        atomic: true,
        cleanupOnFail: true,
        timeout: timeoutSeconds,
        values: natsValues({ settings, storageClass, protect }),
      },
      {
        ...this.inside,
        protect,
        dependsOn: [namespace, policy],
        // The checksum is of the archive as downloaded, which differs from run to run.
        ignoreChanges: ["checksum"],
      },
    );
  }
}
