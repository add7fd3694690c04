import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { givenWorkloads, type Given } from "../reading/given";

/** Strategies that need Argo Rollouts. */
const withOperator: readonly unknown[] = ["blue-green", "canary"];

/** Operators that a release needs but that aren't configured. */
export function releaseFaults(project: string, file: Given): Fault[] {
  const { argoRollouts, prometheus, reloader } = file.cluster.operators;
  const { rotationDays = 0 } = file.credentials;
  const restarted: Fault[] =
    rotationDays > 0 && reloader === undefined
      ? [
          {
            path: `${project}:credentials.rotationDays`,
            found: show(rotationDays),
            expected: `0, unless ${project}:cluster.operators.reloader is set, which restarts pods with the new logins`,
            remedy: "add the operator, or change the value",
          },
        ]
      : [];
  const released = givenWorkloads(project, file).flatMap(({ path, workload }) => {
    const { strategy, analysis } = workload.release;
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
