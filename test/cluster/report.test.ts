import assert from "node:assert/strict";

import { junit } from "./junit";
import { closingLine, stackText } from "./report";
import type { StackReport } from "./stack-run";

const report: StackReport = {
  stack: "dev",
  objects: 3,
  applied: 2,
  workloads: 1,
  ready: 1,
  nodes: 2,
  seconds: 12.34,
  results: [
    {
      check: "every object is accepted",
      examined: 3,
      findings: [{ object: "Pod a/b", message: 'is "bad" <&>\u0007' }],
      seconds: 0.5,
    },
    { check: "workloads become ready", examined: 1, findings: [], seconds: 1, notes: ["one pod"] },
  ],
  notes: ["not seen: nats"],
};

describe("the report", () => {
  it("has a line per check, then the failures with their objects and the server's messages", () => {
    assert.equal(
      stackText(report),
      [
        "dev: 3 objects, 2 applied; 1 workloads, 1 ready; 2 nodes; 12.3 s",
        "  FAIL every object is accepted     3    0.5 s",
        "  ok   workloads become ready       1    1.0 s  (one pod)",
        "  FAILED: every object is accepted",
        '    Pod a/b: is "bad" <&>\u0007',
        "  note: not seen: nats",
      ].join("\n"),
    );
  });

  it("ends with a line with the numbers of passed and failed checks", () => {
    assert.equal(closingLine([report, report]), "cluster: 2 passed, 2 failed");
  });

  it("can be written as JUnit: a suite per stack, a case per check, valid XML", () => {
    assert.equal(
      junit([report]),
      `<?xml version="1.0" encoding="UTF-8"?>
<testsuites name="cluster" tests="2" failures="1" time="12.340">
  <testsuite name="cluster.dev" tests="2" failures="1" time="12.340">
    <testcase classname="cluster.dev" name="every object is accepted" time="0.500">
      <failure message="1 found, first: Pod a/b">Pod a/b: is &quot;bad&quot; &lt;&amp;&gt;</failure>
    </testcase>
    <testcase classname="cluster.dev" name="workloads become ready" time="1.000"/>
  </testsuite>
</testsuites>
`,
    );
  });
});
