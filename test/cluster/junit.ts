import type { CheckResult, StackReport } from "./stack-run";

/** Reports as JUnit XML: a suite per stack, a case per check, a failure with all objects and the server's messages. */
export function junit(reports: readonly StackReport[]): string {
  const suites = reports.map(suite).join("\n");
  const { tests, failures, seconds } = totals(reports);
  const counts = `tests="${tests}" failures="${failures}" time="${seconds.toFixed(3)}"`;
  return `<?xml version="1.0" encoding="UTF-8"?>\n<testsuites name="cluster" ${counts}>\n${suites}\n</testsuites>\n`;
}

/** Totals of all stacks. */
export function totals(reports: readonly StackReport[]): {
  tests: number;
  failures: number;
  seconds: number;
} {
  const results = reports.flatMap((report) => report.results);
  return {
    tests: results.length,
    failures: results.filter(({ findings }) => findings.length > 0).length,
    seconds: reports.reduce((sum, { seconds }) => sum + seconds, 0),
  };
}

function suite(report: StackReport): string {
  const { tests, failures, seconds } = totals([report]);
  const cases = report.results.map((result) => testCase(report.stack, result)).join("\n");
  const counts = `tests="${tests}" failures="${failures}" time="${seconds.toFixed(3)}"`;
  return `  <testsuite name="cluster.${escape(report.stack)}" ${counts}>\n${cases}\n  </testsuite>`;
}

function testCase(stack: string, { check, findings, seconds }: CheckResult): string {
  const open = `    <testcase classname="cluster.${escape(stack)}" name="${escape(check)}" time="${seconds.toFixed(3)}"`;
  if (findings.length === 0) return `${open}/>`;
  const lines = findings.map(({ object, message }) => `${object}: ${message}`).join("\n");
  const summary = `${findings.length} found, first: ${findings[0]?.object ?? ""}`;
  return `${open}>\n      <failure message="${escape(summary)}">${escape(lines)}</failure>\n    </testcase>`;
}

/** Also removes characters that XML 1.0 can't represent. */
function escape(text: string): string {
  return text
    .replaceAll(/[\u0000-\u0008\u000b\u000c\u000e-\u001f]/g, "")
    .replaceAll("&", "&amp;")
    .replaceAll("<", "&lt;")
    .replaceAll(">", "&gt;")
    .replaceAll('"', "&quot;");
}
