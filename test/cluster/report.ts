import { totals } from "./junit";
import type { CheckResult, StackReport } from "./stack-run";

/** Limits of simulated nodes, printed with every result. */
export const LIMITS =
  "Not shown by simulated nodes: whether probes succeed, images start, network policies block traffic, " +
  "autoscalers scale. Placeholders stand for values that only a deployment knows.";

/** The table of one stack, followed by its failures. */
export function stackText(report: StackReport): string {
  const { stack, objects, applied, workloads, ready, nodes, seconds } = report;
  const head =
    `${stack}: ${objects} objects, ${applied} applied; ${workloads} workloads, ${ready} ready; ` +
    `${nodes} nodes; ${seconds.toFixed(1)} s`;
  return [
    head,
    ...table(report.results),
    ...report.results.flatMap(failure),
    ...report.notes.map((note) => `  note: ${note}`),
  ].join("\n");
}

/** The last line: how many checks passed on all stacks. */
export function closingLine(reports: readonly StackReport[]): string {
  const { tests, failures } = totals(reports);
  return `cluster: ${tests - failures} passed, ${failures} failed`;
}

function table(results: readonly CheckResult[]): string[] {
  const width = Math.max(...results.map(({ check }) => check.length));
  return results.map(({ check, findings, examined, seconds, notes = [] }) => {
    const verdict = findings.length === 0 ? "ok  " : "FAIL";
    const columns = [
      check.padEnd(width),
      String(examined).padStart(5),
      `${seconds.toFixed(1).padStart(6)} s`,
    ];
    const remark = notes.length > 0 ? `  (${notes.join("; ")})` : "";
    return `  ${verdict} ${columns.join(" ")}${remark}`;
  });
}

function failure({ check, findings }: CheckResult): string[] {
  if (findings.length === 0) return [];
  return [`  FAILED: ${check}`, ...findings.map(({ object, message }) => `    ${object}: ${message}`)];
}
