import assert from "node:assert/strict";
import { stubsFor } from "./stubs";

describe(".ci/rollouts", () => {
  const stubs = stubsFor("jq");

  const rollout = (phase: string, observedGeneration = "2") =>
    JSON.stringify({ metadata: { generation: 2 }, status: { phase, observedGeneration } });

  function cluster({
    kinds = "rollouts.argoproj.io",
    rollouts = "ams ams-api",
    phases = [rollout("Healthy")],
  }): void {
    phases.forEach((text, index) => stubs.write(`phase-${index}`, text));
    stubs.command(
      "kubectl",
      `case "$1 $2" in
  "api-resources --api-group") echo "${kinds}";;
  "get deployments") printf 'ams ams-web\\ntapwork tapwork-api\\n';;
  "get rollouts.argoproj.io") printf '${rollouts}\\n';;
  "rollout status") [ "$3" != "$BROKEN" ];;
  "get rollout.argoproj.io/"*)
    n=$(cat "$HERE/n" 2>/dev/null || echo 0)
    echo $((n < ${phases.length - 1} ? n + 1 : n)) > "$HERE/n"
    cat "$HERE/phase-$n";;
  *) echo "unexpected: $*" >&2; exit 1;;
esac`,
    );
  }
  const run = (env = {}) => stubs.run("rollouts", [], { env: { ROLLOUT_LOOK_SECONDS: "0.1", ...env } });

  it("waits for Deployments and for Rollouts", async () => {
    // The previous version's status is also Healthy.
    cluster({ phases: [rollout("Healthy", "1"), rollout("Progressing"), rollout("Healthy")] });
    const { code, out } = await run();
    assert.deepEqual(
      [code, out],
      [0, "ok       ams/ams-web\nok       tapwork/tapwork-api\nok       ams/ams-api\n"],
    );
    assert.equal(stubs.calls.filter((call) => call.startsWith("kubectl get rollout.argoproj.io/")).length, 3);
  });

  it("fails at once on a Rollout that was rolled back, and names it and the Deployment that isn't ready", async () => {
    cluster({ phases: [rollout("Degraded")] });
    const { code, out, err } = await run({ BROKEN: "deployment/ams-web" });
    assert.equal(code, 1);
    assert.match(out, /ok {7}tapwork\/tapwork-api/);
    assert.match(
      err,
      /FAILED {3}ams\/ams-web isn't up to date\n.*kubectl --namespace ams describe deployment\/ams-web/,
    );
    assert.match(
      err,
      /FAILED {3}ams\/ams-api is Degraded\n.*kubectl --namespace ams describe rollout\/ams-api/,
    );
  });

  it("uses the cluster of a context, and names it in the commands", async () => {
    cluster({ phases: [rollout("Degraded")] });
    const { err } = await stubs.run("rollouts", ["plinth-prod-standby"]);
    assert.match(err, /kubectl --context plinth-prod-standby --namespace ams describe rollout\/ams-api/);
    assert.deepEqual(
      stubs.calls.filter((call) => !call.endsWith(" --context plinth-prod-standby")),
      [],
    );
  });

  it("fails on a Rollout that doesn't finish in time", async () => {
    cluster({ phases: [rollout("Paused")] });
    const { code, err } = await run({ ROLLOUT_MINUTES: "0" });
    assert.equal(code, 1);
    assert.match(err, /ams\/ams-api is Paused/);
  });

  it("doesn't list Rollouts if their kind isn't installed", async () => {
    cluster({ kinds: "" });
    assert.equal((await run()).code, 0);
    assert.ok(!stubs.calls.some((call) => call.includes("get rollout")));
  });

  it("fails if it can't list workloads, or there are none", async () => {
    stubs.command("kubectl", "exit 1");
    assert.equal((await run()).code, 1);
    stubs.command("kubectl", "exit 0");
    assert.match((await run()).err, /nothing to wait for/);
  });
});
