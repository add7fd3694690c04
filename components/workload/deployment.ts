import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { surge, type WorkloadSettings } from "../../config";
import type { Component } from "../base/component";
import { selector, type Metadata } from "./labels";
import { ownedReplicas } from "./replicas";

export const deploymentKind = { apiVersion: "apps/v1", kind: "Deployment" } as const;

export interface DeploymentArgs {
  readonly settings: Pick<WorkloadSettings, "replicas" | "autoscaling">;
  readonly metadata: Metadata;
  /** Seconds that a pod must have been ready before it counts. */
  readonly minReadySeconds: number;
  /** Its annotations, in addition to those for the number of replicas. */
  readonly annotations: Readonly<Record<string, string>>;
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
  /** The namespace, and everything that its pods need to start. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/**
 * Minutes that Pulumi waits for all pods of a version. With `surge` there are at most four batches, and each may take
 * three minutes: a new node, and registration with a network load balancer. Pulumi's default is ten.
 */
const timeoutMinutes = 15;

/**
 * A workload's Deployment. A new version replaces the pods a few at a time: each is terminated once its successor is
 * ready.
 */
export function deployment(
  parent: Component,
  key: string,
  { settings, metadata, annotations, minReadySeconds, template, waitsFor }: DeploymentArgs,
): pulumi.Resource {
  const owned = ownedReplicas(settings);
  return new k8s.apps.v1.Deployment(
    parent.child(key),
    {
      metadata: { ...metadata, annotations: { ...owned.annotations.annotations, ...annotations } },
      spec: {
        ...owned.replicas,
        selector: { matchLabels: selector(metadata.name) },
        strategy: {
          type: "RollingUpdate",
          rollingUpdate: { maxUnavailable: 0, maxSurge: `${surge * 100}%` },
        },
        minReadySeconds,
        revisionHistoryLimit: 5,
        template,
      },
    },
    {
      ...parent.inside,
      dependsOn: [...waitsFor],
      ...owned.options,
      customTimeouts: { create: `${timeoutMinutes}m`, update: `${timeoutMinutes}m` },
    },
  );
}
