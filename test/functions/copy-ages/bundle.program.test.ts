import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { functionBundle } from "../../../components/base/function-bundle";

const databases = ["plinth-ams", "plinth-opmas"];

/** Calls the bundle as Lambda does, with stubs of AWS' packages that print their requests. */
function invoked(pages: readonly object[]): { out: string; failed: boolean } {
  const script = `
    const Module = require("node:module");
    const pages = ${JSON.stringify(pages)};
    class Command { constructor(input) { this.input = input; } }
    const load = Module._load;
    Module._load = (name, ...rest) =>
      name === "@aws-sdk/client-rds"
        ? {
            DescribeDBInstanceAutomatedBackupsCommand: Command,
            RDSClient: class {
              async send({ input }) {
                const page = pages[Number(input.Marker ?? 0)];
                for (const one of page.DBInstanceAutomatedBackups)
                  if (one.minutes !== undefined)
                    one.RestoreWindow = { LatestTime: new Date(Date.now() - one.minutes * 60000) };
                return page;
              }
            },
          }
        : name === "@aws-sdk/client-cloudwatch"
          ? {
              PutMetricDataCommand: Command,
              CloudWatchClient: class { async send({ input }) { console.log(JSON.stringify(input)); } },
            }
          : load(name, ...rest);
    require(${JSON.stringify(`${process.cwd()}/${functionBundle("copy-ages")}`)}).handler();`;
  const env = { ...process.env, DATABASES: JSON.stringify(databases), NAMESPACE: "N", ENVIRONMENT: "E" };
  try {
    return { out: execFileSync(process.execPath, ["-e", script], { env, encoding: "utf8" }), failed: false };
  } catch (error) {
    return { out: (error as { stdout: string }).stdout, failed: true };
  }
}

describe("The bundle of the function copy-ages", () => {
  it("publishes the largest lag of all copies, from all pages", () => {
    const { out } = invoked([
      { DBInstanceAutomatedBackups: [{ DBInstanceIdentifier: "plinth-ams", minutes: 5 }], Marker: "1" },
      { DBInstanceAutomatedBackups: [{ DBInstanceIdentifier: "plinth-opmas", minutes: 70 }] },
    ]);
    const [report = "", metric = ""] = out.trim().split("\n");
    assert.match(report, /^\[\{"database":"plinth-opmas","minutes":70\}/);
    assert.deepEqual(JSON.parse(metric), {
      Namespace: "N",
      MetricData: [
        {
          MetricName: "BackupsBehindMinutes",
          Value: 70,
          Unit: "None",
          Dimensions: [{ Name: "Environment", Value: "E" }],
        },
      ],
    });
  });

  it("fails, and publishes nothing, if a database has no copy", () => {
    const { out, failed } = invoked([
      { DBInstanceAutomatedBackups: [{ DBInstanceIdentifier: "plinth-ams", minutes: 5 }] },
    ]);
    assert.ok(failed);
    assert.doesNotMatch(out, /MetricName/);
    assert.match(out, /plinth-opmas/);
  });
});
