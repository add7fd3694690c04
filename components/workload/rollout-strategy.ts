import { watch, type BlueGreenSettings, type CanarySettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { hashArgument } from "./analysis";
import { mainPort } from "./ports";
import { canaryService, ingressName, previewService } from "./release-names";

/** `spec.strategy` of a Rollout. Source of the fields: argo-rollouts 1.9, `docs/features/specification.md`. */

/** A release by which pods of two versions stand side by side under Argo Rollouts. */
export type RolloutSettings = BlueGreenSettings | CanarySettings;

/** Names of the analyses that a strategy asks for; undefined: it doesn't. */
export interface Analyses {
  /** Whether the new version answers, before the switch. */
  readonly preview?: string | undefined;
  /** Error rate and latency. */
  readonly metrics?: string | undefined;
}

/** Seconds that pods of the old version go on after the load balancer was told of the new ones. */
const handOverSeconds = 60;

const metrics = (template: string) => ({
  templates: [{ templateName: template }],
  args: [{ name: hashArgument, valueFrom: { podTemplateHashValue: "Latest" } }],
});

function blueGreen(service: string, settings: BlueGreenSettings, analyses: Analyses) {
  return {
    activeService: service,
    previewService: previewService(service),
    ...(settings.previewReplicas === undefined ? {} : { previewReplicaCount: settings.previewReplicas }),
    ...(analyses.preview === undefined
      ? {}
      : { prePromotionAnalysis: { templates: [{ templateName: analyses.preview }] } }),
    ...(analyses.metrics === undefined ? {} : { postPromotionAnalysis: metrics(analyses.metrics) }),
    scaleDownDelaySeconds: settings.keepSeconds,
    // One way back is kept, not every version of the last minutes.
    scaleDownDelayRevisionLimit: 1,
  };
}

/** The last step is the release itself: nothing is waited for after it. */
const steps = ({ steps: weights, pauseSeconds }: CanarySettings) =>
  weights.flatMap((weight) => [
    { setWeight: weight },
    ...(weight < 100 ? [{ pause: { duration: `${pauseSeconds}s` } }] : []),
  ]);

function canary(spec: WorkloadSpec, settings: CanarySettings, analyses: Analyses) {
  const common = {
    steps: steps(settings),
    ...(analyses.metrics === undefined ? {} : { analysis: metrics(analyses.metrics) }),
  };
  const { listen, exposure, namespace } = spec;
  const main = mainPort(spec);
  // No load balancer stands before it: the weights are the pods' numbers, as near as they come.
  if (exposure === undefined || listen === undefined || main === undefined)
    return { ...common, maxSurge: `${settings.maxSurge ?? 100}%`, maxUnavailable: 0 };
  return {
    ...common,
    // The document's own: its target group serves on when the strategy changes, where another's would begin empty.
    stableService: listen.service,
    canaryService: canaryService(listen.service),
    scaleDownDelaySeconds: handOverSeconds,
    scaleDownDelayRevisionLimit: 1,
    trafficRouting: { alb: { ingress: ingressName(namespace), servicePort: main.port } },
  };
}

export function rolloutStrategy(spec: WorkloadSpec, settings: RolloutSettings, analyses: Analyses): object {
  if (settings.strategy === "canary") return { canary: canary(spec, settings, analyses) };
  if (spec.listen === undefined) throw new Error(`${spec.name} has no Service to switch`);
  return { blueGreen: blueGreen(spec.listen.service, settings, analyses) };
}

/** Seconds without progress after which a release is taken back. */
export const progressSeconds = 600;
/** Seconds that a step takes beside its pause: pods that start, targets that the load balancer finds well. */
const stepSeconds = 120;

/**
 * Seconds that `pulumi up` waits for a release: its own pauses and looks, and as long as it may stand still. One that
 * was taken back never becomes healthy, so this is also how long it takes until that is a fault of the update.
 */
export function releaseSeconds(settings: RolloutSettings): number {
  const watched = watch.delay + watch.interval * watch.looks;
  const own =
    settings.strategy === "canary"
      ? settings.steps.length * (settings.pauseSeconds + stepSeconds)
      : settings.verifySeconds + stepSeconds + (settings.analysis ? watched : 0);
  return own + progressSeconds;
}
