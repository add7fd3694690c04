import assert from "node:assert/strict";
import { cloudMetrics } from "../../components/observability/cloud-metrics";
import { recordings } from "../../components/observability/recordings";
import { scrapedMetrics } from "../../components/observability/metric-names";
import { thresholds } from "../../components/observability/thresholds";
import { recordingOf } from "../support/recordings";
import { has, stacks, type Stack } from "../support/stacks";
import { catalog } from "../../systems";
import { metricsIn } from "./promql";
import { dashboardQueries, dashboardsOf, panelsOf } from "./queries";

const scraped: ReadonlySet<string> = new Set(Object.values<readonly string[]>(scrapedMetrics).flat());
const recorded: ReadonlySet<string> = new Set(recordings.map(({ record }) => record));

const withGrafana = (stack: Stack) => has(stack, "cluster.operators.grafana");
const withHistory = (stack: Stack) => has(stack, "cluster.operators.prometheus.historyDays");

for (const stack of stacks.filter(withGrafana))
  describe(`${stack}: dashboards`, () => {
    const dashboards = async () => dashboardsOf(await recordingOf(stack));

    it("OBS-1: have one address each, and can't be changed in Grafana", async () => {
      const all = await dashboards();
      const uids = ["application", "infrastructure", "data", "delivery", "recovery", "cost"];
      assert.deepEqual(
        all.map(({ uid }) => uid),
        [...uids, ...(withHistory(stack) ? ["history"] : [])].map((uid) => `plinth-${uid}`),
      );
      for (const { editable } of all) assert.equal(editable, false);
    });

    it("link to each other, and have variables for system and namespace", async () => {
      for (const { title, links, templating } of await dashboards()) {
        assert.deepEqual(
          links.map(({ type, tags }) => [type, tags]),
          [["dashboards", ["plinth"]]],
          title,
        );
        const [system, namespace] = templating.list;
        assert.deepEqual([system?.name, namespace?.name], ["system", "namespace"]);
        for (const name of Object.keys(catalog))
          assert.match(String(system?.query), new RegExp(`${name} : `));
      }
    });

    it("show AMS' panels", async () => {
      const all = await dashboards();
      const titles = (uid: string) =>
        panelsOf(all.find((each) => each.uid === `plinth-${uid}`) ?? assert.fail(uid)).map(
          ({ title }) => title,
        );
      const application = ["Requests", "P50", "P95", "P99", "Server errors (5xx)", "Client errors (4xx)"];
      for (const title of [...application, "Active users", "Database connections"])
        assert.ok(titles("application").includes(title), title);
      const pods = ["CPU usage / limit", "Memory usage / limit", "Disk", "Network", "Restarts per hour"];
      for (const title of pods) assert.ok(titles("infrastructure").includes(title), title);
    });

    it("have a unit for every panel, and the alerts' thresholds", async () => {
      const all = await dashboards();
      for (const { title, fieldConfig } of all.flatMap(panelsOf))
        assert.ok((fieldConfig.defaults.unit ?? "") !== "", title);
      const bound = (title: string) => {
        const panels = all.flatMap(panelsOf).filter((each) => each.title === title);
        return [
          ...new Set(panels.map(({ fieldConfig }) => fieldConfig.defaults.thresholds?.steps.at(-1)?.value)),
        ];
      };
      assert.deepEqual(bound("Server errors (5xx)"), [thresholds.errorRate]);
      assert.deepEqual(bound("P95"), [thresholds.p95Seconds]);
      assert.deepEqual(bound("Replica lag"), [300]);
    });

    it("only use metrics that a target serves", async () => {
      const queries = dashboardQueries(await recordingOf(stack));
      assert.ok(queries.length > 40);
      for (const { from, expr } of queries) {
        const used = metricsIn(expr);
        assert.ok(used.length > 0, `${from}: ${expr}`);
        const known = from.startsWith("History: ") ? recorded : scraped;
        for (const metric of used) assert.ok(known.has(metric), `${from} uses ${metric}`);
      }
      const shown = queries.flatMap(({ expr }) => metricsIn(expr)).filter((metric) => recorded.has(metric));
      assert.deepEqual([...new Set(shown)].sort(), withHistory(stack) ? [...recorded].sort() : []);
    });

    it("use exactly the CloudWatch metrics that are listed", async () => {
      const targets = (await dashboards()).flatMap(panelsOf).flatMap(({ targets: all = [] }) => all);
      const asked = targets.flatMap(({ datasource, namespace, metricName }) =>
        datasource.type === "cloudwatch" ? [`${namespace} ${metricName}`] : [],
      );
      const listed = Object.values(cloudMetrics).map(({ namespace, metric }) => `${namespace} ${metric}`);
      assert.deepEqual([...new Set(asked)].sort(), listed.sort());
    });
  });

for (const stack of stacks.filter((each) => !withGrafana(each)))
  describe(`${stack}: dashboards`, () => {
    it("don't exist without Grafana", async () =>
      assert.deepEqual(dashboardsOf(await recordingOf(stack)), []));
  });
