import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import { surge, type WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import { labels, selector } from "./labels";
import { workloadPolicy, type Addresses, type Reach } from "./network-policy";
import { podTemplate, type Variable } from "./pod";
import { autoscalerSpec } from "./scaling";
import { serviceSpec, targetAnnotations } from "./service";
import type { Trust } from "./trust";

export interface WorkloadArgs {
  readonly system: string;
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
  /** Image with its registry. */
  readonly image: pulumi.Input<string>;
  readonly namespace: pulumi.Resource;
  readonly variables: readonly Variable[];
  readonly reach: Reach;
  readonly addresses: Addresses;
  /** What its pods can't start without: Pod Identity association, synced Secret, stores. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
  /** Certificates that it verifies its databases with. Default: none. */
  readonly trust?: Trust | undefined;
}

/** Plain variables in the cluster, and a digest of them. */
interface ConfigMap {
  readonly resource: pulumi.Resource;
  readonly digest: pulumi.Output<string>;
}

/** One workload: Deployment, Service, ServiceAccount, scaling, disruption budget, network policy. */
export class Workload extends Component {
  /** What its pods come from: known once they are up to date and ready. */
  readonly deployed: pulumi.Resource;

  constructor(name: string, args: WorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:workload:Workload", name, opts);
    this.networkPolicy(args);
    this.disruptionBudget(args);
    this.services(args);
    this.autoscaler(args);
    this.deployed = this.deployment(args, this.serviceAccount(args), this.configMap(args));
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
      // A pod of the old version that starts anew meets the old variables, until the new version may come in.
      this.within(args, ...args.waitsFor),
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
    const template = podTemplate(spec, settings, {
      image: args.image,
      labels: labels(system, spec),
      annotations: configMap === undefined ? {} : { "checksum/config": configMap.digest },
      variables: configMap === undefined ? args.variables : args.variables.filter((each) => "key" in each),
      configMap: configMap === undefined ? undefined : spec.configMap,
      serviceAccount: spec.name,
      trust: args.trust?.name,
      zones: args.addresses.privateCidrs.length,
    });
    return new k8s.apps.v1.Deployment(
      this.child("deployment"),
      {
        metadata: this.metadata(args),
        spec: {
          // An autoscaler owns the count where there is one.
          ...(settings.replicas === undefined ? {} : { replicas: settings.replicas }),
          selector: { matchLabels: selector(spec.name) },
          strategy: {
            type: "RollingUpdate",
            rollingUpdate: { maxUnavailable: 0, maxSurge: `${surge * 100}%` },
          },
          revisionHistoryLimit: 5,
          template,
        },
      },
      this.within(args, account, ...(configMap === undefined ? [] : [configMap.resource]), ...args.waitsFor),
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

  private autoscaler(args: WorkloadArgs): void {
    const { spec, settings } = args;
    if (settings.autoscaling === undefined) return;
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      this.child("autoscaler"),
      {
        metadata: this.metadata(args, `${spec.name}-hpa`),
        spec: autoscalerSpec(spec.name, settings.autoscaling),
      },
      this.within(args),
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
