import { ofKind } from "./manifests";
import type { Autoscaler, KubeObject, Metadata, PodTemplate, Scaled } from "./types";

/** A Rollout of Argo's, as far as its pods follow from it. */
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

/** Analyses that a strategy asks for. */
interface Analysed {
  prePromotionAnalysis?: Analysis;
  postPromotionAnalysis?: Analysis;
  analysis?: Analysis;
}

export interface Analysis {
  templates?: { templateName: string }[];
}

/** Marks a stand-in whose versions stand beside each other in whole. */
const TWO_VERSIONS = "cluster-test/two-versions";

/** Argo's own numbers where a strategy says nothing. Source: argo-rollouts, `utils/defaults`. */
const DEFAULT_SHARE = "25%";

/**
 * What Argo's controller would run: the test's control plane has no operator. A Deployment of the Rollout's name has
 * its pods, and for each autoscaler of the Rollout one more scales that.
 *
 * @param objects autoscalers among them that KEDA would make
 */
export function rolloutStandIns(objects: readonly KubeObject[]): KubeObject[] {
  const autoscalers = ofKind<Autoscaler>(objects, "HorizontalPodAutoscaler").filter(
    ({ spec }) => spec.scaleTargetRef.kind === "Rollout",
  );
  return [...ofKind<Rollout>(objects, "Rollout").map(deployment), ...autoscalers.map(retargeted)];
}

/** Labels of the pods of a version that comes in, besides their template's. */
export const incomingLabels = ({ spec: { strategy = {} } }: Rollout): Record<string, string> =>
  strategy.canary?.canaryMetadata?.labels ?? {};

/** Pods that a new version may add for a while, of a Rollout's own number. */
export function rolloutSurge({ spec: { strategy = {} } }: Rollout): number | string {
  return isWhole(strategy) ? "100%" : (strategy.canary?.maxSurge ?? DEFAULT_SHARE);
}

/**
 * The new version of a stand-in as it stands beside the old one until the switch; undefined for what replaces its pods
 * by and by. All of it has to be there: a rolling update that lacks room for a pod would go on once an old one left.
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

/** Traffic is switched or weighed between two sets of pods; else the weights are the pods' own numbers. */
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
 * The label with the version is a Rollout's own on its pods, and a Deployment's here. A Deployment's is on no
 * pod of a Rollout: who asks for that asks for nothing.
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
