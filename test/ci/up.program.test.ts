import assert from "node:assert/strict";
import { outputs, stubsFor } from "./stubs";

interface Seen {
  readonly phase: string;
  readonly hash: string;
  readonly observed?: string;
}

const rollout = (name: string, { phase, hash, observed = "3" }: Seen) => ({
  metadata: { namespace: "ams", name, generation: 3 },
  status: { phase, currentPodHash: hash, observedGeneration: observed, message: `why  ${name}` },
});

const list = (items: readonly unknown[]) => JSON.stringify({ items });

describe(".ci/up", () => {
  const stubs = stubsFor("jq");

  /** `looks`: Rollouts at each check; the last one repeats. `up`: what `pulumi up` does. */
  function world({ looks = [[]] as readonly unknown[][], up = "exit 0", databases = "" }): void {
    looks.forEach((items, index) => stubs.write(`look-${index}`, list(items)));
    stubs.write("outputs", outputs("plinth-dev"));
    stubs.command(
      "pulumi",
      `case "$1 $2 $3" in
  "config get plinth:prefix") echo plinth-dev;;
  "config get plinth:account") echo '{"id":"1","region":"ap-northeast-2"}';;
  "stack output --json") cat "$HERE/outputs";;
  up*) ${up};;
esac`,
    );
    stubs.command(
      "aws",
      `case "$1 $2" in
  "eks update-kubeconfig") echo x > "$KUBECONFIG";;
  "rds describe-db-instances") ${databases === "" ? `echo '{"DBInstances":[]}'` : databases};;
esac`,
    );
    stubs.command(
      "kubectl",
      `n=$(cat "$HERE/look" 2>/dev/null || echo 0)
echo $((n < ${looks.length - 1} ? n + 1 : n)) > "$HERE/look"
cat "$HERE/look-$n"`,
    );
  }

  // Pauses are short: tests count checks instead of the minutes that they take in CI.
  beforeEach(() => stubs.command("sleep", 'PATH="${PATH#*:}" exec sleep 0.1'));

  /**
   * An update that runs until it gets a signal, or until the script has looked at the Rollouts this often. A shell can't
   * trap a signal that was ignored when it started, so this fails if the script doesn't take care of that.
   */
  const lasting = (looks: number) => `
# Pulumi writes its checkpoint, while the script has time to send a second signal.
trap 'echo SIGINT >> "$HERE/signals"; for each in 1 2 3 4 5; do sleep 1; done; exit 255' INT
until [ "$(grep -c ^kubectl "$HERE/calls")" -ge ${looks} ]; do sleep 1; done`;

  const run = (...args: string[]) => stubs.run("up", ["dev", ...args], { env: { UP_LOOK_SECONDS: "0" } });

  it("runs pulumi up with the policies, and returns its exit code", async () => {
    world({});
    assert.equal((await run("--target", "x")).code, 0);
    assert.ok(
      stubs.calls.includes(
        "pulumi up --stack dev --policy-pack policies --policy-pack-config policies/config/dev.json --yes --diff --suppress-progress --target x",
      ),
    );
    world({ up: "echo broken; exit 7" });
    const { code, out } = await run();
    assert.deepEqual([code, out], [7, "broken\n"]);
  });

  it("stops an update whose release was rolled back with one SIGINT, and prints the workload and a command", async () => {
    const bad = rollout("ams-api", { phase: "Degraded", hash: "new" });
    world({ looks: [[rollout("ams-api", { phase: "Progressing", hash: "new" })], [bad]], up: lasting(200) });
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.equal(stubs.read("signals"), "SIGINT\n", "only once: a second one would interrupt the checkpoint");
    assert.match(err, /release of ams\/ams-api was rolled back in the cluster plinth-dev: why ams-api/);
    assert.match(err, /kubectl --context plinth-dev --namespace ams describe rollout\/ams-api/);
    assert.match(err, /rollouts-pod-template-hash=new/);
    assert.equal(stubs.calls.filter((call) => call.startsWith("pulumi up")).length, 1);
  });

  it("continues if a Rollout was Degraded before, or its status is of the previous version", async () => {
    const before = rollout("ams-web", { phase: "Degraded", hash: "old" });
    const stale = rollout("ams-api", { phase: "Degraded", hash: "old", observed: "2" });
    world({ looks: [[before], [before, stale]], up: lasting(5) });
    const { code, err } = await run();
    assert.equal(code, 0);
    assert.equal(stubs.read("signals"), "");
    assert.match(err, /Degraded since before this update: plinth-dev\/ams\/ams-web old/);
  });

  it("detects a release that was rolled back in the second region only", async () => {
    world({ up: lasting(40) });
    stubs.write("outputs", outputs("plinth-dev", "plinth-dev-standby"));
    stubs.write("good", list([rollout("ams-api", { phase: "Healthy", hash: "new" })]));
    stubs.write("bad", list([rollout("ams-api", { phase: "Degraded", hash: "new" })]));
    // The first check sees earlier Degraded Rollouts.
    stubs.command(
      "kubectl",
      `case "$*" in
  *"--context plinth-dev "*) cat "$HERE/good";;
  *) if [ -e "$HERE/seen" ]; then cat "$HERE/bad"; else touch "$HERE/seen"; cat "$HERE/good"; fi;;
esac`,
    );
    const { code, err } = await run();
    assert.equal(code, 1);
    assert.match(err, /ams\/ams-api was rolled back in the cluster plinth-dev-standby/);
    assert.doesNotMatch(err, /in the cluster plinth-dev:/);
    assert.ok(
      stubs.calls.includes(
        "aws eks update-kubeconfig --region r2 --name plinth-dev-standby --alias plinth-dev-standby",
      ),
    );
  });

  it("detects a Rollout that was Degraded before and is Degraded with the new version", async () => {
    const looks = ["old", "new"].map((hash) => [rollout("ams-web", { phase: "Degraded", hash })]);
    world({ looks, up: lasting(200) });
    assert.equal((await run()).code, 1);
    assert.equal(stubs.read("signals"), "SIGINT\n");
  });

  it("doesn't rely on a single check", async () => {
    const bad = rollout("ams-api", { phase: "Degraded", hash: "new" });
    world({ looks: [[], [bad], []], up: lasting(5) });
    assert.equal((await run()).code, 0);
  });

  it("continues if no cluster answers, as in the first update", async () => {
    world({ up: lasting(3) });
    stubs.command("kubectl", "echo 'no such host' >&2; exit 1");
    const { code, err } = await run();
    assert.deepEqual([code, err], [0, ""]);
  });

  const instances = (status: string) =>
    JSON.stringify({
      DBInstances: [
        { DBInstanceIdentifier: "plinth-dev-ams", DBInstanceStatus: status },
        { DBInstanceIdentifier: "plinth-dev-old", DBInstanceStatus: "stopped" },
        { DBInstanceIdentifier: "other-ams", DBInstanceStatus: "backing-up" },
      ],
    });

  it("waits for databases during a backup, but only the environment's", async () => {
    stubs.write("busy", instances("backing-up"));
    stubs.write("free", instances("available"));
    world({
      databases: `if [ -e "$HERE/asked" ]; then cat "$HERE/free"; else touch "$HERE/asked"; cat "$HERE/busy"; fi`,
    });
    const { code, err } = await run();
    assert.equal(code, 0);
    assert.match(err, /until these databases are available, for a backup: plinth-dev-ams is backing-up\n$/);
    const order = stubs.calls
      .filter((call) => /^(aws rds|pulumi up)/.test(call))
      .map((call) => call.slice(0, 9));
    assert.deepEqual(order, ["aws rds d", "aws rds d", "pulumi up"]);
  });

  it("restarts the update only if a snapshot was refused", async () => {
    const refused = "error: creating RDS DB Snapshot: api error InvalidDBInstanceState: not available";
    world({
      up: `if [ -e "$HERE/tried" ]; then exit 0; fi; touch "$HERE/tried"; echo "${refused}"; exit 255`,
    });
    const { code, err } = await run();
    assert.equal(code, 0);
    assert.match(err, /A database was busy/);
    assert.equal(stubs.calls.filter((call) => call.startsWith("pulumi up")).length, 2);
    world({ up: `echo "${refused}"; exit 255` });
    assert.equal((await run()).code, 255, "a limited number of times");
    assert.equal(stubs.calls.filter((call) => call.startsWith("pulumi up")).length, 5);
  });

  it("continues where a new webhook wasn't trusted yet", async () => {
    const refused =
      'Internal error occurred: failed calling webhook \\"webhook.cert-manager.io\\": x509: certificate signed by unknown authority';
    world({
      up: `if [ -e "$HERE/tried" ]; then exit 0; fi; touch "$HERE/tried"; echo "${refused}"; exit 255`,
    });
    const { code, err } = await run();
    assert.equal(code, 0);
    assert.match(err, /A webhook doesn't answer yet/);
    assert.equal(stubs.calls.filter((call) => call.startsWith("pulumi up")).length, 2);
  });
});
