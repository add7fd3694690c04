import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Marks lie in the first thirty years of the clock, so that every pod is younger. Seconds. */
const span = 30 * 365 * 24 * 60 * 60;

/**
 * A date that stands for what a Rollout is to be: something else, another date.
 *
 * A Rollout's `restartAt` restarts the pods that are older, which is none, and the controller writes the date into
 * `status.restartedAt` as soon as it works on what came with it. So the two tell whether the status speaks of that
 * yet. Nothing else does: `status.observedGeneration` of a Rollout is text, and Pulumi, which compares numbers, takes
 * the old version's `Healthy` for the new one's. Sources: argo-rollouts 1.9, `rollout/restart.go`; pulumi-kubernetes,
 * `await/condition/jsonpath.go`.
 */
export function rolloutMark(wanted: pulumi.Input<object>): pulumi.Output<string> {
  return pulumi.output(wanted).apply((resolved) => {
    const digest = createHash("sha256").update(JSON.stringify(resolved)).digest();
    const seconds = digest.readUInt32BE(0) % span;
    return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  });
}
