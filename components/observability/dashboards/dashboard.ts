import { MetricsQueryBuilder } from "@grafana/grafana-foundation-sdk/cloudwatch";
import type { Builder, Dataquery } from "@grafana/grafana-foundation-sdk/cog";
import {
  CustomVariableBuilder,
  DashboardBuilder,
  DashboardCursorSync,
  DashboardLinkBuilder,
  DashboardLinkType,
  QueryVariableBuilder,
  RowBuilder,
  ThresholdsConfigBuilder,
  ThresholdsMode,
  VariableRefresh,
  type Dashboard,
} from "@grafana/grafana-foundation-sdk/dashboard";
import {
  GraphThresholdsStyleConfigBuilder,
  GraphThresholdsStyleMode,
} from "@grafana/grafana-foundation-sdk/common";
import { DataqueryBuilder } from "@grafana/grafana-foundation-sdk/prometheus";
import { PanelBuilder } from "@grafana/grafana-foundation-sdk/timeseries";
import type { CloudAlarm } from "../cloud-alarms";
import type { CloudMetric } from "../cloud-metrics";

/** Dashboards as Grafana reads them: JSON by file name. */
export type Dashboards = Readonly<Record<string, string>>;

/** Uids of the data sources, which Grafana is provisioned with. */
export const sources = {
  prometheus: "prometheus",
  cloudWatch: "cloudwatch",
  alertmanager: "alertmanager",
  history: "history",
} as const;

const prometheus = { type: "prometheus", uid: sources.prometheus };
const history = { type: "prometheus", uid: sources.history };
const cloudWatch = { type: "cloudwatch", uid: sources.cloudWatch };

/** Tag of all dashboards, by which they link to each other. */
const tag = "plinth";

/** Matcher for the namespaces that are selected on the dashboard. */
export const selectedNamespaces = 'namespace=~"$namespace"';

export interface Panel {
  readonly title: string;
  /** Unit of the values, as Grafana names it: `sdk/units`. */
  readonly unit: string;
  readonly queries: readonly Builder<Dataquery>[];
  /** Values above it are red. It is the threshold of the alert on the same metric. Default: none. */
  readonly threshold?: number | undefined;
  /** Values below the threshold are red. Default: those above. */
  readonly below?: boolean;
  /** Largest value, where there is one: 1 for a share. */
  readonly max?: number;
  readonly description?: string;
}

/** A query to Prometheus. @param legend Name of each series, such as `{{service}}`. */
export const query = (expr: string, legend: string): Builder<Dataquery> =>
  new DataqueryBuilder().datasource(prometheus).expr(expr).legendFormat(legend).range();

/** A query to the workspace of long-term metrics. */
export const historyQuery = (expr: string, legend: string): Builder<Dataquery> =>
  new DataqueryBuilder().datasource(history).expr(expr).legendFormat(legend).range();

/** A metric of CloudWatch for every value of its dimension. */
export const cloudQuery = (
  { namespace, metric, dimension, region = "default" }: CloudMetric,
  statistic: "Average" | "Maximum" | "Minimum" | "Sum",
): Builder<Dataquery> =>
  new MetricsQueryBuilder()
    .datasource(cloudWatch)
    .region(region)
    .namespace(namespace)
    .metricName(metric)
    .dimensions(Object.fromEntries(Object.entries(dimension)))
    .matchExact(true)
    .statistic(statistic)
    .period("auto")
    .label(`\${PROP('Dim.${Object.keys(dimension)[0] ?? ""}')} ${metric}`);

/** Threshold of a CloudWatch alarm. */
export const boundOf = (alarm: CloudAlarm | undefined): number | undefined =>
  alarm && ("atLeast" in alarm.bound ? alarm.bound.atLeast : alarm.bound.atMost);

const colours = (threshold: number, below: boolean) =>
  new ThresholdsConfigBuilder().mode(ThresholdsMode.Absolute).steps([
    { value: null, color: below ? "red" : "green" },
    { value: threshold, color: below ? "green" : "red" },
  ]);

/** Widths of Grafana's grid: 24 columns, three panels a row. */
const size = { width: 8, height: 8 };

function panel({ title, unit, queries, threshold, below = false, max, description }: Panel): PanelBuilder {
  const built = new PanelBuilder().title(title).unit(unit).span(size.width).height(size.height).min(0);
  for (const each of queries) built.withTarget(each);
  if (max !== undefined) built.max(max);
  if (description !== undefined) built.description(description);
  if (threshold !== undefined)
    built
      .thresholds(colours(threshold, below))
      .thresholdsStyle(new GraphThresholdsStyleConfigBuilder().mode(GraphThresholdsStyleMode.Dashed));
  return built;
}

/** A dashboard: rows of panels by title. */
export interface Plan {
  readonly uid: string;
  readonly title: string;
  readonly description: string;
  readonly rows: Readonly<Record<string, readonly Panel[]>>;
  /** Start of the time range that it opens with. Default: six hours ago. */
  readonly from?: string;
}

/** Namespaces of each system: the values of the dashboards' variables. */
export type Systems = Readonly<Record<string, readonly string[]>>;

/** Namespaces of a system as a regular expression. A comma would end the value in Grafana's list. */
const pattern = (namespaces: readonly string[]) => namespaces.join("|");

const variables = (systems: Systems) => [
  new CustomVariableBuilder("system")
    .label("System")
    .values(
      [["all", ".+"], ...Object.entries(systems).map(([name, all]) => [name, pattern(all)])]
        .map((pair) => pair.join(" : "))
        .join(","),
    )
    .current({ text: "all", value: ".+", selected: true }),
  new QueryVariableBuilder("namespace")
    .label("Namespace")
    .datasource(prometheus)
    // Raw: Grafana would escape the bars of the expression.
    .query('label_values(kube_pod_status_phase{namespace=~"${system:raw}"}, namespace)')
    .refresh(VariableRefresh.OnTimeRangeChanged)
    .multi(true)
    .includeAll(true)
    .current({ text: "All", value: "$__all", selected: true }),
];

/** A dashboard that can't be edited in Grafana, with links to the others that keep time and variables. */
export function dashboard(
  { uid, title, description, rows, from = "now-6h" }: Plan,
  systems: Systems,
): Dashboard {
  const built = new DashboardBuilder(title)
    .uid(`plinth-${uid}`)
    .description(description)
    .tags([tag])
    .readonly()
    .tooltip(DashboardCursorSync.Crosshair)
    .refresh("1m")
    .time({ from, to: "now" })
    .timezone("browser")
    .variables(variables(systems))
    .link(
      new DashboardLinkBuilder("Dashboards")
        .type(DashboardLinkType.Dashboards)
        .tags([tag])
        .includeVars(true)
        .keepTime(true)
        .asDropdown(true),
    );
  for (const [row, panels] of Object.entries(rows)) {
    built.withRow(new RowBuilder(row));
    for (const each of panels) built.withPanel(panel(each));
  }
  return built.build();
}
