"use strict";
const { appendFileSync } = require("node:fs");
const { reporters } = require("mocha");

/** Names the file that gets the counts; without it this is mocha's `spec` reporter and nothing more. */
const FILE = "TEST_COUNTS";

/**
 * Mocha's `spec` reporter, which besides appends one line of JSON a run, `{"passed":1,"failed":0,"skipped":0}`, to the
 * file that `TEST_COUNTS` names. The counts are mocha's own, so nobody has to read them out of printed text.
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
