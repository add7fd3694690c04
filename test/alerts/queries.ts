import type { Rule } from "../../components/observability/alerts/alert";
import type { Recording } from "../../components/observability/recordings";
import type { Recording as Run } from "../../preview/run-program";
import { objects } from "../support/recordings";

/** A query of a stack: its origin and its text. */
export interface Query {
  readonly from: string;
  readonly expr: string;
}

interface Target {
  readonly datasource: { readonly type: string };
  readonly expr?: string;
  readonly namespace?: string;
  readonly metricName?: string;
}

export interface PanelJson {
  readonly type: string;
  readonly title: string;
  readonly targets?: readonly Target[];
  readonly fieldConfig: {
    readonly defaults: {
      readonly unit?: string;
      readonly thresholds?: { readonly steps: readonly { readonly value: number | null }[] };
    };
  };
}

export interface DashboardJson {
  readonly uid: string;
  readonly title: string;
  readonly editable: boolean;
  readonly links: readonly { readonly type: string; readonly tags: readonly string[] }[];
  readonly templating: { readonly list: readonly { readonly name: string; readonly query: unknown }[] };
  readonly panels: readonly PanelJson[];
}

/** Dashboards of a stack in Grafana's format. */
export const dashboardsOf = (recording: Run): DashboardJson[] => {
  const { resource } = objects(recording, "ConfigMap").get("grafana/dashboards") ?? {};
  const { data = {} } = (resource?.inputs ?? {}) as { data?: Record<string, string> };
  return Object.values(data).map((text) => JSON.parse(text) as DashboardJson);
};

/** Panels with data, without row panels. */
export const panelsOf = ({ panels }: DashboardJson) => panels.filter(({ type }) => type !== "row");

/** Replaces variables as Grafana does for all namespaces. */
const filled = (text: string) =>
  text.replaceAll("$namespace", ".+").replaceAll("${system:raw}", ".+").replaceAll("$__rate_interval", "2m");

export const dashboardQueries = (recording: Run): Query[] =>
  dashboardsOf(recording).flatMap((dashboard) =>
    panelsOf(dashboard).flatMap(({ title, targets = [] }) =>
      targets.flatMap(({ expr }) =>
        expr === undefined ? [] : [{ from: `${dashboard.title}: ${title}`, expr: filled(expr) }],
      ),
    ),
  );

/** Queries of KEDA's scalers. */
export const scalerQueries = (recording: Run): Query[] =>
  [...objects(recording, "ScaledObject")].flatMap(([from, { manifest }]) => {
    const { triggers } = manifest.spec as { triggers: { metadata: { query?: string } }[] };
    return triggers.flatMap(({ metadata: { query } }) =>
      query === undefined ? [] : [{ from, expr: query }],
    );
  });

/** Queries of the releases' analyses, for pods whose version has this hash. */
export const analysisQueries = (recording: Run, hash: string): Query[] =>
  [...objects(recording, "AnalysisTemplate")].flatMap(([from, { manifest }]) => {
    const { metrics } = manifest.spec as { metrics: { provider: { prometheus?: { query: string } } }[] };
    return metrics.flatMap(({ provider: { prometheus } }) =>
      prometheus === undefined
        ? []
        : [{ from, expr: prometheus.query.replaceAll("{{args.latest-hash}}", hash) }],
    );
  });

/** A group of rules, each of which raises an alert or records a series. */
export interface Group<R = Rule | Recording> {
  readonly name: string;
  readonly rules: readonly R[];
}

/** Groups of a stack's `PrometheusRule` objects. */
const groupsOf = (program: Run): Group[] =>
  [...objects(program, "PrometheusRule").values()].flatMap(
    ({ manifest }) => manifest.spec?.groups as Group[],
  );

/** Groups of rules that raise alerts. */
export const alertGroups = (program: Run): Group<Rule>[] =>
  groupsOf(program).filter((group): group is Group<Rule> => group.rules.every((rule) => "alert" in rule));

/** Rules that record series. */
export const recordingsOf = (program: Run): Recording[] =>
  groupsOf(program).flatMap(({ rules }) => rules.flatMap((rule) => ("record" in rule ? [rule] : [])));

export const alertQueries = (program: Run): Query[] =>
  alertGroups(program).flatMap(({ rules }) => rules.map(({ alert, expr }) => ({ from: alert, expr })));
