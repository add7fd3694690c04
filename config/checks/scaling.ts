import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, rawWorkloads, type Values } from "../raw";
import { kedaTargets, prometheusTargets } from "../scaling";

/** Operators that autoscaling needs but that aren't configured. Works on the raw values, like `cross.ts`. */
export function scalingFaults(project: string, raw: Values): Fault[] {
  const operators = fields(fields(raw.cluster).operators);
  const needs = (key: string) => ({
    expected: `nothing without ${project}:${key}`,
    remedy: "add that operator, or remove this key",
  });
  return rawWorkloads(project, raw).flatMap(({ path, workload }) => {
    const scaling = fields(workload.autoscaling);
    const needed = (targets: readonly string[], key: string): Fault[] =>
      targets
        .filter((target) => scaling[target] !== undefined)
        .map((target) => ({
          path: `${path}.autoscaling.${target}`,
          found: show(scaling[target]),
          ...needs(key),
        }));
    return [
      ...toleranceFaults(project, path, scaling, fields(raw.cluster).version),
      ...(operators.keda === undefined ? needed(kedaTargets, "cluster.operators.keda") : []),
      ...(operators.prometheus === undefined
        ? needed(prometheusTargets, "cluster.operators.prometheus")
        : []),
      ...(operators.verticalPodAutoscaler === undefined && workload.recommend === true
        ? [
            {
              path: `${path}.recommend`,
              found: "true",
              ...needs("cluster.operators.verticalPodAutoscaler"),
            },
          ]
        : []),
    ];
  });
}

/** First Kubernetes minor version with an autoscaler's `tolerance`. Source: KEP-4951. */
const toleranceSince = 35;

/** An older API server silently drops the field. */
function toleranceFaults(project: string, path: string, scaling: Values, version: unknown): Fault[] {
  const [, minor] = /^1\.(\d+)$/.exec(String(version)) ?? [];
  if (minor === undefined || Number(minor) >= toleranceSince) return [];
  const behaviour = fields(scaling.behaviour);
  return ["up", "down"].flatMap((direction) => {
    const { tolerancePercent } = fields(behaviour[direction]);
    if (tolerancePercent === undefined) return [];
    return [
      {
        path: `${path}.autoscaling.behaviour.${direction}.tolerancePercent`,
        found: show(tolerancePercent),
        expected: `no threshold: EKS ${String(version)} (${project}:cluster.version) doesn't support it, 1.${toleranceSince} does`,
        remedy: "remove it",
      },
    ];
  });
}
