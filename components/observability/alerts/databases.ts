import { thresholds } from "../thresholds";
import type { Alert } from "./alert";

/** A database whose exporter Prometheus scrapes. */
export interface ServedDatabase {
  readonly namespace: string;
  /** Service of its exporter: the label `service` of its metrics. */
  readonly service: string;
  /** Role that owns the objects of the workloads: statements run as this role, sessions are opened by its logins. */
  readonly owner: string;
  readonly team: string;
}

/**
 * Alerts on PostgreSQL's statistics.
 *
 * - DatabaseConnectionPoolExhausted. AMS' document says `pg_stat_activity_count > 90`, but the exporter has one series
 *   for each database, user and state, none of which has to exceed 90 when all connections are open; and 90 is nine
 *   tenths of PostgreSQL's default of 100, which these instances don't have. The intended value is the share of all
 *   sessions in `max_connections`.
 * - DatabaseStatementSlow is what Asset Management's DatabaseSlowQueries is for, at the server: see `requests.ts` for why
 *   its expression can't measure it.
 */
export function databaseAlerts({ namespace, service, owner, team }: ServedDatabase): Alert[] {
  const from = `namespace="${namespace}",service="${service}"`;
  const { connectionShare, queryP95Seconds, transactionMinutes } = thresholds;
  const statement = (metric: string) =>
    `sum by (queryid) (rate(pg_stat_statements_${metric}{${from},user="${owner}"}[5m]))`;
  const alerts: Omit<Alert, "team" | "labels">[] = [
    {
      name: "DatabaseConnectionPoolExhausted",
      expr: `sum(pg_stat_activity_count{${from}}) / max(pg_settings_max_connections{${from}}) > ${connectionShare}`,
      for: "5m",
      severity: "critical",
      summary: "{{ $value | humanizePercentage }} of the database's connections are open",
      description:
        "At 100 % the database refuses new connections, and requests fail. The dashboard Data shows who holds them; many in idle in transaction mean that a workload doesn't end its transactions. Otherwise lower pool, or raise max_connections.",
    },
    {
      name: "DatabaseUnreachable",
      expr: `absent(pg_up{${from}} == 1)`,
      for: "5m",
      severity: "critical",
      summary: `${service} isn't running, or can't log in to its database`,
      description:
        "Workloads most likely can't log in either. Check the events of the RDS instance, then the exporter's log.",
    },
    {
      name: "DatabaseStatementSlow",
      // Only statements that run at least once a minute: a long migration or report is no fault.
      expr: `${statement("seconds_total")} / ${statement("calls_total")} > ${queryP95Seconds} and ${statement("calls_total")} > 1 / 60`,
      for: "10m",
      severity: "warning",
      summary: "Statement {{ $labels.queryid }} takes {{ $value | humanizeDuration }} on average",
      description:
        "Requests that run it are slow. Look up the query id in pg_stat_statements. Usually an index is missing, or the planner's statistics are stale (ANALYZE).",
    },
    {
      name: "DatabaseTransactionOpen",
      expr: `max(pg_stat_activity_max_tx_duration{${from},usename=~"${owner}_[ab]"}) > ${transactionMinutes * 60}`,
      for: "5m",
      severity: "warning",
      summary: "A transaction has been open for {{ $value | humanizeDuration }}",
      description:
        "It holds its locks, and vacuum can't remove dead rows. Find its process in pg_stat_activity, and end it with pg_terminate_backend unless it is a migration at work.",
    },
  ];
  return alerts.map((alert) => ({ ...alert, team, labels: { namespace, service } }));
}
