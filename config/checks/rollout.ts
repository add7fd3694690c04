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
            expected: `0, or ${project}:cluster.operators.reloader beside it, which restarts pods with the new logins`,
            remedy: "add the operator, or change the value",
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
        expected: `"rolling", or ${project}:cluster.operators.argoRollouts beside it, which carries the others out`,
        remedy: "add the operator, or change the value",
      });
    if (analysis === true && prometheus === undefined)
      faults.push({
        path: `${path}.release.analysis`,
        found: "true",
        expected: `false, or ${project}:cluster.operators.prometheus beside it, which knows the figures`,
        remedy: "add the operator, or change the value",
      });
    return faults;
  });
  return [...restarted, ...released];
}
