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
  /** The namespace, and what its pods can't start without. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Times that a run's pod is tried again, ten seconds later at first, then twice as long each time. */
const retries = 2;

/** Seconds after its time in which a run may still start: while the control plane is replaced, it starts none. */
const startingSeconds = 600;

/**
 * A scheduled workload: the same pod as one that serves, run to its end. Two runs never stand beside each other; the
 * alert JobFailed says when one has failed. By hand: `kubectl create job --from=cronjob/<name>`.
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
            // A node that goes away is nobody's fault, and counts as no try.
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
