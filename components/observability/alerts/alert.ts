/**
 * Alerts as data. Each is rendered to one rule of a `PrometheusRule` object, and has a section with its name in
 * `docs/alerts.md`, which a test checks.
 */

/** `critical` pages someone, `warning` can wait for the next working day, `info` is only for other programs. */
export type Severity = "critical" | "warning" | "info";

export interface Alert {
  /** Name of the alert, and of its section in `docs/alerts.md`. */
  readonly name: string;
  /** PromQL. The alert is active while it returns a series. */
  readonly expr: string;
  /** Time for which the expression must hold before the alert fires, such as `5m`. Default: it fires at once. */
  readonly for?: `${number}${"m" | "h"}`;
  readonly severity: Severity;
  /** Responsible team: a system's, or `platform`. */
  readonly team: string;
  /** What happened, in one line. May use Prometheus' templates, such as `{{ $labels.pod }}`. */
  readonly summary: string;
  /** What it means for users, and what to do first. May use templates. */
  readonly description: string;
  /** Labels in addition to severity and team, for alerts whose expression has none. Default: none. */
  readonly labels?: Readonly<Record<string, string>>;
}

const page = "docs/alerts.md";

/** Link to an alert's runbook: a page of this repository and GitHub's anchor of its heading. */
const runbook = (name: string): string => `${page}#${name.toLowerCase()}`;

/** A rule of Prometheus. Source: Prometheus, alerting rules. */
export interface Rule {
  readonly alert: string;
  readonly expr: string;
  readonly for?: string;
  readonly labels: Readonly<Record<string, string>>;
  readonly annotations: Readonly<Record<string, string>>;
}

const rule = ({ name, expr, severity, team, summary, description, labels = {}, ...rest }: Alert): Rule => ({
  alert: name,
  expr,
  ...(rest.for === undefined ? {} : { for: rest.for }),
  labels: { ...labels, severity, team },
  annotations: { summary, description, runbook_url: runbook(name) },
});

/** Spec of a `PrometheusRule`: one group, whose rules are evaluated every 30 seconds, like the scrapes. */
export const ruleSpec = (group: string, alerts: readonly Alert[]) => ({
  groups: [{ name: group, interval: "30s", rules: alerts.map(rule) }],
});
