import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { functionBundle } from "../../../components/base/function-bundle";
import { behind, copyAges, readDatabases, type Copy } from "../../../functions/copy-ages/ages";

const now = new Date("2026-11-21T03:00:00Z");
const copy = (database: string, minutes?: number): Copy => ({
  database,
  latest: minutes === undefined ? undefined : new Date(now.getTime() - minutes * 60 * 1000),
});
const databases = ["plinth-ams", "plinth-opmas"];

describe("The ages of replicated backups", () => {
  it("are those of the named databases, the worst first", () => {
    const found = copyAges(
      databases,
      [copy("plinth-ams", 7.9), copy("plinth-opmas", 61), copy("other", 999)],
      now,
    );
    assert.deepEqual(found, [
      { database: "plinth-opmas", minutes: 61 },
      { database: "plinth-ams", minutes: 7 },
    ]);
    assert.equal(behind(found), 61);
  });

  it("are never negative, when the clocks of RDS and Lambda differ", () => {
    assert.equal(behind(copyAges(["plinth-ams"], [copy("plinth-ams", -1)], now)), 0);
  });

  it("fail for a database without backups, or with backups that can't be restored yet", () => {
    const found = copyAges(databases, [copy("plinth-opmas")], now);
    assert.throws(() => behind(found), /to restore from: plinth-ams, plinth-opmas/);
    const some = copyAges(databases, [copy("plinth-opmas", 5)], now);
    assert.throws(() => behind(some), /to restore from: plinth-ams$/);
  });

  it("are requested with a list of databases", () => {
    assert.deepEqual(readDatabases('["a"]'), ["a"]);
    for (const text of [undefined, "[]", '{"a":1}', "[1]"])
      assert.throws(() => readDatabases(text), /DATABASES/, String(text));
  });
});

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
