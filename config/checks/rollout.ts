import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, rawWorkloads, type Values } from "../raw";

/** Strategies that need Argo Rollouts. */
const withOperator: readonly unknown[] = ["blue-green", "canary"];

/** Operators that a release needs but that aren't configured. Works on the raw values, like `cross.ts`. */
export function releaseFaults(project: string, raw: Values): Fault[] {
  const { argoRollouts, prometheus, reloader } = fields(fields(raw.cluster).operators);
  const { rotationDays } = fields(raw.credentials);
  const restarted: Fault[] =
    typeof rotationDays === "number" && rotationDays > 0 && reloader === undefined
      ? [
          {
            path: `${project}:credentials.rotationDays`,
            found: show(rotationDays),
            expected: `0, unless ${project}:cluster.operators.reloader is set, which restarts pods with the new logins`,
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
        expected: `"rolling", unless ${project}:cluster.operators.argoRollouts is set, which the others need`,
        remedy: "add the operator, or change the value",
      });
    if (analysis === true && prometheus === undefined)
      faults.push({
        path: `${path}.release.analysis`,
        found: "true",
        expected: `false, unless ${project}:cluster.operators.prometheus is set, which collects the metrics`,
        remedy: "add the operator, or change the value",
      });
    return faults;
  });
  return [...restarted, ...released];
}
