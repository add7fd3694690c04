import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { isStopped, needsKeda, watch, type WorkloadSettings } from "../../config";
import type { Listening, WorkloadSpec } from "../../systems/spec";
import { Component } from "../base/component";
import { metricsTemplate, previewTemplate, type AnalysisTemplateSpec } from "./analysis";
import { minReadySeconds } from "./drain";
import { selector } from "./labels";
import { ownedReplicas } from "./replicas";
import { incoming, pingService, pongService, previewService } from "./rollout-names";
import { rolloutMark } from "./rollout-mark";
import {
  isBalanced,
  progressSeconds,
  releaseSeconds,
  rolloutStrategy,
  type RolloutSettings,
} from "./rollout-strategy";
import { managedService, serviceSpec } from "./service";

export interface RolloutArgs {
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
  readonly release: RolloutSettings;
  /** Metadata of all objects, but for their names. */
  readonly metadata: { readonly namespace: string; readonly labels: Readonly<Record<string, string>> };
  /** Annotations of the Services that the load balancer sends requests to. */
  readonly targets: Readonly<Record<string, string>>;
  /** Its own annotations, besides those for Pulumi. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
  /** Address of Prometheus; undefined: nothing is analysed. */
  readonly prometheus: string | undefined;
  readonly namespace: pulumi.Resource;
  /** After which Argo's kinds may be used. */
  readonly operator: pulumi.Resource | undefined;
  /** What its pods can't start without. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** An `AnalysisTemplate` by its name. */
interface Template {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

const apiVersion = "argoproj.io/v1alpha1";

export const rolloutKind = { apiVersion, kind: "Rollout" } as const;

/** Versions that are remembered, and that a way back leads to. */
const versionsBack = 5;

/**
 * What Pulumi waits for: that the status speaks of what is wanted now, and says that all of it serves. An aborted
 * release stays `Degraded`, so it ends with the time that is allowed for it.
 */
const settled = ["jsonpath={.status[?@ == $.spec.restartAt]}", "jsonpath={.status.phase}=Healthy"];

/**
 * Begun without a number, a Rollout has one pod until its autoscaler has looked. Pulumi waits until it has the fewest
 * that are allowed, before it takes a Deployment away that served until then. KEDA's autoscaler can't be waited for: it
 * is made when its target is there.
 *
 * No `>=`: the provider splits the expression at each `=` that isn't `==`. Source: pulumi-kubernetes, `jsonpath.Parse`.
 */
const fewest = ({ autoscaling }: WorkloadSettings): string[] =>
  autoscaling === undefined || needsKeda(autoscaling)
    ? []
    : [`jsonpath={.status[?$.status.availableReplicas > ${autoscaling.min - 1}]}`];

/** A workload's pods under Argo Rollouts: two versions side by side, the Services between them, what is looked at. */
export class Rollout extends Component {
  /** The Rollout itself: it is there when the version serves. */
  readonly resource: pulumi.Resource;
  /** Services that the load balancer's rules name: Pulumi waits for no pods behind them. */
  readonly weightedServices: readonly pulumi.Resource[];

  constructor(
    name: string,
    private readonly args: RolloutArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:workload:Rollout", name, opts);
    this.weightedServices = isBalanced(args.spec) ? this.balancedServices() : [];
    this.resource = this.rollout(this.verification(), this.analysis(), [
      ...this.previewService(),
      ...this.weightedServices,
    ]);
    this.registerOutputs();
  }

  /** Whether the new version answers, before the switch and after it. */
  private verification(): Template | undefined {
    const { spec, settings, release } = this.args;
    if (release.strategy !== "blue-green" || isStopped(settings)) return undefined;
    return this.template("preview", previewTemplate(spec, settings, release.verifySeconds));
  }

  /** Error rate and latency: for a time after a switch, or all the way through the steps. */
  private analysis(): Template | undefined {
    const { spec, settings, release, prometheus } = this.args;
    if (!release.analysis || prometheus === undefined || isStopped(settings)) return undefined;
    const looks = release.strategy === "blue-green" ? watch.looks : undefined;
    return this.template("metrics", metricsTemplate(spec, prometheus, looks));
  }

  private template(key: string, spec: AnalysisTemplateSpec): Template {
    const name = `${this.args.spec.name}-${key}`;
    const resource = new k8s.apiextensions.CustomResource(
      this.child("analysis", key),
      { apiVersion, kind: "AnalysisTemplate", metadata: { ...this.args.metadata, name }, spec },
      this.after(this.args.operator),
    );
    return { name, resource };
  }

  /** Where a switch takes place in the cluster, the controller turns the Service that leads to the new version. */
  private previewService(): pulumi.Resource[] {
    const { spec, release } = this.args;
    const { listen } = spec;
    if (release.strategy !== "blue-green" || listen === undefined || isBalanced(spec)) return [];
    return [this.service("preview", previewService(listen.service), listen, {}, managedService)];
  }

  /** What the load balancer's rules name: the two versions, and the new one by a label that its pods have meanwhile. */
  private balancedServices(): pulumi.Resource[] {
    const { spec, targets } = this.args;
    const { listen } = spec;
    if (listen === undefined) return [];
    return [
      this.service("ping", pingService(listen.service), listen, targets, managedService),
      this.service("pong", pongService(listen.service), listen, targets, managedService),
      this.service("preview", previewService(listen.service), listen, targets, {}, incoming),
    ];
  }

  private service(
    key: string,
    name: string,
    listen: Listening,
    targets: Readonly<Record<string, string>>,
    opts: pulumi.CustomResourceOptions,
    pods: Readonly<Record<string, string>> = {},
  ): pulumi.Resource {
    // Not awaited: the Rollout, and the Ingress that it looks for, need it before there is a pod behind it.
    const annotations = { ...targets, "pulumi.com/skipAwait": "true" };
    return new k8s.core.v1.Service(
      this.child("service", key),
      {
        metadata: { ...this.args.metadata, name, annotations },
        spec: serviceSpec(this.args.spec.name, listen, pods),
      },
      { ...this.after(), ...opts },
    );
  }

  private rollout(
    preview: Template | undefined,
    metrics: Template | undefined,
    services: readonly pulumi.Resource[],
  ): pulumi.Resource {
    const { spec, settings, release, metadata, template, operator, waitsFor } = this.args;
    const seconds = `${releaseSeconds(release)}s`;
    const owned = ownedReplicas(settings);
    const analyses = { answers: preview?.name, metrics: metrics?.name };
    const strategy = rolloutStrategy(spec, release, analyses, isStopped(settings));
    return new k8s.apiextensions.CustomResource(
      this.child("rollout"),
      {
        ...rolloutKind,
        metadata: {
          ...metadata,
          name: spec.name,
          annotations: {
            ...this.args.annotations,
            "pulumi.com/waitFor": JSON.stringify([...settled, ...fewest(settings)]),
            // What someone changed by hand (`undo`, `restart`) gives way to what is written down.
            "pulumi.com/patchForce": "true",
            // The controller lets go of the Services once the Rollout is gone: before its pods, not after them.
            "pulumi.com/deletionPropagationPolicy": "background",
          },
        },
        spec: {
          ...owned.replicas,
          selector: { matchLabels: selector(spec.name) },
          minReadySeconds: minReadySeconds(spec),
          strategy,
          progressDeadlineSeconds: progressSeconds,
          progressDeadlineAbort: true,
          revisionHistoryLimit: versionsBack,
          restartAt: rolloutMark({ strategy, template, replicas: settings.replicas ?? "autoscaled" }),
          template,
        },
      },
      {
        ...this.after(operator, preview?.resource, metrics?.resource, ...waitsFor, ...services),
        ...owned.options,
        customTimeouts: { create: seconds, update: seconds },
      },
    );
  }

  private after(...more: readonly (pulumi.Resource | undefined)[]): pulumi.CustomResourceOptions {
    const there = more.filter((resource) => resource !== undefined);
    return { ...this.inside, dependsOn: [this.args.namespace, ...there] };
  }
}
