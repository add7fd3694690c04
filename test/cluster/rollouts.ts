import { ofKind } from "./manifests";
import type { Autoscaler, KubeObject, Metadata, PodTemplate, Scaled } from "./types";

/** An Argo Rollout: the fields that determine its pods. */
export interface Rollout extends Scaled {
  spec: Scaled["spec"] & { strategy?: Strategy };
}

interface Strategy {
  blueGreen?: { activeService: string; previewService?: string } & Analysed;
  canary?: {
    stableService?: string;
    canaryService?: string;
    pingPong?: { pingService: string; pongService: string };
    canaryMetadata?: { labels?: Record<string, string> };
    steps?: { analysis?: Analysis }[];
    maxSurge?: number | string;
    maxUnavailable?: number | string;
    trafficRouting?: { alb?: { ingress: string; rootService?: string } };
  } & Analysed;
}

/** Analyses of a strategy. */
interface Analysed {
  prePromotionAnalysis?: Analysis;
  postPromotionAnalysis?: Analysis;
  analysis?: Analysis;
}

export interface Analysis {
  templates?: { templateName: string }[];
}

/** Annotation of a replacement whose versions both run in full. */
const TWO_VERSIONS = "cluster-test/two-versions";

/** Argo's defaults for a strategy. Source: argo-rollouts, `utils/defaults`. */
const DEFAULT_SHARE = "25%";

/**
 * Replaces Argo's controller, since the test's control plane runs no operators: a Deployment with the Rollout's name and
 * pods, and for each autoscaler of the Rollout another one for the Deployment.
 *
 * @param objects including the autoscalers that KEDA would create
 */
export function rolloutStandIns(objects: readonly KubeObject[]): KubeObject[] {
  const autoscalers = ofKind<Autoscaler>(objects, "HorizontalPodAutoscaler").filter(
    ({ spec }) => spec.scaleTargetRef.kind === "Rollout",
  );
  return [...ofKind<Rollout>(objects, "Rollout").map(deployment), ...autoscalers.map(retargeted)];
}

/** Labels of a new version's pods, in addition to their template's. */
export const incomingLabels = ({ spec: { strategy = {} } }: Rollout): Record<string, string> =>
  strategy.canary?.canaryMetadata?.labels ?? {};

/** Additional pods of a new version, of a Rollout without an autoscaler. */
export function rolloutSurge({ spec: { strategy = {} } }: Rollout): number | string {
  return isWhole(strategy) ? "100%" : (strategy.canary?.maxSurge ?? DEFAULT_SHARE);
}

/**
 * The new version of a replacement while it runs next to the old one until the switch; undefined if pods are replaced
 * gradually. It needs room for all its pods, while a rolling update would continue once an old pod is gone.
 */
export function versionBeside({ apiVersion, kind, metadata, spec }: Scaled): Scaled | undefined {
  if (metadata.annotations?.[TWO_VERSIONS] === undefined) return undefined;
  const annotations = { ...spec.template.metadata?.annotations, version: "next" };
  const template = { ...spec.template, metadata: { ...spec.template.metadata, annotations } };
  return {
    apiVersion,
    kind,
    metadata: named(metadata, `${metadata.name}-next`),
    spec: { ...spec, template },
  };
}

/** Whether traffic is switched or weighted between two full sets of pods; otherwise pods determine the weights. */
const isWhole = ({ blueGreen, canary }: Strategy): boolean =>
  blueGreen !== undefined || canary?.trafficRouting !== undefined;

function deployment(rollout: Rollout): KubeObject {
  const { metadata, spec } = rollout;
  const { replicas, selector, template, strategy = {} } = spec;
  const whole = isWhole(strategy);
  const maxUnavailable = whole ? 0 : (strategy.canary?.maxUnavailable ?? DEFAULT_SHARE);
  return {
    apiVersion: "apps/v1",
    kind: "Deployment",
    metadata: {
      ...named(metadata, metadata.name),
      labels: metadata.labels ?? {},
      annotations: whole ? { [TWO_VERSIONS]: "" } : {},
    },
    spec: {
      ...(replicas === undefined ? {} : { replicas }),
      selector,
      template: withVersions(template),
      strategy: {
        type: "RollingUpdate",
        rollingUpdate: { maxSurge: rolloutSurge(rollout), maxUnavailable },
      },
    },
  };
}

/**
 * Maps the version label: a Rollout's pods have Argo's, the pods here a Deployment's. A selector with a Deployment's
 * label matches no pods of a Rollout.
 */
function withVersions(template: PodTemplate): PodTemplate {
  const { topologySpreadConstraints: constraints } = template.spec;
  if (constraints === undefined) return template;
  const topologySpreadConstraints = constraints.map(({ matchLabelKeys, ...constraint }) => {
    const keys = matchLabelKeys
      ?.filter((key) => key !== "pod-template-hash")
      .map((key) => (key === "rollouts-pod-template-hash" ? "pod-template-hash" : key));
    return { ...constraint, ...(keys === undefined || keys.length === 0 ? {} : { matchLabelKeys: keys }) };
  });
  return { ...template, spec: { ...template.spec, topologySpreadConstraints } };
}

function retargeted({ apiVersion, kind, metadata, spec }: Autoscaler): Autoscaler {
  const scaleTargetRef = { apiVersion: "apps/v1", kind: "Deployment", name: spec.scaleTargetRef.name };
  return {
    apiVersion,
    kind,
    metadata: named(metadata, `rollout-${metadata.name}`),
    spec: { ...spec, scaleTargetRef },
  };
}

function named({ namespace }: Metadata, name: string): Metadata {
  return { name, ...(namespace === undefined ? {} : { namespace }) };
}
