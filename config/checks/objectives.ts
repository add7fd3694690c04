import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, type Values } from "../raw";

/** Longest window of the alerts on an error budget, in days. */
const longestWindowDays = 3;

/** Objectives without Prometheus, or with too short a retention. Works on the raw values, like `cross.ts`. */
export function objectiveFaults(project: string, raw: Values): Fault[] {
  const { prometheus } = fields(fields(raw.cluster).operators);
  const { retentionDays } = fields(prometheus);
  const short = typeof retentionDays === "number" && retentionDays < longestWindowDays;
  if (prometheus !== undefined && !short) return [];
  const operator = `${project}:cluster.operators.prometheus`;
  const [expected, remedy] = short
    ? [
        `nothing unless ${operator}.retentionDays is ${longestWindowDays} or more, the longest window of its alerts`,
        "raise it, or remove this key",
      ]
    : [`nothing without ${operator}, which measures it`, "add that operator, or remove this key"];
  return Object.entries(fields(raw.systems)).flatMap(([system, value]) => {
    const { objectives } = fields(value);
    if (objectives === undefined) return [];
    return [{ path: `${project}:systems.${system}.objectives`, found: show(objectives), expected, remedy }];
  });
}
