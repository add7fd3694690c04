import type { Analysis, Rollout } from "../rollouts";
import type { Reference } from "./reference";

/** References of a Rollout's strategy: if one is missing, Argo's controller doesn't release. */
export function rolloutReferences({ spec: { strategy = {} } }: Rollout): Pick<Reference, "kind" | "name">[] {
  const { blueGreen, canary } = strategy;
  const services = [
    ...[blueGreen?.activeService, blueGreen?.previewService],
    ...[canary?.stableService, canary?.canaryService, canary?.trafficRouting?.alb?.rootService],
    ...[canary?.pingPong?.pingService, canary?.pingPong?.pongService],
  ];
  const analyses = [
    ...[blueGreen?.prePromotionAnalysis, blueGreen?.postPromotionAnalysis, canary?.analysis],
    ...(canary?.steps ?? []).map(({ analysis }) => analysis),
  ];
  return [
    ...to("Service", services),
    ...to("Ingress", [canary?.trafficRouting?.alb?.ingress]),
    ...analyses.flatMap(ofAnalysis),
  ];
}

function ofAnalysis(analysis: Analysis | undefined): Pick<Reference, "kind" | "name">[] {
  return (analysis?.templates ?? []).map(({ templateName: name }) => ({ kind: "AnalysisTemplate", name }));
}

function to(kind: string, names: readonly (string | undefined)[]): Pick<Reference, "kind" | "name">[] {
  return names.flatMap((name) => (name === undefined ? [] : [{ kind, name }]));
}
