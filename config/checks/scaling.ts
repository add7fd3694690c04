import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { givenWorkloads, type Given } from "../reading/given";
import { kedaTargets, prometheusTargets } from "../systems/scaling";

type Scaling = ReturnType<typeof givenWorkloads>[number]["workload"]["autoscaling"];
type Target = keyof Scaling;

/** Operators that autoscaling needs but that aren't configured. */
export function scalingFaults(project: string, file: Given): Fault[] {
  const { operators } = file.cluster;
  const needs = (key: string) => ({
    expected: `nothing without ${project}:${key}`,
    remedy: "add that operator, or remove this key",
  });
  return givenWorkloads(project, file).flatMap(({ path, workload }) => {
    const scaling = workload.autoscaling;
    const needed = (targets: readonly Target[], key: string): Fault[] =>
      targets
        .filter((target) => scaling[target] !== undefined)
        .map((target) => ({
          path: `${path}.autoscaling.${target}`,
          found: show(scaling[target]),
          ...needs(key),
        }));
    return [
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
