import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings, NatsSettings } from "../../config";
import type { NatsStore } from "../../systems/spec";
import { Component } from "../base/component";
import type { Context } from "../base/context";
import type { SecretStore } from "../base/external-secret";
import { operatorPeers, prometheusPeer, type Operators } from "../base/operators";
import type { StoreOutputs } from "../base/store";
import { peer, tcp, type PodsOf } from "../network/pod-traffic";
import { podMonitor } from "../observability/pod-monitor";
import { permissionsOf, type NatsUser } from "./nats-access";
import { NatsCertificates } from "./nats-certificates";
import { natsMetrics, natsAuthority, natsName } from "./nats-names";
import { accountsSecret, controllerSecret, natsSecret } from "./nats-secrets";
import { NatsStreams } from "./nats-streams";
import { natsChart, natsLabels, natsValues } from "./nats-values";
import { natsPorts } from "../base/ports";

export { natsFootprint } from "./nats-values";

export interface NatsArgs {
  readonly context: Context;
  readonly spec: NatsStore;
  readonly settings: NatsSettings;
  /** The namespace: default deny except DNS, at the `restricted` Pod Security level. */
  readonly namespace: pulumi.Resource;
  /** Storage class of JetStream's volumes. */
  readonly storageClass: string;
  /** Users and their permissions. A user's name is also the name of its pods. */
  readonly users: readonly NatsUser[];
  /** Names of the jobs that back up and restore the streams. None: no job does. */
  readonly backupJobs: readonly string[];
  /** The logins, which are created outside the cluster. */
  readonly credentials: StoreOutputs;
  readonly secretStore: SecretStore;
  readonly operators: Operators;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
}

/** Timeout of an installation or upgrade in seconds: servers restart one by one, each with its volume. */
const timeoutSeconds = 900;

/**
 * NATS with JetStream from the official chart: TLS, a login for each client, and streams; only its clients can reach
 * it.
 */
export class Nats extends Component {
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: NatsArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:messaging:Nats", name, opts);
    const { namespace: namespaceName } = args.spec;
    const { ready: certificate } = new NatsCertificates(
      this.child("certificates"),
      { namespaceName, waitsFor: this.after(args.operators.certManager) },
      this.inside,
    );
    this.metrics();
    const release = this.release([this.networkPolicy(), this.accounts(), certificate]);
    this.outputs = {
      ...args.credentials,
      ready: [release, ...this.streams(release)],
      destinations: [
        {
          kind: "pods",
          namespace: namespaceName,
          name: natsLabels["app.kubernetes.io/name"],
          ports: [natsPorts.client],
        },
      ],
      authority: natsAuthority,
    };
    this.registerOutputs();
  }

  /** The namespace, and an operator if it is installed. */
  private after(operator?: pulumi.Resource): pulumi.Resource[] {
    return [this.args.namespace, ...(operator === undefined ? [] : [operator])];
  }

  private get hasStreams(): boolean {
    return Object.keys(this.args.spec.streams).length > 0;
  }

  private get ingress(): { from: object[]; ports: object[] }[] {
    const { users, backupJobs, spec, operators } = this.args;
    const pods = (peers: readonly PodsOf[], port: number) =>
      // A rule without peers would allow all traffic.
      peers.length > 0 ? [{ from: peers.map(peer), ports: tcp(port) }] : [];
    const readers = [...users.map(({ name }) => name), ...backupJobs].map((name) => ({
      namespace: spec.namespace,
      name,
    }));
    return [
      ...pods([...readers, ...(this.hasStreams ? [operatorPeers.nack] : [])], natsPorts.client),
      { from: [{ podSelector: { matchLabels: natsLabels } }], ports: tcp(natsPorts.cluster) },
      ...pods(operators.keda === undefined ? [] : [operatorPeers.keda], natsPorts.monitor),
      ...pods(operators.prometheus === undefined ? [] : [prometheusPeer], natsPorts.metrics),
    ];
  }

  private networkPolicy(): k8s.networking.v1.NetworkPolicy {
    const { namespace, spec } = this.args;
    const servers = { podSelector: { matchLabels: natsLabels } };
    return new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      {
        metadata: { name: natsName, namespace: spec.namespace },
        spec: {
          ...servers,
          policyTypes: ["Ingress", "Egress"],
          ingress: this.ingress,
          egress: [{ to: [servers], ports: tcp(natsPorts.cluster) }],
        },
      },
      { ...this.inside, dependsOn: [namespace] },
    );
  }

  /** Has Prometheus scrape each server's exporter sidecar. */
  private metrics(): void {
    const { spec, operators } = this.args;
    if (operators.prometheus === undefined) return;
    podMonitor(this, "metrics", {
      metadata: { name: natsName, namespace: spec.namespace },
      pods: natsLabels,
      port: natsMetrics.port,
      path: natsMetrics.path,
      service: natsName,
      waitsFor: this.after(operators.prometheus),
    });
  }

  private secret(key: "accounts" | "controller", text: ReturnType<typeof controllerSecret>): pulumi.Resource {
    const { spec, secretStore: store, credentials } = this.args;
    if (credentials.secret === undefined) throw new Error(`${this.componentName}: no logins`);
    return natsSecret(this, key, text, {
      namespaceName: spec.namespace,
      store,
      entry: credentials.secret,
      waitsFor: this.after(),
    });
  }

  private accounts(): pulumi.Resource {
    const { users, backupJobs, spec, settings } = this.args;
    const permissions = permissionsOf(users, spec.streams, backupJobs.length > 0);
    return this.secret("accounts", accountsSecret(permissions, settings.credentialsVersion));
  }

  /** It waits for the network policy: servers that can't reach each other never become ready. */
  private release(before: readonly pulumi.Resource[]): k8s.helm.v3.Release {
    const { context, settings, storageClass, namespace, spec } = this.args;
    const { protect, disposable } = context;
    return new k8s.helm.v3.Release(
      this.child("release"),
      {
        name: natsName,
        namespace: spec.namespace,
        chart: natsChart.name,
        version: settings.chart,
        repositoryOpts: { repo: natsChart.repository },
        // A failed installation is removed, so the next attempt can install again.
        atomic: true,
        cleanupOnFail: true,
        timeout: timeoutSeconds,
        values: natsValues({
          settings,
          storageClass,
          kept: !disposable,
          mirrors: this.args.mirrors,
        }),
      },
      {
        ...this.inside,
        protect,
        dependsOn: [namespace, ...before],
        // The checksum is of the downloaded archive, which differs between runs.
        ignoreChanges: ["checksum"],
      },
    );
  }

  private streams(release: pulumi.Resource): readonly pulumi.Resource[] {
    if (!this.hasStreams) return [];
    const { spec, settings, context, operators } = this.args;
    const { protect, disposable } = context;
    const login = this.secret("controller", controllerSecret(settings.credentialsVersion));
    return new NatsStreams(
      this.child("streams"),
      {
        spec,
        settings,
        protect,
        kept: !disposable,
        servers: release,
        waitsFor: [...this.after(operators.nack), login],
      },
      this.inside,
    ).ready;
  }
}
