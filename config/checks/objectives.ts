import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Given } from "../reading/given";

/** Longest window of the alerts on an error budget, in days. */
const longestWindowDays = 3;

/** Objectives without Prometheus, or with too short a retention. */
export function objectiveFaults(project: string, { cluster, systems }: Given): Fault[] {
  const { prometheus } = cluster.operators;
  const operator = `${project}:cluster.operators.prometheus`;
  const measured = Object.entries(systems).flatMap(([system, { objectives }]) => {
    return objectives === undefined
      ? []
      : [{ path: `${project}:systems.${system}.objectives`, found: show(objectives) }];
  });
  if (prometheus === undefined)
    return measured.map((each) => ({
      ...each,
      expected: `nothing without ${operator}, which measures it`,
      remedy: "add that operator, or remove this key",
    }));
  const { retentionDays } = prometheus;
  if (retentionDays === undefined || retentionDays >= longestWindowDays || measured.length === 0) return [];
  return [
    {
      path: `${operator}.retentionDays`,
      found: show(retentionDays),
      expected: `at least ${longestWindowDays} days, the longest window of the alerts on ${measured.map(({ path }) => path).join(", ")}`,
    },
  ];
}
