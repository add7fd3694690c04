import { appendFileSync } from "node:fs";

export interface Counts {
  readonly passed: number;
  readonly failed: number;
  readonly skipped: number;
}

/** Adds a suite's counts to those that `.ci/run` sums, like the mocha reporter; does nothing outside `.ci/run`. */
export function addCounts(counts: Counts): void {
  const file = process.env.TEST_COUNTS;
  if (file !== undefined && file !== "") appendFileSync(file, `${JSON.stringify(counts)}\n`);
}
