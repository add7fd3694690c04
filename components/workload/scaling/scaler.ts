import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { needsKeda, type AutoscalingSettings, type WorkloadSettings } from "../../../config";
import { Component } from "../../base/component";
import type { Operators } from "../../base/operators";
import { scaledObjectSpec } from "./scaled-object";
import { autoscalerSpec, type ScaleTarget } from "./scaling";
import { triggers, type ScalingSources } from "./triggers";
import type { Metadata } from "../labels";

export interface ScalerArgs {
  /** Name, namespace and labels of the workload and of its objects here. */
  readonly metadata: Metadata;
  readonly settings: Pick<WorkloadSettings, "autoscaling" | "recommend">;
  readonly target: ScaleTarget;
  /** The target: KEDA refuses to scale a missing one. */
  readonly pods: pulumi.Resource;
  readonly namespace: pulumi.Resource;
  readonly sources: ScalingSources;
  readonly operators: Operators;
}

/**
 * The autoscaler of a workload, and the recommendation for its requests.
 *
 * For only CPU and memory it is a HorizontalPodAutoscaler, which has no further dependencies; for other metrics it is a
 * ScaledObject, for which KEDA creates one. They have different names, so one can replace the other: Pulumi creates the
 * new one before it deletes the old one, and meanwhile two autoscalers of the same pods do nothing.
 */
export class Scaler extends Component {
  constructor(
    name: string,
    private readonly args: ScalerArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:workload:Scaler", name, opts);
    const { autoscaling, recommend } = args.settings;
    if (autoscaling !== undefined && needsKeda(autoscaling)) this.scaledObject(autoscaling);
    else if (autoscaling !== undefined) this.autoscaler(autoscaling);
    if (recommend === true) this.recommendation();
    this.registerOutputs();
  }

  private autoscaler(scaling: AutoscalingSettings): void {
    const { metadata, target, namespace } = this.args;
    // KEDA's webhook refuses a second autoscaler for the same pods unless the existing one has this annotation.
    const annotations = { "validations.keda.sh/hpa-ownership": "false" };
    new k8s.autoscaling.v2.HorizontalPodAutoscaler(
      this.child("hpa"),
      {
        metadata: { ...metadata, name: `${metadata.name}-hpa`, annotations },
        spec: autoscalerSpec(target, scaling),
      },
      { ...this.inside, dependsOn: [namespace] },
    );
  }

  private scaledObject(scaling: AutoscalingSettings): void {
    const { target, sources, metadata, pods } = this.args;
    const authentication = sources.queue?.kind === "sqs" ? [this.authentication()] : [];
    this.custom(
      "keda",
      { apiVersion: "keda.sh/v1alpha1", kind: "ScaledObject" },
      scaledObjectSpec(target, scaling, triggers(scaling, sources, metadata.name)),
      [this.args.operators.keda, pods, ...authentication],
    );
  }

  /** Authenticates to AWS as KEDA's operator, whose role may read the attributes of the environment's queues. */
  private authentication(): pulumi.Resource {
    return this.custom(
      "keda-authentication",
      { apiVersion: "keda.sh/v1alpha1", kind: "TriggerAuthentication" },
      { podIdentity: { provider: "aws" } },
      [this.args.operators.keda],
    );
  }

  /** Recommended requests, based on usage. Read them with `kubectl describe vpa` and change the stack file. */
  private recommendation(): void {
    this.custom(
      "vpa",
      { apiVersion: "autoscaling.k8s.io/v1", kind: "VerticalPodAutoscaler" },
      { targetRef: { ...this.args.target }, updatePolicy: { updateMode: "Off" } },
      [this.args.operators.verticalPodAutoscaler],
    );
  }

  private custom(
    key: string,
    kind: { readonly apiVersion: string; readonly kind: string },
    spec: object,
    waitsFor: readonly (pulumi.Resource | undefined)[],
  ): pulumi.Resource {
    const { metadata, namespace } = this.args;
    return new k8s.apiextensions.CustomResource(
      this.child(key),
      { ...kind, metadata, spec },
      { ...this.inside, dependsOn: [namespace, ...waitsFor.filter((each) => each !== undefined)] },
    );
  }
}
