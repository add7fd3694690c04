import { createHash } from "node:crypto";
import * as k8s from "@pulumi/kubernetes";
import * as pulumi from "@pulumi/pulumi";
import type { WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../component";
import { labels, selector } from "./labels";
import { workloadPolicy, type Addresses, type Reach } from "./network-policy";
import { podTemplate, type Variable } from "./pod";
import { autoscalerSpec, surge } from "./scaling";
import { serviceSpec, targetAnnotations } from "./service";

export interface WorkloadArgs {
  readonly system: string;
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
  /** Image with its registry. */
  readonly image: string;
  /** The name space, by its registered name, so that the workload waits for it. */
  readonly namespace: pulumi.Input<string>;
  readonly variables: readonly Variable[];
  readonly reach: Reach;
  readonly addresses: Addresses;
  /** What its pods can't start without: Pod Identity association, synced Secret, stores. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** One workload: Deployment, Service, ServiceAccount, scaling, disruption budget, network policy. */
export class Workload extends Component {
  constructor(name: string, args: WorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:workload:Workload", name, opts);
    this.networkPolicy(args);
    this.disruptionBudget(args);
    this.services(args);
    this.autoscaler(args);
    this.deployment(args, this.serviceAccount(args), this.configMap(args));
    this.registerOutputs();
  }

  private metadata({ system, spec, namespace }: WorkloadArgs, name = spec.name) {
    return { name, namespace, labels: labels(system, spec) };
  }

  private serviceAccount(args: WorkloadArgs): k8s.core.v1.ServiceAccount {
    return new k8s.core.v1.ServiceAccount(
      this.child("account"),
      { metadata: this.metadata(args), automountServiceAccountToken: false },
      this.inside,
    );
  }

  /** Plain variables in a ConfigMap, where the document has one; its digest restarts the pods when it changes. */
  private configMap(
    args: WorkloadArgs,
  ): { name: pulumi.Input<string>; digest: pulumi.Output<string> } | undefined {
    if (args.spec.configMap === undefined) return undefined;
    const data: Record<string, pulumi.Input<string>> = {};
    for (const variable of args.variables) if ("value" in variable) data[variable.name] = variable.value;
    const configMap = new k8s.core.v1.ConfigMap(
      this.child("config"),
      { metadata: this.metadata(args, args.spec.configMap), data },
      this.inside,
    );
    const digest = pulumi
      .output(data)
      .apply((values) => createHash("sha256").update(JSON.stringify(values)).digest("hex"));
    return { name: configMap.metadata.name, digest };
  }

  private deployment(
    args: WorkloadArgs,
    account: k8s.core.v1.ServiceAccount,
    configMap: { name: pulumi.Input<string>; digest: pulumi.Output<string> } | undefined,
  ): void {
    const { spec, settings, system } = args;
    const template = podTemplate(spec, settings, {
      image: args.image,
      labels: labels(system, spec),
      annotations: configMap === undefined ? {} : { "checksum/config": configMap.digest },
      variables: configMap === undefined ? args.variables : args.variables.filter((each) => "key" in each),
      configMap: configMap?.name,
      serviceAccount: account.metadata.name,
    });
    new k8s.apps.v1.Deployment(
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
      { ...this.inside, dependsOn: [...args.waitsFor] },
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
        this.inside,
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
      this.inside,
    );
  }

  private networkPolicy(args: WorkloadArgs): void {
    new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      { metadata: this.metadata(args), spec: workloadPolicy(args.spec.name, args.reach, args.addresses) },
      this.inside,
    );
  }
}
