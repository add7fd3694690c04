import assert from "node:assert/strict";
import { mkdtempSync, readFileSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import { watchdog } from "../../components/observability/alerts/platform";
import type { Rule } from "../../components/observability/alerts/alert";
import { scrapedMetrics } from "../../components/observability/metric-names";
import { recordedNames, recordings } from "../../components/observability/recordings";
import { recordingOf } from "../support/recordings";
import { has, stacks, type Stack } from "../support/stacks";
import { cases, minutes, type Series } from "./cases";
import { metricsIn } from "./promql";
import { alertGroups, recordingsOf } from "./queries";
import { run } from "./promtool";
import { builtProgram } from "../support/built-program";
import { needs } from "../support/needs";

const isWatched = (stack: Stack) => has(stack, "cluster.operators.prometheus");
const watched = stacks.filter(isWatched);

const groupsOf = async (stack: Stack) => alertGroups(await recordingOf(stack));

const known: ReadonlySet<string> = new Set(Object.values<readonly string[]>(scrapedMetrics).flat());
const root = join(__dirname, "..", "..");
const page = readFileSync(join(root, "docs", "alerts.md"), "utf8");
const headings = [...page.matchAll(/^#+ (.+)$/gm)].map(([, title = ""]) =>
  title
    .trim()
    .toLowerCase()
    .replace(/[^\w\- ]/g, "")
    .replace(/ /g, "-"),
);

describe("alerts", () => {
  for (const stack of watched) {
    describe(stack, () => {
      it("have severity, team, summary and a runbook that exists", async () => {
        for (const { rules } of await groupsOf(stack))
          for (const { alert, labels, annotations } of rules) {
            assert.match(labels.severity ?? "", /^(critical|warning|info)$/, alert);
            assert.match(labels.team ?? "", /^[a-z-]+$/, alert);
            assert.ok((annotations.summary ?? "").length > 10, alert);
            const [file, heading = ""] = (annotations.runbook_url ?? "").split("#");
            assert.equal(file, "docs/alerts.md", alert);
            assert.ok(headings.includes(heading), `docs/alerts.md has no section ${heading}`);
          }
      });

      it("only use metrics that a target serves", async () => {
        for (const { rules } of await groupsOf(stack))
          for (const { alert, expr } of rules) {
            if (alert === watchdog) continue;
            const used = metricsIn(expr);
            assert.ok(used.length > 0, alert);
            for (const metric of used) assert.ok(known.has(metric), `${alert} uses ${metric}`);
          }
      });

      it("record series of metrics that a target serves, under names that are written to the workspace", async () => {
        const recordings = recordingsOf(await recordingOf(stack));
        assert.equal(recordings.length > 10, has(stack, "cluster.operators.prometheus.historyDays"));
        for (const { record, expr } of recordings) {
          assert.match(record, new RegExp(`^${recordedNames}$`));
          for (const metric of metricsIn(expr)) assert.ok(known.has(metric), `${record} uses ${metric}`);
        }
      });

      it("include those of the documents, with their thresholds", async () => {
        const groups = await groupsOf(stack);
        const of = (group: string, name: string) => {
          const found = groups.find((one) => one.name === group)?.rules.filter(({ alert }) => alert === name);
          return found?.map((rule) => [rule.for, rule.labels.severity, / > ([\d.]+)$/.exec(rule.expr)?.[1]]);
        };
        assert.deepEqual(of("ams", "HighErrorRate"), [["5m", "critical", "0.05"]]);
        assert.deepEqual(of("asset-management", "HighErrorRate"), [["2m", "critical", "0.05"]]);
        assert.deepEqual(of("ams", "HighResponseTime"), [["10m", "warning", "1"]]);
        assert.deepEqual(of("asset-management", "DatabaseSlowQueries"), [["5m", "warning", "0.5"]]);
        for (const name of ["PodRestarts", "ContainerMemoryHigh", "DeploymentUnavailable", "VolumeFillingUp"])
          for (const group of ["opmas", "ams", "tapwork", "asset-management"])
            assert.equal(of(group, name)?.length, 1, `${group} ${name}`);
      });
    });
  }

  it("don't exist without Prometheus", async () => {
    for (const stack of stacks.filter((each) => !isWatched(each)))
      assert.deepEqual(await groupsOf(stack), [], stack);
  });

  it("match the sections and the lists of docs/alerts.md", async () => {
    const names = (await Promise.all(watched.map(groupsOf))).flat().flatMap(({ rules }) => rules);
    const sections = [...page.matchAll(/^### (.+)$/gm)].map(([, title]) => title);
    const alerts = [...new Set(names.map(({ alert }) => alert))];
    assert.deepEqual([...new Set(sections)].sort(), alerts.sort());
    const [lists = ""] = page.split("## Requests");
    const listed = [...lists.matchAll(/\[(\w+)\]\(#(\w+)\)/g)];
    for (const [, name = "", anchor] of listed) assert.equal(anchor, name.toLowerCase());
    assert.deepEqual([...new Set(listed.map(([, name]) => name))].sort(), alerts.sort());
  });
});

/** A promtool test of whether the rule's alert fires at the end of the series. */
function unitTest(name: string, { alert, labels }: Rule, series: Series, fires: boolean) {
  const matchers = Object.entries({ ...labels, alertname: alert, alertstate: "firing" });
  const selector = matchers.map(([key, value]) => `${key}="${value}"`).join(",");
  return {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{${selector}})`,
        eval_time: `${minutes}m`,
        exp_samples: fires ? [{ labels: "{}", value: 1 }] : [],
      },
    ],
  };
}

/** A test in which the rule's alert fires, and one in which it doesn't. */
function testsOf(rule: Rule) {
  if (rule.alert === watchdog) return [unitTest("Watchdog always fires", rule, {}, true)];
  const make = cases[rule.alert] ?? assert.fail(`test/alerts/cases.ts has no case of ${rule.alert}`);
  const { fires, silent } = make(rule);
  const name = [rule.alert, ...Object.values(rule.labels)].join(" ");
  return [
    unitTest(`${name} fires`, rule, fires, true),
    unitTest(`${name} stays silent`, rule, silent, false),
  ];
}

describe("alerts evaluated by Prometheus (promtool)", function () {
  const program = builtProgram("promtool");
  let folder: string;
  before(function () {
    needs(this, program === undefined ? "promtool (`npm run tools:operators` builds it)" : undefined);
    folder = mkdtempSync(join(tmpdir(), "plinth-rules-"));
  });
  after(() => folder && rmSync(folder, { recursive: true, force: true }));

  for (const stack of watched)
    it(`fire in ${stack} when they should, and stay silent when they shouldn't`, async () => {
      const groups = await groupsOf(stack);
      const file = (name: string) => join(folder, `${stack}-${name}.yaml`);
      // One file per rule: each test evaluates all rules of its files every minute.
      const tested = groups.flatMap(({ name: group, rules }) =>
        rules.map((rule, index) => {
          const name = `${group}-${index}`;
          writeFileSync(file(name), stringify({ groups: [{ name: group, rules: [rule] }] }));
          const text = { rule_files: [file(name)], evaluation_interval: "1m", tests: testsOf(rule) };
          writeFileSync(file(`${name}-tests`), stringify(text));
          return file(`${name}-tests`);
        }),
      );
      const files = groups.map((group) => {
        writeFileSync(file(group.name), stringify({ groups: [group] }));
        return file(group.name);
      });
      const recorded = file("recordings");
      writeFileSync(recorded, stringify({ groups: [{ name: "recordings", rules: recordings }] }));
      assert.ok(tested.length > 50);
      run(program ?? "", "check", "rules", "--lint=all", "--lint-fatal", ...files, recorded);
      run(program ?? "", "test", "rules", ...tested);
    });

  it("would fail for a rule that never fires", async () => {
    const [group] = await groupsOf("prod");
    const rule = group?.rules.find(({ alert }) => alert === "PodPending") ?? assert.fail("no rule");
    const broken = { ...rule, expr: rule.expr.replace("> 0", "> 1") };
    const rules = join(folder, "broken.yaml");
    const tests = join(folder, "broken-tests.yaml");
    writeFileSync(rules, stringify({ groups: [{ name: "broken", rules: [broken] }] }));
    const test = unitTest("fires", rule, cases.PodPending?.(rule).fires ?? {}, true);
    writeFileSync(tests, stringify({ rule_files: [rules], evaluation_interval: "1m", tests: [test] }));
    assert.throws(() => run(program ?? "", "test", "rules", tests), /PodPending/);
  });
});
