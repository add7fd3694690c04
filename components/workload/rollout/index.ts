import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { isStopped, needsKeda, watch, type WorkloadSettings } from "../../../config";
import type { Listening, WorkloadSpec } from "../../../systems/spec";
import { Component } from "../../base/component";
import { metricsTemplate, previewTemplate, type AnalysisTemplateSpec } from "./analysis";
import { minReadySeconds } from "../drain";
import { selector, type Metadata } from "../labels";
import { ownedReplicas } from "../replicas";
import { incoming, pingService, pongService, previewService } from "./names";
import { rolloutMark } from "./mark";
import {
  isBalanced,
  progressSeconds,
  releaseSeconds,
  rolloutStrategy,
  type RolloutSettings,
} from "./strategy";
import { managedService, serviceSpec } from "../service";

export interface RolloutArgs {
  readonly spec: WorkloadSpec;
  readonly settings: WorkloadSettings;
  readonly release: RolloutSettings;
  /** Metadata of all objects, except their names. */
  readonly metadata: Omit<Metadata, "name">;
  /** Annotations of the Services that the load balancer sends requests to. */
  readonly targets: Readonly<Record<string, string>>;
  /** Its annotations, in addition to those for Pulumi. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
  /** Address of Prometheus; undefined: no analysis. */
  readonly prometheus: string | undefined;
  readonly namespace: pulumi.Resource;
  /** The resource after which Argo's kinds may be used. */
  readonly operator: pulumi.Resource | undefined;
  /** Leaf resources that its pods need to start. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** An `AnalysisTemplate` by its name. */
interface Template {
  readonly name: string;
  readonly resource: pulumi.Resource;
}

const apiVersion = "argoproj.io/v1alpha1";

export const rolloutKind = { apiVersion, kind: "Rollout" } as const;

/** `revisionHistoryLimit`: versions available for a rollback. */
const versionsBack = 5;

/**
 * Pulumi waits until the status is about the current spec and healthy. An aborted release stays `Degraded`, so the
 * update fails at the timeout.
 */
const settled = ["jsonpath={.status[?@ == $.spec.restartAt]}", "jsonpath={.status.phase}=Healthy"];

/**
 * Created without `replicas`, a Rollout has one pod until its autoscaler acts. Pulumi waits until it has the minimum
 * number of pods before it deletes the Deployment that it replaces. It can't wait for KEDA's autoscaler, which is
 * created after its target.
 *
 * No `>=`: the provider splits the expression at each `=` that isn't `==`. Source: pulumi-kubernetes, `jsonpath.Parse`.
 */
const fewest = ({ autoscaling }: WorkloadSettings): string[] =>
  autoscaling === undefined || needsKeda(autoscaling)
    ? []
    : [`jsonpath={.status[?$.status.availableReplicas > ${autoscaling.min - 1}]}`];

/** A workload's pods under Argo Rollouts: the Rollout, its Services and its analysis templates. */
export class Rollout extends Component {
  /** The Rollout, complete once the new version serves. */
  readonly resource: pulumi.Resource;
  /** Services in the load balancer's rules. Pulumi doesn't wait for their pods. */
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

  /** Verification that the new version responds, before and after the switch. */
  private verification(): Template | undefined {
    const { spec, settings, release } = this.args;
    if (release.strategy !== "blue-green" || isStopped(settings)) return undefined;
    return this.template("preview", previewTemplate(spec, settings, release.verifySeconds));
  }

  /** Analysis of error rate and latency: for a while after a switch, or during all steps. */
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

  /** Service for a switch in the cluster. The controller points it at the new version. */
  private previewService(): pulumi.Resource[] {
    const { spec, release } = this.args;
    const { listen } = spec;
    if (release.strategy !== "blue-green" || listen === undefined || isBalanced(spec)) return [];
    return [this.service("preview", previewService(listen.service), listen, {}, managedService)];
  }

  /**
   * Services in the load balancer's rules: the two versions, and the new one by a label that its pods have during the
   * release.
   */
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
    // Not awaited: the Rollout and its Ingress need it before it has pods.
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
            // The program overrides manual changes (`undo`, `restart`).
            "pulumi.com/patchForce": "true",
            // The controller releases the Services once the Rollout is deleted, so don't wait for its pods.
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
