import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { releaseOf, type ReleaseSettings, type WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import { operatorPeers, type Operators } from "../base/operators";
import type { Authority } from "../base/store";
import { cronJob } from "./cron-job";
import { deployment, deploymentKind } from "./deployment";
import { minReadySeconds } from "./drain";
import { labels, selector } from "./labels";
import { workloadMonitor } from "./monitor";
import { workloadPolicy, type Addresses, type Reach } from "./network-policy";
import { podTemplate, type Variable } from "./pod";
import { restartedBy, type ReadSecret } from "./restarts";
import { Rollout, rolloutKind } from "./rollout";
import type { RolloutSettings } from "./rollout-strategy";
import { Scaler } from "./scaler";
import type { ScaleTarget } from "./scaling";
import { adopted, isManaged, managedService, serviceSpec, targetAnnotations } from "./service";
import { servesTls, tlsSecret, workloadCertificate } from "./tls";
import type { ScalingSources } from "./triggers";
import type { Trust } from "./trust";
import { variablesMap, type VariablesMap } from "./variables-map";

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
  /** Leaf resources that its pods need to start: Pod Identity association, synced Secret, stores. */
  readonly waitsFor: readonly pulumi.Resource[];
  /** The Secret of its variables. Default: none. */
  readonly secret?: ReadSecret | undefined;
  /** Certificate authorities of its databases. Default: none. */
  readonly trust?: Trust | undefined;
  /** Sources of the metrics that it scales by. Default: CPU and memory only. */
  readonly scaling?: ScalingSources;
  /** The cluster's operators. Default: none. */
  readonly operators?: Operators;
  /** Private certificate authorities of its stores. Default: none. */
  readonly authorities?: readonly Authority[];
  /** Address of Prometheus. Default: none, so releases aren't analysed. */
  readonly prometheus?: string | undefined;
}

/**
 * Plain variables change the pod or the ConfigMap's name; a Secret keeps its name, so its digest is an annotation. A job
 * reads the Secret at each run, and isn't moved to another node to save one.
 */
function podAnnotations({ spec, secret }: WorkloadArgs): Record<string, pulumi.Input<string>> {
  if (spec.kind === "job") return { "karpenter.sh/do-not-disrupt": "true" };
  return secret === undefined ? {} : { "checksum/secret": secret.digest };
}

/** One workload: Deployment, Rollout or CronJob, Service, ServiceAccount, scaling, disruption budget, network policy. */
export class Workload extends Component {
  /** Its Deployment or Rollout, complete once the pods are ready; or its CronJob. */
  readonly pods: pulumi.Resource;
  readonly namespaceName: string;
  readonly workloadName: string;
  /** Further Services that the Ingress's rules need. Pulumi doesn't wait for their pods. */
  readonly sideServices: readonly pulumi.Resource[];

  constructor(name: string, args: WorkloadArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:workload:Workload", name, opts);
    this.namespaceName = args.spec.namespace;
    this.workloadName = args.spec.name;
    const release = releaseOf(args.settings);
    const isJob = args.spec.kind === "job";
    this.networkPolicy(args, release);
    if (!isJob) this.disruptionBudget(args);
    this.services(args, release);
    workloadMonitor(this, "metrics", { ...args, metadata: this.metadata(args) });
    const account = this.serviceAccount(args);
    const configMap = variablesMap(this, "config", {
      name: args.spec.configMap,
      metadata: this.metadata(args),
      variables: args.variables,
      waitsFor: [args.namespace],
    });
    const named = [configMap?.resource, args.secret?.resource].filter((resource) => resource !== undefined);
    const needs = [account, ...named, ...workloadCertificate(this, "certificate", args), ...args.waitsFor];
    if (isJob) {
      this.pods = cronJob(this, "job", {
        settings: args.settings,
        metadata: this.metadata(args),
        template: this.template(args, configMap),
        waitsFor: [args.namespace, ...needs],
      });
      this.sideServices = [];
    } else if (release.strategy === "rolling") {
      this.pods = deployment(this, "deployment", {
        settings: args.settings,
        metadata: this.metadata(args),
        annotations: this.restarts(args),
        minReadySeconds: minReadySeconds(args.spec),
        template: this.template(args, configMap),
        waitsFor: [args.namespace, ...needs],
      });
      this.sideServices = [];
    } else {
      const rollout = this.rollout(
        args,
        release,
        this.template(args, configMap, "rollouts-pod-template-hash"),
        needs,
      );
      this.pods = rollout.resource;
      this.sideServices = rollout.weightedServices;
    }
    this.scaling(args, release);
    this.registerOutputs();
  }

  // Plain names: an output of the cluster's provider is unknown, also to policies, until the cluster exists.
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

  private template(
    args: WorkloadArgs,
    configMap: VariablesMap | undefined,
    versionLabel?: string,
  ): k8s.types.input.core.v1.PodTemplateSpec {
    const { spec, settings, system } = args;
    return podTemplate(spec, settings, {
      image: args.image,
      labels: labels(system, spec),
      annotations: podAnnotations(args),
      variables: configMap?.rest ?? args.variables,
      configMap: configMap?.name,
      serviceAccount: spec.name,
      trust: args.trust?.name,
      authorities: args.authorities,
      versionLabel,
      zones: args.addresses.privateCidrs.length,
    });
  }

  private rollout(
    args: WorkloadArgs,
    release: RolloutSettings,
    template: k8s.types.input.core.v1.PodTemplateSpec,
    waitsFor: readonly pulumi.Resource[],
  ): Rollout {
    const { system, spec, settings, prometheus, namespace, operators } = args;
    const metadata = { namespace: spec.namespace, labels: labels(system, spec) };
    const operator = operators?.argoRollouts;
    return new Rollout(
      this.child("release"),
      {
        spec,
        settings,
        release,
        metadata,
        template,
        prometheus,
        namespace,
        operator,
        waitsFor,
        targets: this.targets(args),
        annotations: this.restarts(args),
      },
      this.inside,
    );
  }

  private restarts({ spec, secret, operators }: WorkloadArgs): Record<string, string> {
    if (operators?.reloader === undefined) return {};
    return restartedBy(secret?.name, servesTls(spec) ? tlsSecret(spec) : undefined);
  }

  /** The load balancer's settings for its targets. */
  private targets({ spec, settings }: WorkloadArgs): Record<string, string> {
    return spec.exposure === undefined ? {} : targetAnnotations(spec, settings);
  }

  private services(args: WorkloadArgs, release: ReleaseSettings): void {
    const { listen, name } = args.spec;
    if (listen === undefined) return;
    // Its pods wait for databases and gates, longer than Pulumi waits for a Service. Dependents wait for the pods.
    const notAwaited = { "pulumi.com/skipAwait": "true" };
    const annotations = { ...this.targets(args), ...adopted(args.operators), ...notAwaited };
    const service = (child: string, serviceName: string, more: pulumi.CustomResourceOptions = {}) =>
      new k8s.core.v1.Service(
        child,
        { metadata: { ...this.metadata(args, serviceName), annotations }, spec: serviceSpec(name, listen) },
        { ...this.within(args), ...more },
      );
    service(this.child("service"), listen.service, isManaged(args.spec, release) ? managedService : {});
    for (const extra of Object.values(listen.additionalServices ?? {}))
      service(this.child("service", extra), extra);
  }

  private scaling(args: WorkloadArgs, release: ReleaseSettings): void {
    const { spec, settings, namespace, scaling: sources = {}, operators = {} } = args;
    if (settings.autoscaling === undefined && settings.recommend !== true) return;
    const kind = release.strategy === "rolling" ? deploymentKind : rolloutKind;
    const target: ScaleTarget = { ...kind, name: spec.name };
    new Scaler(
      this.child("scaler"),
      { metadata: this.metadata(args), settings, target, pods: this.pods, namespace, sources, operators },
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
          // An unhealthy pod serves nobody and must not block the drain of a node.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      this.within(args),
    );
  }

  private networkPolicy(args: WorkloadArgs, { strategy }: ReleaseSettings): void {
    // Before a switch, the controller sends requests to the new version.
    const asker = strategy === "blue-green" ? [operatorPeers.argoRollouts] : [];
    const reach = { ...args.reach, callers: [...args.reach.callers, ...asker] };
    new k8s.networking.v1.NetworkPolicy(
      this.child("network"),
      { metadata: this.metadata(args), spec: workloadPolicy(args.spec.name, reach, args.addresses) },
      this.within(args),
    );
  }
}
