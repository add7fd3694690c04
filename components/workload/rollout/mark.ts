import { createHash } from "node:crypto";
import * as pulumi from "@pulumi/pulumi";

/** Marks are in the first thirty years of Unix time, so every pod is younger. Seconds. */
const span = 30 * 365 * 24 * 60 * 60;

/**
 * A date derived from a Rollout's spec: another spec, another date.
 *
 * A Rollout's `restartAt` restarts older pods, of which there are none, and the controller copies the date to
 * `status.restartedAt` as soon as it processes the spec. So if both are equal, the status is about the current spec.
 * Nothing else shows that: `status.observedGeneration` of a Rollout is a string, and Pulumi, which compares numbers,
 * would take the old version's `Healthy` for the new one's. Sources: argo-rollouts 1.9, `rollout/restart.go`;
 * pulumi-kubernetes, `await/condition/jsonpath.go`.
 */
export function rolloutMark(wanted: pulumi.Input<object>): pulumi.Output<string> {
  return pulumi.output(wanted).apply((resolved) => {
    const digest = createHash("sha256").update(JSON.stringify(resolved)).digest();
    const seconds = digest.readUInt32BE(0) % span;
    return new Date(seconds * 1000).toISOString().replace(".000Z", "Z");
  });
}
