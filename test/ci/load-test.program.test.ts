import assert from "node:assert/strict";
import { stubsFor } from "./stubs";

describe(".ci/load-test", () => {
  const stubs = stubsFor("jq");

  const ended = (type: string) => JSON.stringify({ status: { conditions: [{ type, status: "True" }] } });

  /** A cluster in which the tests of two systems end. */
  function cluster(
    verdicts: Record<string, string>,
    tests = ["ams ams-load-test 900", "tapwork tapwork-load-test 0"],
  ) {
    for (const [name, verdict] of Object.entries(verdicts)) stubs.write(`${name}-run-7-1`, verdict);
    stubs.command(
      "kubectl",
      `case "$1 $2" in
  "get cronjobs") printf '${tests.map((test) => `${test}\\n`).join("")}';;
  "create job") ;;
  "get job") if [ -e "$HERE/$3-seen" ]; then cat "$HERE/$3"; else touch "$HERE/$3-seen"; echo '{"status":{}}'; fi;;
  "logs job/"*) echo "figures of $2";;
  *) exit 1;;
esac`,
    );
  }
  const run = () => stubs.run("load-test", ["run-7-1"], { env: { LOAD_TEST_LOOK_SECONDS: "0.1" } });

  it("starts all tests before it waits for the first, and passes if all pass", async () => {
    cluster({ "ams-load-test": ended("Complete"), "tapwork-load-test": ended("Complete") });
    const { code, out } = await run();
    assert.equal(code, 0);
    assert.match(out, /ams\/ams-load-test: Complete\nfigures of job\/ams-load-test-run-7-1/);
    const calls = stubs.calls.map((call) => call.split(" ").slice(1, 3).join(" "));
    assert.ok(calls.lastIndexOf("create job") < calls.indexOf("get job"));
    assert.ok(
      stubs.calls.includes(
        "kubectl create job ams-load-test-run-7-1 --namespace ams --from cronjob/ams-load-test",
      ),
    );
  });

  it("fails if one misses its thresholds, and prints the results of all", async () => {
    cluster({ "ams-load-test": ended("Failed"), "tapwork-load-test": ended("Complete") });
    const { code, out, err } = await run();
    assert.equal(code, 1);
    assert.match(
      err,
      /FAILED {3}ams\/ams-load-test: kubectl --namespace ams describe job\/ams-load-test-run-7-1/,
    );
    assert.doesNotMatch(err, /tapwork/);
    assert.match(out, /figures of job\/tapwork-load-test-run-7-1/);
  });

  it("passes if no system has one, and fails if the cluster can't be read", async () => {
    cluster({}, []);
    assert.deepEqual(await run(), {
      code: 0,
      out: "No system of this environment has a load test.\n",
      err: "",
    });
    stubs.command("kubectl", "exit 1");
    assert.equal((await run()).code, 1);
  });
});
