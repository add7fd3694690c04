import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { releaseOf, type ReleaseSettings, type WorkloadSettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import type { Operators } from "../base/operators";
import type { Authority } from "../base/store";
import { cronJob } from "./cron-job";
import { deployment, deploymentKind } from "./deployment";
import { minReadySeconds } from "./drain";
import { labels, selector } from "./labels";
import { workloadMonitor } from "./monitor";
import { workloadNetworkPolicy, type Addresses, type Reach } from "./network-policy";
import { podTemplate, type Variable } from "./pod";
import { restartedBy, type ReadSecret } from "./restarts";
import { Rollout, rolloutKind } from "./rollout";
import type { RolloutSettings } from "./rollout/strategy";
import { Scaler } from "./scaling/scaler";
import type { ScaleTarget } from "./scaling/scaling";
import { services, targetAnnotations } from "./service";
import { servesTls, tlsSecret, workloadCertificate } from "./tls";
import type { ScalingSources } from "./scaling/triggers";
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
 * A changed plain variable changes the pod or the ConfigMap's name; a Secret keeps its name, so its digest is an
 * annotation. A job reads the Secret at each run, and consolidation of nodes must not interrupt it.
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
    workloadNetworkPolicy(this, "network", { ...args, metadata: this.metadata(args), release });
    if (!isJob) this.disruptionBudget(args);
    services(this, { ...args, metadata: this.metadata(args), release });
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
    const pods = {
      settings: args.settings,
      metadata: this.metadata(args),
      template: this.template(args, configMap),
      waitsFor: [args.namespace, ...needs],
    };
    const rollout =
      isJob || release.strategy === "rolling" ? undefined : this.rollout(args, release, configMap, needs);
    this.sideServices = rollout?.weightedServices ?? [];
    if (rollout !== undefined) this.pods = rollout.resource;
    else if (isJob) this.pods = cronJob(this, "job", pods);
    else
      this.pods = deployment(this, "deployment", {
        ...pods,
        annotations: this.restarts(args),
        minReadySeconds: minReadySeconds(args.spec),
      });
    this.scaling(args, release);
    this.registerOutputs();
  }

  // Plain names: an output of the cluster's provider is unknown, also to policies, until the cluster exists.
  private metadata({ system, spec }: WorkloadArgs) {
    return { name: spec.name, namespace: spec.namespace, labels: labels(system, spec) };
  }

  private within({ namespace }: WorkloadArgs): pulumi.CustomResourceOptions {
    return { ...this.inside, dependsOn: [namespace] };
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
    configMap: VariablesMap | undefined,
    waitsFor: readonly pulumi.Resource[],
  ): Rollout {
    const { system, spec, settings, prometheus, namespace, operators } = args;
    const metadata = { namespace: spec.namespace, labels: labels(system, spec) };
    return new Rollout(
      this.child("release"),
      {
        spec,
        settings,
        release,
        metadata,
        template: this.template(args, configMap, "rollouts-pod-template-hash"),
        prometheus,
        namespace,
        operator: operators?.argoRollouts,
        waitsFor,
        targets: targetAnnotations(spec, settings),
        annotations: this.restarts(args),
      },
      this.inside,
    );
  }

  private restarts({ spec, secret, operators }: WorkloadArgs): Record<string, string> {
    if (operators?.reloader === undefined) return {};
    return restartedBy(secret?.name, servesTls(spec) ? tlsSecret(spec) : undefined);
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
          // An unhealthy pod serves no requests and must not block the drain of a node.
          unhealthyPodEvictionPolicy: "AlwaysAllow",
        },
      },
      this.within(args),
    );
  }
}
