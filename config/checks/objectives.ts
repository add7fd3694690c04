import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, type Values } from "../raw";

/** Longest window of the alerts on an error budget, in days. */
const longestWindowDays = 3;

/** Objectives without Prometheus, or with too short a retention. Works on the raw values, like `cross.ts`. */
export function objectiveFaults(project: string, raw: Values): Fault[] {
  const { prometheus } = fields(fields(raw.cluster).operators);
  const operator = `${project}:cluster.operators.prometheus`;
  const measured = Object.entries(fields(raw.systems)).flatMap(([system, value]) => {
    const { objectives } = fields(value);
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
  const { retentionDays } = fields(prometheus);
  if (typeof retentionDays !== "number" || retentionDays >= longestWindowDays || measured.length === 0)
    return [];
  return [
    {
      path: `${operator}.retentionDays`,
      found: show(retentionDays),
      expected: `at least ${longestWindowDays} days, the longest window of the alerts on ${measured.map(({ path }) => path).join(", ")}`,
    },
  ];
}
