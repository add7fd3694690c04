import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { watchdog } from "../../components/observability/alerts/platform";
import { scrapedMetrics } from "../../components/observability/metric-names";
import { recordedNames } from "../../components/observability/recordings";
import { firstRegionOf } from "../support/recordings";
import { has, stacks } from "../support/stacks";
import { metricsIn } from "./promql";
import { recordingsOf } from "./queries";
import { groupsOf, isWatched, watched } from "./watched";

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
      it("have severity, team, summary, description and a runbook that exists", async () => {
        for (const { rules } of await groupsOf(stack))
          for (const { alert, labels, annotations } of rules) {
            assert.match(labels.severity ?? "", /^(critical|warning|info)$/, alert);
            assert.match(labels.team ?? "", /^[a-z-]+$/, alert);
            assert.ok((annotations.summary ?? "").length > 10, alert);
            assert.ok((annotations.description ?? "").length > 10, alert);
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
        const recordings = recordingsOf(await firstRegionOf(stack));
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
