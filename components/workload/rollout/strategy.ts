import { watch, type BlueGreenSettings, type CanarySettings } from "../../../config";
import type { WorkloadSpec } from "../../../systems/spec";
import { hashArgument } from "./analysis";
import { mainPort } from "../ports";
import { incoming, ingressName, pingService, pongService, previewService } from "./names";

/**
 * `spec.strategy` of a Rollout. Source of the fields: argo-rollouts 1.9, `docs/features/specification.md` and
 * `docs/features/traffic-management/alb.md`.
 */

/** A release during which Argo Rollouts runs pods of two versions. */
export type RolloutSettings = BlueGreenSettings | CanarySettings;

/** Names of a strategy's analysis templates; undefined: no such analysis. */
export interface Analyses {
  /** Verification that the new version responds. */
  readonly answers?: string | undefined;
  /** Error rate and latency. */
  readonly metrics?: string | undefined;
}

/** Seconds that pods of a version keep running after the load balancer has switched to the other version. */
const handOverSeconds = 60;

const templates = (...names: readonly (string | undefined)[]) =>
  names.flatMap((templateName) => (templateName === undefined ? [] : [{ templateName }]));

const hash = { args: [{ name: hashArgument, valueFrom: { podTemplateHashValue: "Latest" } }] };

const metrics = (template: string) => ({ templates: templates(template), ...hash });

/** Keeps one version for a rollback, not every version of the last minutes. */
const kept = (seconds: number) => ({ scaleDownDelaySeconds: seconds, scaleDownDelayRevisionLimit: 1 });

/** Blue-green switch of the Service, for workloads that are only called in the cluster. */
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
 * Blue-green switch at the load balancer: the preview replicas of the new version start and are verified; then it
 * scales to the size of the old one and gets all requests at once; then it is analysed. Until the last step is
 * complete, the old version keeps all its pods, and an abort only changes the weights.
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

/** The last step completes the release, so no pause follows it. */
const canarySteps = ({ steps: weights, pauseSeconds }: CanarySettings) =>
  weights.flatMap((weight) => [
    { setWeight: weight },
    ...(weight < 100 ? [{ pause: { duration: `${pauseSeconds}s` } }] : []),
  ]);

/** Steps of a canary, and its background analysis. */
const watchedSteps = (settings: CanarySettings, analyses: Analyses) => ({
  steps: canarySteps(settings),
  ...(analyses.metrics === undefined ? {} : { analysis: metrics(analyses.metrics) }),
});

/**
 * Traffic routing of the load balancer. It weights two Services, "ping" and "pong": one selects the serving version,
 * the other the new one, and at the end they swap roles. Neither selector changes while its Service gets requests, so
 * the targets are always registered already. The workload's own Service selects the serving version, for callers in the
 * cluster; in the Ingress its name only identifies the rule.
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

/** Whether the load balancer splits a workload's traffic during a release. */
export const isBalanced = ({ exposure, listen }: WorkloadSpec): boolean =>
  exposure !== undefined && listen !== undefined;

/**
 * How Argo Rollouts releases a version. For a workload without pods (`stopped`) it does so at once, since no pod could
 * respond to a step's checks.
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
    // Without a load balancer, the ratio of pods approximates the weights.
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
/** Seconds that a step takes in addition to its pause, until pods have started and targets are healthy. */
const stepSeconds = 120;

/**
 * Seconds that `pulumi up` waits for a release: its pauses and analyses, plus the progress deadline. A release that was
 * rolled back, or paused for lack of metrics, never becomes healthy, so it fails the update after this time.
 */
export function releaseSeconds(settings: RolloutSettings): number {
  if (settings.strategy === "canary")
    return settings.steps.length * (settings.pauseSeconds + stepSeconds) + progressSeconds;
  const watched = settings.analysis ? watch.delay + watch.interval * watch.looks : 0;
  const { verifySeconds } = settings;
  // Before and after the switch, pods and load balancer may each take a step's time.
  return verifySeconds + Math.max(verifySeconds, watched) + 2 * stepSeconds + progressSeconds;
}
