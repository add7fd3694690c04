import assert from "node:assert/strict";
import { mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { stringify } from "yaml";
import type { Rule } from "../../components/observability/alerts/alert";
import { watchdog } from "../../components/observability/alerts/platform";
import { recordings } from "../../components/observability/recordings";
import { builtProgram } from "../support/built-program";
import { needs } from "../support/needs";
import { cases, minutes, type Series } from "./cases";
import { run } from "./promtool";
import { groupsOf, watched } from "./watched";

const unitMinutes: Readonly<Record<string, number>> = { m: 1, h: 60, d: 24 * 60 };
const inMinutes = (text: string): number => Number.parseInt(text) * (unitMinutes[text.at(-1) ?? ""] ?? NaN);

/** When a rule's state is settled, in minutes: after its ranges, twice, and its `for`; at most the series' length. */
function settled({ expr, for: wait = "0m" }: Rule): number {
  const ranges = [...expr.matchAll(/\[(\d+[mhd])\]/g)].map(([, range = ""]) => inMinutes(range));
  return Math.min(minutes, inMinutes(wait) + 2 * Math.max(0, ...ranges) + 5);
}

/** A promtool test of whether the rule's alert fires once its state is settled. */
function unitTest(name: string, rule: Rule, series: Series, fires: boolean) {
  const { alert, labels } = rule;
  const matchers = Object.entries({ ...labels, alertname: alert, alertstate: "firing" });
  const selector = matchers.map(([key, value]) => `${key}="${value}"`).join(",");
  return {
    name,
    interval: "1m",
    input_series: Object.entries(series).map(([one, values]) => ({ series: one, values })),
    promql_expr_test: [
      {
        expr: `count(ALERTS{${selector}})`,
        eval_time: `${settled(rule)}m`,
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

  it("are valid, without findings of the linter", async () => {
    for (const stack of watched) {
      const files = [...(await groupsOf(stack)), { name: "recordings", rules: recordings }].map((group) => {
        const file = join(folder, `${stack}-${group.name}.yaml`);
        writeFileSync(file, stringify({ groups: [group] }));
        return file;
      });
      assert.ok(files.length > 5);
      run(program ?? "", "check", "rules", "--lint=all", "--lint-fatal", ...files);
    }
  });

  it("fire when they should, and stay silent when they shouldn't", async () => {
    const groups = (await Promise.all(watched.map(groupsOf))).flat();
    // Most rules are the same in all stacks.
    const rules = new Map(groups.flatMap((group) => group.rules).map((rule) => [JSON.stringify(rule), rule]));
    assert.ok(rules.size > 50);
    // One file per rule: each test evaluates all rules of its files every minute.
    const tested = [...rules.values()].map((rule, index) => {
      const [one, tests] = [join(folder, `${index}.yaml`), join(folder, `${index}-tests.yaml`)];
      writeFileSync(one, stringify({ groups: [{ name: "one", rules: [rule] }] }));
      const text = { rule_files: [one], evaluation_interval: "1m", tests: testsOf(rule) };
      writeFileSync(tests, stringify(text));
      return tests;
    });
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
