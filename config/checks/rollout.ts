import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, rawWorkloads, type Values } from "../raw";

/** Strategies that Argo Rollouts carries out. */
const withOperator: readonly unknown[] = ["blue-green", "canary"];

/** What a release needs but isn't configured. Works on the raw values, as all of `cross.ts` does. */
export function releaseFaults(project: string, raw: Values): Fault[] {
  const { argoRollouts, prometheus, reloader } = fields(fields(raw.cluster).operators);
  const { rotationDays } = fields(raw.credentials);
  const restarted: Fault[] =
    typeof rotationDays === "number" && rotationDays > 0 && reloader === undefined
      ? [
          {
            path: `${project}:credentials.rotationDays`,
            found: show(rotationDays),
            expected: `0, or add ${project}:cluster.operators.reloader, which restarts pods with the new logins`,
          },
        ]
      : [];
  const released = rawWorkloads(project, raw).flatMap(({ path, workload }) => {
    const { strategy, analysis } = fields(workload.release);
    const faults: Fault[] = [];
    if (withOperator.includes(strategy) && argoRollouts === undefined)
      faults.push({
        path: `${path}.release.strategy`,
        found: show(strategy),
        expected: `"rolling", or add ${project}:cluster.operators.argoRollouts, which carries the others out`,
      });
    if (analysis === true && prometheus === undefined)
      faults.push({
        path: `${path}.release.analysis`,
        found: "true",
        expected: `false, or add ${project}:cluster.operators.prometheus, which knows the figures`,
      });
    return faults;
  });
  return [...restarted, ...released];
}
