import { watch, type BlueGreenSettings, type CanarySettings } from "../../config";
import type { WorkloadSpec } from "../../systems/spec";
import { hashArgument } from "./analysis";
import { mainPort } from "./ports";
import { incoming, ingressName, pingService, pongService, previewService } from "./rollout-names";

/**
 * `spec.strategy` of a Rollout. Source of the fields: argo-rollouts 1.9, `docs/features/specification.md` and
 * `docs/features/traffic-management/alb.md`.
 */

/** A release by which pods of two versions stand side by side under Argo Rollouts. */
export type RolloutSettings = BlueGreenSettings | CanarySettings;

/** Names of the analyses that a strategy asks for; undefined: it doesn't. */
export interface Analyses {
  /** Whether the new version answers. */
  readonly answers?: string | undefined;
  /** Error rate and latency. */
  readonly metrics?: string | undefined;
}

/** Seconds that pods of a version keep running after the load balancer switched to the other one. */
const handOverSeconds = 60;

const templates = (...names: readonly (string | undefined)[]) =>
  names.flatMap((templateName) => (templateName === undefined ? [] : [{ templateName }]));

const hash = { args: [{ name: hashArgument, valueFrom: { podTemplateHashValue: "Latest" } }] };

const metrics = (template: string) => ({ templates: templates(template), ...hash });

/** One way back is kept, not every version of the last minutes. */
const kept = (seconds: number) => ({ scaleDownDelaySeconds: seconds, scaleDownDelayRevisionLimit: 1 });

/** A switch of the Service, for what only the cluster calls. */
function serviceSwitch(service: string, settings: BlueGreenSettings, analyses: Analyses, stopped: boolean) {
  return {
    activeService: service,
    previewService: previewService(service),
    ...(settings.previewReplicas === undefined || stopped
      ? {}
      : { previewReplicaCount: settings.previewReplicas }),
    ...(analyses.answers === undefined
      ? {}
      : { prePromotionAnalysis: { templates: templates(analyses.answers) } }),
    ...(analyses.metrics === undefined ? {} : { postPromotionAnalysis: metrics(analyses.metrics) }),
    ...kept(settings.keepSeconds),
  };
}

/**
 * A switch at the load balancer: all of the new version, or what is asked for, comes up and is verified; then there is
 * as much of it as of the old one, and it is given every request at once; then it is watched. Until the last step is
 * through, the old version is whole, and an abort is a change of weights.
 */
function switchSteps({ previewReplicas }: BlueGreenSettings, analyses: Analyses) {
  const whole = { setCanaryScale: { weight: 100 } };
  const watched = {
    templates: templates(analyses.answers, analyses.metrics),
    ...(analyses.metrics === undefined ? {} : hash),
  };
  return [
    ...(previewReplicas === undefined ? [whole] : [{ setCanaryScale: { replicas: previewReplicas } }]),
    { analysis: { templates: templates(analyses.answers) } },
    ...(previewReplicas === undefined ? [] : [whole]),
    { setWeight: 100 },
    { analysis: watched },
  ];
}

/** The last step is the release itself: nothing is waited for after it. */
const canarySteps = ({ steps: weights, pauseSeconds }: CanarySettings) =>
  weights.flatMap((weight) => [
    { setWeight: weight },
    ...(weight < 100 ? [{ pause: { duration: `${pauseSeconds}s` } }] : []),
  ]);

/** Steps of a canary, and what is watched all the way through them. */
const watchedSteps = (settings: CanarySettings, analyses: Analyses) => ({
  steps: canarySteps(settings),
  ...(analyses.metrics === undefined ? {} : { analysis: metrics(analyses.metrics) }),
});

/**
 * What the load balancer has to know. It weighs two Services, "ping" and "pong": one leads to the version that serves,
 * the other to the one that comes in, and at the end they change roles. Neither is turned to other pods while it has
 * requests, so the load balancer always knows the targets already. The workload's own Service follows the version that
 * serves, for callers in the cluster; in the Ingress its name stands for the rule alone.
 */
function balanced(service: string, namespace: string, servicePort: number, keepSeconds: number) {
  return {
    stableService: service,
    pingPong: { pingService: pingService(service), pongService: pongService(service) },
    canaryMetadata: { labels: { ...incoming } },
    ...kept(keepSeconds),
    abortScaleDownDelaySeconds: handOverSeconds,
    trafficRouting: { alb: { ingress: ingressName(namespace), rootService: service, servicePort } },
  };
}

/** Whether a release of a workload takes place at the load balancer. */
export const isBalanced = ({ exposure, listen }: WorkloadSpec): boolean =>
  exposure !== undefined && listen !== undefined;

/**
 * How Argo Rollouts brings a version in. Of a workload without pods (`stopped`) a version comes in at once: no pod could
 * answer what a step asks.
 */
export function rolloutStrategy(
  spec: WorkloadSpec,
  settings: RolloutSettings,
  analyses: Analyses,
  stopped = false,
): object {
  const { listen, namespace } = spec;
  const main = mainPort(spec);
  const blueGreen = settings.strategy === "blue-green";
  if (listen === undefined || main === undefined || !isBalanced(spec)) {
    if (blueGreen) {
      if (listen === undefined) throw new Error(`${spec.name} has no Service to switch`);
      return { blueGreen: serviceSwitch(listen.service, settings, analyses, stopped) };
    }
    // No load balancer stands before it: the weights are the pods' numbers, as near as they come.
    const maxSurge = `${settings.maxSurge ?? 100}%`;
    const steps = stopped ? {} : watchedSteps(settings, analyses);
    return { canary: { ...steps, maxSurge, maxUnavailable: 0 } };
  }
  const watched = blueGreen ? { steps: switchSteps(settings, analyses) } : watchedSteps(settings, analyses);
  const steps = stopped ? {} : watched;
  const keepSeconds = blueGreen ? settings.keepSeconds : handOverSeconds;
  return { canary: { ...steps, ...balanced(listen.service, namespace, main.port, keepSeconds) } };
}

/** Seconds without progress after which a release is rolled back. */
export const progressSeconds = 600;
/** Seconds that a step takes beside its pause: pods that start, targets that the load balancer finds well. */
const stepSeconds = 120;

/**
 * Seconds that `pulumi up` waits for a release: its own pauses and looks, and as long as it may stand still. One that
 * was rolled back, or pauses for lack of metrics, never becomes healthy, so this is also how long it takes until that
 * is a fault of the update.
 */
export function releaseSeconds(settings: RolloutSettings): number {
  if (settings.strategy === "canary")
    return settings.steps.length * (settings.pauseSeconds + stepSeconds) + progressSeconds;
  const watched = settings.analysis ? watch.delay + watch.interval * watch.looks : 0;
  const { verifySeconds } = settings;
  // Before the switch and after it: each time the pods of a version, and the load balancer, may take a step's time.
  return verifySeconds + Math.max(verifySeconds, watched) + 2 * stepSeconds + progressSeconds;
}
