import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { surge, type WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import type { Authority } from "../store";
import { labels, selector } from "./labels";
import { workloadPolicy, type Addresses, type Reach } from "./network-policy";
import { podTemplate, type Variable } from "./pod";
import { ownedReplicas } from "./replicas";
import { Scaler } from "./scaler";
import type { ScaleTarget } from "./scaling";
import { serviceSpec, targetAnnotations } from "./service";
import type { ScalingSources } from "./triggers";
import type { Trust } from "./trust";
import type { Operators } from "../operators";

export interface WorkloadArgs {
  readonly system: string;
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
  /** Image with its registry. */
  readonly image: string;
  readonly namespace: pulumi.Resource;
  readonly variables: readonly Variable[];
  readonly reach: Reach;
  readonly addresses: Addresses;
  /** What its pods can't start without: Pod Identity association, synced Secret, stores. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
  /** Certificates that it verifies its databases with. Default: none. */
  readonly trust?: Trust | undefined;
  /** Where the metrics are to be had that it scales by. Default: CPU and memory only. */
  readonly scaling?: ScalingSources;
  /** The cluster's operators. Default: none. */
  readonly operators?: Operators;
  /** Authorities of single stores that it verifies. Default: none. */
  readonly authorities?: readonly Authority[];
}

/** Plain variables in the cluster, and a digest of them. */
interface ConfigMap {
  readonly resource: pulumi.Resource;
  readonly digest: pulumi.Output<string>;
}

/** One workload: Deployment, Service, ServiceAccount, scaling, disruption budget, network policy. */
export class Workload extends Component {
  constructor(name: string, args: WorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:workload:Workload", name, opts);
    this.networkPolicy(args);
    this.disruptionBudget(args);
    this.services(args);
    const pods = this.deployment(args, this.serviceAccount(args), this.configMap(args));
    this.scaling(args, { apiVersion: "apps/v1", kind: "Deployment", name: args.spec.name }, pods);
    this.registerOutputs();
  }

  // Names are plain: an output of the cluster's provider is unknown, to policies too, until the cluster is there.
  private metadata({ system, spec }: WorkloadArgs, name = spec.name) {
    return { name, namespace: spec.namespace, labels: labels(system, spec) };
  }

  private within(
    { namespace }: WorkloadArgs,
    ...more: readonly pulumi.Resource[]
  ): pulumi.CustomResourceOptions {
    return { ...this.inside, dependsOn: [namespace, ...more] };
  }

  private serviceAccount(args: WorkloadArgs): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: this.metadata(args), automountServiceAccountToken: false },
      this.within(args),
    );
  }

  /** Plain variables in a ConfigMap, where the document has one; its digest restarts the pods when it changes. */
  private configMap(args: WorkloadArgs): ConfigMap | undefined {
    if (args.spec.configMap === undefined) return undefined;
    const data: Record<string, pulumi.Input<string>> = {};
    for (const variable of args.variables) if ("value" in variable) data[variable.name] = variable.value;
    const configMap = new k8s.core.v1.ConfigMap(
      this.child("config"),
      { metadata: this.metadata(args, args.spec.configMap), data },
      this.within(args),
    );
    const digest = pulumi
      .output(data)
      .apply((values) => createHash("sha256").update(JSON.stringify(values)).digest("hex"));
    return { resource: configMap, digest };
  }

  private deployment(
    args: WorkloadArgs,
    account: k8s.core.v1.ServiceAccount,
    configMap: ConfigMap | undefined,
  ): pulumi.Resource {
    const { spec, settings, system } = args;
    const { annotations, replicas, options } = ownedReplicas(settings);
    const template = podTemplate(spec, settings, {
      image: args.image,
      labels: labels(system, spec),
      annotations: configMap === undefined ? {} : { "checksum/config": configMap.digest },
      variables: configMap === undefined ? args.variables : args.variables.filter((each) => "key" in each),
      configMap: configMap === undefined ? undefined : spec.configMap,
      serviceAccount: spec.name,
      trust: args.trust?.name,
      authorities: args.authorities,
    });
    return new k8s.apps.v1.Deployment(
      this.child("deployment"),
      {
        metadata: { ...this.metadata(args), ...annotations },
        spec: {
          ...replicas,
          selector: { matchLabels: selector(spec.name) },
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: `${surge * 100}%` },
          },
          revisionHistoryLimit: 5,
          template,
        },
      },
      {
        ...this.within(
          args,
          account,
          ...(configMap === undefined ? [] : [configMap.resource]),
          ...args.waitsFor,
        ),
        ...options,
      },
    );
  }

  private services(args: WorkloadArgs): void {
    const { listen, name, exposure } = args.spec;
    if (listen === undefined) return;
    const annotations = exposure === undefined ? {} : targetAnnotations(args.spec, args.settings);
    const service = (child: string, serviceName: string) =>
      new k8s.core.v1.Service(
        child,
        { metadata: { ...this.metadata(args, serviceName), annotations }, spec: serviceSpec(name, listen) },
        this.within(args),
      );
    service(this.child("service"), listen.service);
    for (const facet of Object.values(listen.facets ?? {})) service(this.child("service", facet), facet);
  }

  private scaling(args: WorkloadArgs, target: ScaleTarget, pods: pulumi.Resource): void {
    const { settings, namespace, scaling: sources = {}, operators = {} } = args;
    if (settings.autoscaling === undefined && settings.recommend !== true) return;
    new Scaler(
      this.child("scaler"),
      { metadata: this.metadata(args), settings, target, pods, namespace, sources, operators },
      this.inside,
    );
  }

  private disruptionBudget(args: WorkloadArgs): void {
    new k8s.policy.v1.PodDisruptionBudget(
      this.child("budget"),
      {
        metadata: this.metadata(args),
        spec: {
          minAvailable: args.settings.minAvailable,
          selector: { matchLabels: selector(args.spec.name) },
          // A pod that isn't healthy protects nobody and must not hold up a node's drain.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      this.within(args),
    );
  }

  private networkPolicy(args: WorkloadArgs): void {
    new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      { metadata: this.metadata(args), spec: workloadPolicy(args.spec.name, args.reach, args.addresses) },
      this.within(args),
    );
  }
}
