import { cdnLogFields } from "../../components/edge/cdn-logs";
import { cdnLogPrefix } from "../../components/storage/bucket-policy";
import type { Context } from "../../components/base/context";
import { last30Days, projected, type Query } from "./queries";

/** A column of a table: its name, and the pattern of its field in a line. */
type Columns = readonly (readonly [name: string, pattern: string])[];

const word = "([^ ]*)";
const quoted = '"([^"]*)"';
const words = (...names: string[]): Columns => names.map((name) => [name, word] as const);
const texts = (...names: string[]): Columns => names.map((name) => [name, quoted] as const);

/** Fields that later versions of a format add. */
const rest: Columns = [["rest", "?(.*)"]];

/** Source: ELB user guide, access log entries of an Application Load Balancer. */
const requests: Columns = [
  ...words("type", "time", "elb", "client", "target"),
  ...words("request_seconds", "target_seconds", "response_seconds", "elb_status", "target_status"),
  ...words("received_bytes", "sent_bytes"),
  ...texts("request", "user_agent"),
  ...words("ssl_cipher", "ssl_protocol", "target_group"),
  ...texts("trace_id", "domain_name", "certificate"),
  ...words("rule_priority", "creation_time"),
  ...texts("actions", "redirect_url", "error_reason", "targets", "target_statuses"),
  ...texts("classification", "classification_reason"),
  ...rest,
];

/** Source: ELB user guide, connection log entries of an Application Load Balancer. */
const connections: Columns = [
  ...words("time", "client_ip", "client_port", "listener_port", "tls_protocol", "tls_cipher"),
  ...words("handshake_seconds"),
  ...texts("certificate_subject"),
  ...words("certificate_validity", "certificate_serial", "verify_status"),
  ...rest,
];

/** Source: ELB user guide, access log entries of a Network Load Balancer. */
const tlsConnections: Columns = [
  ...words("type", "version", "time", "elb", "listener", "client", "destination"),
  ...words("connection_milliseconds", "handshake_milliseconds", "received_bytes", "sent_bytes", "tls_alert"),
  ...words("certificate", "certificate_serial", "tls_cipher", "tls_protocol"),
  ...rest,
];

/** Address of a client, without its port. */
const address = "regexp_replace(client, ':[0-9]+$', '')";

export interface FileArgs extends Pick<Context, "accountId"> {
  /** Regions with load balancers. */
  readonly regions: readonly string[];
}

/**
 * The tables of the log files of load balancers and CloudFront, and queries on them. Load balancers of all environments
 * and regions of the account are in one table. Sources: Athena user guide, querying AWS service logs; CloudFront
 * developer guide, standard logging.
 */
export function fileQueries(
  bucket: string,
  { accountId, regions }: FileArgs,
): Readonly<Record<string, Query>> {
  const linesOf = (table: string, columns: Columns, prefix: string, partition = ""): string => {
    const path = `s3://${bucket}/${prefix}/AWSLogs/${accountId}/elasticloadbalancing/`;
    const more = partition === "" ? "" : `${partition} STRING, `;
    return `CREATE EXTERNAL TABLE IF NOT EXISTS ${table} (
  ${columns.map(([name]) => `${name} STRING`).join(", ")}
)
PARTITIONED BY (${more}region STRING, day STRING)
ROW FORMAT SERDE 'org.apache.hadoop.hive.serde2.RegexSerDe'
WITH SERDEPROPERTIES ('input.regex' = '${columns.map(([, pattern]) => pattern).join(" ")}')
LOCATION '${partition === "" ? path : `s3://${bucket}/`}'
TBLPROPERTIES (
  ${partition === "" ? "" : `'projection.${partition}.type' = 'injected',\n  `}'projection.region.type' = 'enum', 'projection.region.values' = '${regions.join(",")}',
  ${projected(`${path}\${region}/`)}
)`;
  };
  return {
    "load-balancer-table": {
      description: "Run once: creates the table of the load balancers' access logs.",
      query: linesOf("requests", requests, "load-balancer"),
    },
    "connections-table": {
      description: "Run once: creates the table of the load balancers' connection logs.",
      query: linesOf("connections", connections, "load-balancer-connections"),
    },
    "syslog-table": {
      description:
        "Run once: creates the table of TLS connections to the syslog load balancers. Queries must name a load balancer.",
      query: linesOf("syslog", tlsConnections, "load-balancer-${balancer}", "balancer"),
    },
    "cdn-table": {
      description:
        "Run once: creates the table of CloudFront's access logs. It has no partitions, so each query reads all files.",
      query: `CREATE EXTERNAL TABLE IF NOT EXISTS cdn (
  ${cdnLogFields.map((field) => `\`${field.toLowerCase()}\` STRING`).join(", ")}
)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
WITH SERDEPROPERTIES ('paths' = '${cdnLogFields.join(",")}')
LOCATION 's3://${bucket}/${cdnLogPrefix}/'`,
    },
    "server-errors": {
      description:
        "Clients that got 5xx errors from the load balancers in the last 30 days, most frequent first.",
      query: `SELECT region, ${address} AS client, domain_name, elb_status, target_status, count(*) AS times
FROM requests WHERE ${last30Days} AND elb_status LIKE '5__'
GROUP BY 1, 2, 3, 4, 5 ORDER BY times DESC LIMIT 1000`,
    },
    "refused-requests": {
      description: "Requests that got 401 or 403 from the load balancers or the systems in the last 30 days.",
      query: `SELECT time, region, client, request, elb_status, user_agent
FROM requests WHERE ${last30Days} AND elb_status IN ('401', '403')
ORDER BY time DESC LIMIT 10000`,
    },
    "failed-handshakes": {
      description: "Clients whose TLS handshakes with the load balancers failed in the last 30 days.",
      query: `SELECT region, client_ip, tls_protocol, verify_status, count(*) AS times
FROM connections WHERE ${last30Days} AND verify_status LIKE 'Failed%'
GROUP BY 1, 2, 3, 4 ORDER BY times DESC LIMIT 1000`,
    },
    "syslog-connections": {
      description:
        "Devices that connected to syslog over TLS in the last 30 days. Change balancer to your load balancer's name.",
      query: `SELECT ${address} AS device, tls_protocol, tls_alert, count(*) AS times, max(time) AS last
FROM syslog WHERE balancer = 'opmas-syslog' AND ${last30Days}
GROUP BY 1, 2, 3 ORDER BY times DESC LIMIT 1000`,
    },
    "cdn-errors": {
      description: "Clients that got 5xx errors from CloudFront in the last 30 days, most frequent first.",
      query: `SELECT "c-ip" AS client, "x-host-header" AS host, "sc-status" AS status,
  "x-edge-detailed-result-type" AS result, count(*) AS times
FROM cdn WHERE "date" >= cast(current_date - interval '30' day AS varchar) AND "sc-status" LIKE '5__'
GROUP BY 1, 2, 3, 4 ORDER BY times DESC LIMIT 1000`,
    },
  };
}
