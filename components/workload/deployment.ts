import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { surge, type WorkloadSettings } from "../../config";
import { selector } from "./labels";
import { ownedReplicas } from "./replicas";

export const deploymentKind = { apiVersion: "apps/v1", kind: "Deployment" } as const;

export interface DeploymentArgs {
  readonly settings: Pick<WorkloadSettings, "replicas" | "autoscaling">;
  readonly metadata: {
    readonly name: string;
    readonly namespace: string;
    readonly labels: Readonly<Record<string, string>>;
  };
  /** Seconds that a pod must have been ready before it counts. */
  readonly minReadySeconds: number;
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
}

/** A workload's pods, replaced by and by when a new version comes: none goes before its successor serves. */
export function deployment(
  name: string,
  { settings, metadata, minReadySeconds, template }: DeploymentArgs,
  opts: pulumi.CustomResourceOptions,
): pulumi.Resource {
  const { annotations, replicas, options } = ownedReplicas(settings);
  return new k8s.apps.v1.Deployment(
    name,
    {
      metadata: { ...metadata, ...annotations },
      spec: {
        ...replicas,
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
    { ...opts, ...options },
  );
}
