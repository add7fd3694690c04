import assert from "node:assert/strict";
import { outputs, stubsFor } from "./stubs";

const instances = (...all: readonly (readonly [name: string, status: string])[]) =>
  JSON.stringify({
    DBInstances: all.map(([DBInstanceIdentifier, DBInstanceStatus]) => ({
      DBInstanceIdentifier,
      DBInstanceStatus,
    })),
  });

describe(".ci/wake", () => {
  const stubs = stubsFor("jq");

  /** `looks`: databases at each look; the last one repeats. `cpu`: limit of the node pool. */
  function world({
    costs = `{"schedule":{"from":"09:00"}}`,
    looks = [instances(["plinth-dev-ams", "available"])],
    cpu = "16",
  }): void {
    looks.forEach((text, index) => stubs.write(`look-${index}`, text));
    stubs.command(
      "pulumi",
      `case "$1 $2 $3" in
  "config get plinth:costs") ${costs === "" ? "exit 1" : `echo '${costs}'`};;
  "config get plinth:prefix") echo plinth-dev;;
  "config get plinth:account") echo '{"id":"1","region":"ap-northeast-2"}';;
  "stack output --json") echo '${outputs("plinth-dev")}';;
esac`,
    );
    stubs.command(
      "aws",
      `[ "$1 $2" = "rds describe-db-instances" ] || exit 0
n=$(cat "$HERE/look" 2>/dev/null || echo 0)
echo $((n < ${looks.length - 1} ? n + 1 : n)) > "$HERE/look"
cat "$HERE/look-$n"`,
    );
    stubs.command("kubectl", `[ "$1 $2" != "get nodepools.karpenter.sh" ] || printf %s "${cpu}"`);
  }

  const run = (env: Record<string, string> = {}) =>
    stubs.run("wake", ["dev"], { env: { WAKE_LOOK_SECONDS: "0", ...env } });
  const called = (beginning: string) => stubs.calls.filter((call) => call.startsWith(beginning));

  it("does nothing without a schedule", async () => {
    for (const costs of ["", `{"budget":{"usd":400}}`]) {
      world({ costs });
      assert.equal((await run()).code, 0);
    }
    assert.deepEqual([...called("aws"), ...called("kubectl")], []);
  });

  it("changes nothing if everything runs", async () => {
    world({});
    assert.equal((await run()).code, 0);
    assert.deepEqual([...called("aws rds start"), ...called("kubectl create")], []);
  });

  it("starts the environment's own stopped databases, and waits, before the nodes", async () => {
    world({
      looks: [
        instances(
          ["plinth-dev-ams", "stopped"],
          ["plinth-dev-tapwork", "stopping"],
          ["other-dev", "stopped"],
        ),
        instances(
          ["plinth-dev-ams", "starting"],
          ["plinth-dev-tapwork", "stopped"],
          ["other-dev", "stopped"],
        ),
        instances(["plinth-dev-ams", "available"], ["plinth-dev-tapwork", "starting"]),
        instances(["plinth-dev-ams", "available"], ["plinth-dev-tapwork", "available"]),
      ],
      cpu: "0",
    });
    assert.equal((await run()).code, 0);
    assert.deepEqual(
      called("aws rds start").map((call) => call.split(" ").at(-1)),
      ["plinth-dev-ams", "plinth-dev-tapwork"],
    );
    const order = stubs.calls.map((call) => call.split(" ").slice(0, 3).join(" "));
    assert.ok(
      order.lastIndexOf("aws rds describe-db-instances") <
        order.indexOf("kubectl get nodepools.karpenter.sh"),
    );
    assert.match(
      called("kubectl create")[0] ?? "",
      /create job wake-\d+ --namespace schedule --from cronjob\/wake/,
    );
    assert.match(called("kubectl wait")[0] ?? "", /--for condition=complete/);
  });

  it("gives up on a database that doesn't start, and names it", async () => {
    world({ looks: [instances(["plinth-dev-ams", "starting"])] });
    const { code, err } = await run({ WAKE_MINUTES: "0" });
    assert.deepEqual([code, /Given up after 0 minutes: plinth-dev-ams starting/.test(err)], [1, true]);
  });
});
