import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { isStopped, type WorkloadSettings } from "../../config";
import type { Component } from "../base/component";
import { required } from "../base/required";
import type { Metadata } from "./labels";

export interface CronJobArgs {
  readonly settings: Pick<WorkloadSettings, "schedule" | "timeoutSeconds" | "replicas">;
  readonly metadata: Metadata;
  readonly template: k8s.types.input.core.v1.PodTemplateSpec;
  /** The namespace, and everything that its pods need to start. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Retries of a failed pod, after ten seconds at first, then twice as long each time. */
const retries = 2;

/**
 * Seconds after its scheduled time in which a run may still start: while it is upgraded, the control plane starts none.
 */
const startingSeconds = 600;

/**
 * A scheduled workload: the same pod as a serving one, run to completion. Two runs never overlap. The alert JobFailed
 * fires when one fails. To start a run manually: `kubectl create job --from=cronjob/<name>`.
 */
export function cronJob(
  parent: Component,
  key: string,
  { settings, metadata, template, waitsFor }: CronJobArgs,
): pulumi.Resource {
  return new k8s.batch.v1.CronJob(
    parent.child(key),
    {
      metadata,
      spec: {
        schedule: required(settings.schedule, `${metadata.name}: schedule`),
        timeZone: "Etc/UTC",
        concurrencyPolicy: "Forbid",
        ...(isStopped(settings) ? { suspend: true } : {}),
        startingDeadlineSeconds: startingSeconds,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: metadata.labels },
          spec: {
            backoffLimit: retries,
            activeDeadlineSeconds: required(settings.timeoutSeconds, `${metadata.name}: timeoutSeconds`),
            // The loss of a node doesn't count as a failure.
            podFailurePolicy: {
              rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
            },
            template,
          },
        },
      },
    },
    { ...parent.inside, dependsOn: [...waitsFor] },
  );
}
