"use strict";
const { appendFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Name of the file for the counts; without it this is mocha's `spec` reporter. */
const FILE = "TEST_COUNTS";

/**
 * Mocha's `spec` reporter, which also appends one line of JSON per run, `{"passed":1,"failed":0,"skipped":0}`, to the
 * file that `TEST_COUNTS` names. The counts are mocha's own, not parsed from printed text.
 *
 * Used by `.ci/run`: `MOCHA_OPTIONS="--reporter test/reporter.cjs" TEST_COUNTS=/tmp/counts npm test`.
 */
module.exports = class CountingReporter extends reporters.Spec {
  constructor(runner, options) {
    super(runner, options);
    const file = process.env[FILE];
    if (file === undefined) return;
    runner.once("end", () => {
      const { passes: passed, failures: failed, pending: skipped } = this.stats;
      appendFileSync(file, `${JSON.stringify({ passed, failed, skipped })}\n`);
    });
  }
};
