import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdirSync, readFileSync, symlinkSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { outputs, root, stubsFor } from "./stubs";

/** The scripts around a deployment: alerts, watch, order, rollback, notification. */
describe("scripts of a deployment", () => {
  const stubs = stubsFor("jq");
  beforeEach(() => {
    stubs.command(
      "pulumi",
      `case "$*" in
        "config get plinth:prefix "*) echo plinth-prod ;;
        "config get plinth:account "*) echo '{"id": "1", "region": "r"}' ;;
        "stack output --json "*) cat "$HERE/outputs" ;;
      esac`,
    );
    stubs.command(
      "aws",
      `case "$*" in
        "cloudwatch describe-alarms "*) cat "$HERE/alarms" ;;
        "sns publish "*) cat "$HERE/answer" >&2; [ ! -s "$HERE/answer" ] ;;
      esac`,
    );
    stubs.command(
      "kubectl",
      `case "$*" in
        "get pods "*) echo pod/prometheus-0 ;;
        "exec "*) cat "$HERE/series" ;;
      esac`,
    );
    stubs.write("outputs", outputs("plinth-prod"));
    stubs.write("alarms", "[]");
    stubs.write("series", "[]");
    stubs.write("answer", "");
  });

  const burn = [{ metric: { alertname: "ErrorBudgetBurn", namespace: "ams", service: "ams-api" } }];

  it("alerts: lists those of CloudWatch and Prometheus together", async () => {
    stubs.write("alarms", '["plinth-prod-ams-cpu"]');
    stubs.write("series", JSON.stringify(burn));
    const { code, out } = await stubs.run("alerts", ["prod"]);
    assert.deepEqual([code, out], [0, "ErrorBudgetBurn ams/ams-api in plinth-prod\nplinth-prod-ams-cpu\n"]);
    assert.ok(stubs.calls.some((call) => call.includes("--alarm-name-prefix plinth-prod-")));
  });

  it("alerts: lists what fires in either region, with the cluster's name", async () => {
    stubs.write("outputs", outputs("plinth-prod", "plinth-prod-standby"));
    stubs.write("series", JSON.stringify(burn));
    const { out } = await stubs.run("alerts", ["prod"]);
    assert.deepEqual(out.trim().split("\n"), [
      "ErrorBudgetBurn ams/ams-api in plinth-prod",
      "ErrorBudgetBurn ams/ams-api in plinth-prod-standby",
    ]);
    for (const region of ["r", "r2"])
      assert.ok(
        stubs.calls.some((call) => call.startsWith(`aws cloudwatch describe-alarms --region ${region} `)),
        region,
      );
  });

  it("alerts: is empty without a cluster, and fails if a cluster doesn't answer", async () => {
    stubs.command("kubectl", "exit 1");
    assert.equal((await stubs.run("alerts", ["prod"])).code, 1);
    stubs.command("pulumi", '[ "$1" = config ] && echo "{}" || exit 1');
    assert.deepEqual(await stubs.run("alerts", ["prod"]), { code: 0, out: "", err: "" });
  });

  const watch = (minutes = "0") =>
    stubs.run("watch", ["prod", minutes, join(stubs.folder, "before")], { env: { WATCH_LOOK_SECONDS: "0" } });

  it("watch: ignores alerts that fired before, and fails on a new one that fires twice", async () => {
    stubs.write("before", "ErrorBudgetBurn ams/ams-api in plinth-prod\n");
    stubs.write("series", JSON.stringify(burn));
    assert.equal((await watch()).code, 0);
    stubs.write("before", "");
    const { code, err } = await watch("1");
    assert.equal(code, 1);
    assert.match(
      err,
      /^FAILED {3}alerts since this deployment: ErrorBudgetBurn ams\/ams-api in plinth-prod$/m,
    );
  });

  it("watch: a single failed query isn't an alert", async () => {
    stubs.write("before", "");
    stubs.command("kubectl", "exit 1");
    const { code, err } = await watch();
    assert.equal(code, 0);
    assert.match(err, /can't be read now/);
  });

  it("deployed: lists the commits of successful deployments, and checks one", async () => {
    stubs.command(
      "gh",
      `case "$2" in
        *sha=*) ;;
        *deployments\\?*) printf '%s\\n' "3 ccc" "2 bbb" "1 aaa" ;;
        */3/statuses) echo "failure in_progress" ;;
        */statuses) echo "inactive success in_progress" ;;
      esac`,
    );
    const env = { GITHUB_REPOSITORY: "acme/plinth" };
    assert.equal((await stubs.run("deployed", ["prod"], { env })).out, "bbb\naaa\n");
    const { code, err } = await stubs.run("deployed", ["staging", "ccc"], { env });
    assert.equal(code, 1);
    assert.match(err, /ccc was never deployed to staging successfully: deploy it there first/);
  });

  it("deployed-since: prints the newest successful deployment if it is recent", async () => {
    const deployed = (at: Date, ...states: string[]) => {
      stubs.write("statuses", JSON.stringify(states.map((state) => ({ state, created_at: time(at) }))));
      stubs.command(
        "gh",
        `case "$2" in
          */3/statuses) echo '[{"state": "failure", "created_at": "2030-01-01T00:00:00Z"}]' ;;
          */statuses) cat "$HERE/statuses" ;;
          *) echo '[{"id": 3, "sha": "ccc"}, {"id": 2, "sha": "bbb"}]' ;;
        esac`,
      );
      return stubs.run("deployed-since", ["prod", "24"], { env: { GITHUB_REPOSITORY: "acme/plinth" } });
    };
    const time = (at: Date) => at.toISOString().replace(/\.\d+/, "");
    const hoursAgo = (hours: number) => new Date(Date.now() - hours * 3_600_000);
    const recent = hoursAgo(23);
    assert.equal((await deployed(recent, "inactive", "success")).out, `bbb ${time(recent)}\n`);
    const none = { code: 0, out: "", err: "" };
    assert.deepEqual(await deployed(hoursAgo(25), "success"), none);
    assert.deepEqual(await deployed(recent, "failure"), none);
    stubs.command("gh", "exit 1");
    assert.equal(
      (await stubs.run("deployed-since", ["prod", "24"], { env: { GITHUB_REPOSITORY: "a/b" } })).code,
      1,
    );
  });

  it("alarms-since: lists alarms that fired in the environment, even if they have recovered", async () => {
    const item = (AlarmName: string, Timestamp: string, to: string) => ({
      AlarmName,
      Timestamp,
      HistorySummary: `Alarm updated from OK to ${to}`,
    });
    const AlarmHistoryItems = [
      item("plinth-prod-ams-cpu", "10:00", "ALARM"),
      item("plinth-prod-ams-cpu", "11:00", "OK"),
      item("plinth-prod-ams-cpu", "12:00", "ALARM"),
      item("plinth-staging-ams-cpu", "10:00", "ALARM"),
    ];
    stubs.write("history", JSON.stringify({ AlarmHistoryItems }));
    stubs.command("aws", 'cat "$HERE/history"');
    const since = () => stubs.run("alarms-since", ["prod", "2026-01-31T09:00:00Z"]);
    const { code, out } = await since();
    assert.deepEqual([code, out], [0, "- `plinth-prod-ams-cpu`, 2×: first 10:00, last 12:00\n"]);
    assert.match(stubs.calls.at(-1) ?? "", /describe-alarm-history .*--start-date 2026-01-31T09:00:00Z/);
    stubs.write("history", '{"AlarmHistoryItems": []}');
    assert.deepEqual(await since(), { code: 0, out: "", err: "" });
    stubs.command("aws", "exit 1");
    assert.equal((await since()).code, 1);
  });

  it("notify: publishes to the alarm topic, and passes if there is none", async () => {
    const said = await stubs.run("notify", ["prod", "begins", "text"]);
    assert.deepEqual([said.code, said.out], [0, "notified arn:aws:sns:r:1:plinth-prod-alarms\n"]);
    stubs.write("answer", "An error occurred (NotFound)");
    const { code, out } = await stubs.run("notify", ["prod", "begins", "text"]);
    assert.equal(code, 0);
    assert.match(out, /nobody was notified/);
  });

  it("rollback-gates: skips the gates of an older migrating image, and keeps those of other systems", () => {
    const folder = join(stubs.folder, "repository");
    mkdirSync(folder);
    for (const part of ["systems", "Pulumi.prod.yaml", "package.json"])
      cpSync(join(root, part), join(folder, part), { recursive: true });
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
    const file = join(folder, "Pulumi.prod.yaml");
    const old = readFileSync(file, "utf8");
    const git = (...args: string[]) => execFileSync("git", args, { cwd: folder, stdio: "pipe" }).toString();
    const commit = (text: string) => {
      stubs.write("repository/Pulumi.prod.yaml", text);
      git("add", "Pulumi.prod.yaml");
      git("-c", "user.name=t", "-c", "user.email=t@example.com", "commit", "--quiet", "-m", "x");
      return git("rev-parse", "HEAD").trim();
    };
    git("init", "--quiet");
    const image = /image: (ams-api:\S+)/.exec(old)?.[1] ?? assert.fail("no image");
    const left = commit(old.replaceAll(image, "ams-api:9.9.9"));
    commit(old);
    const out = execFileSync(join(root, ".ci/rollback-gates"), ["prod", left], { cwd: folder }).toString();
    assert.equal(out, `ams: gates.rollbackTo is ${image}\n`);
    const { config } = parse(readFileSync(file, "utf8")) as {
      config: { "plinth:systems": Record<string, { gates: { rollbackTo?: string } }> };
    };
    assert.equal(config["plinth:systems"].ams?.gates.rollbackTo, image);
    assert.equal(config["plinth:systems"].tapwork?.gates.rollbackTo, undefined);
  });
});
