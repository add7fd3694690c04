import type { Context } from "../../components/base/context";
import { streamPrefix } from "../../components/observability/log-stream";
import { queryLogPrefix } from "../../components/storage/bucket-policy";
import { last30Days, projected, type Query } from "./queries";

const events = "FROM logs CROSS JOIN UNNEST(logevents) AS event (id, at, message)";
const time = "from_unixtime(at / 1000) AS time";
const field = (path: string) => `json_extract_scalar(message, '$.${path}')`;

/**
 * The tables of the environments' logs, which `plinth:audit` copies, and queries on them. A line of `logs` has the
 * events of one log group. Sources: Athena user guide, partition projection and querying Route 53 Resolver query logs.
 */
export function logQueries(
  bucket: string,
  { accountId }: Pick<Context, "accountId">,
): Readonly<Record<string, Query>> {
  const logs = `s3://${bucket}/${streamPrefix}/`;
  const dns = `s3://${bucket}/${queryLogPrefix}/AWSLogs/${accountId}/vpcdnsquerylogs/`;
  return {
    "logs-table": {
      description: "Run once: creates the table of the log events from the environments' log groups.",
      query: `CREATE EXTERNAL TABLE IF NOT EXISTS logs (
  owner STRING, loggroup STRING, logstream STRING, messagetype STRING,
  logevents ARRAY<STRUCT<id: STRING, \`timestamp\`: BIGINT, message: STRING>>
)
PARTITIONED BY (day STRING)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION '${logs}'
TBLPROPERTIES (
  ${projected(logs)}
)`,
    },
    "dns-table": {
      description: "Run once: creates the table of Route 53 Resolver query logs. Queries must name a VPC.",
      query: `CREATE EXTERNAL TABLE IF NOT EXISTS dns (
  query_timestamp STRING, query_name STRING, query_type STRING, rcode STRING, srcaddr STRING
)
PARTITIONED BY (vpc STRING, day STRING)
ROW FORMAT SERDE 'org.openx.data.jsonserde.JsonSerDe'
LOCATION '${dns}'
TBLPROPERTIES (
  'projection.vpc.type' = 'injected',
  ${projected(`${dns}\${vpc}/`)}
)`,
    },
    "cluster-secrets-and-shells": {
      description: "Reads of Kubernetes Secrets, and shells opened in pods, in the last 30 days.",
      query: `SELECT ${time}, ${field("user.username")} AS who, ${field("verb")} AS verb,
  ${field("objectRef.namespace")} AS namespace, ${field("objectRef.name")} AS name, ${field("objectRef.subresource")} AS part
${events}
WHERE ${last30Days} AND loggroup LIKE '/aws/eks/%' AND (${field("objectRef.resource")} = 'secrets'
  OR ${field("objectRef.subresource")} IN ('exec', 'attach', 'ephemeralcontainers')) AND ${field("user.username")} NOT LIKE 'system:%'
ORDER BY at DESC`,
    },
    "cluster-refused": {
      description:
        "Requests that the Kubernetes API servers denied in the last 30 days, by user and source, most frequent first.",
      query: `SELECT loggroup, ${field("user.username")} AS who, ${field("sourceIPs[0]")} AS source,
  ${field("verb")} AS verb, ${field("objectRef.resource")} AS resource, ${field("responseStatus.code")} AS code, count(*) AS times
${events}
WHERE ${last30Days} AND loggroup LIKE '/aws/eks/%' AND ${field("responseStatus.code")} IN ('401', '403')
GROUP BY 1, 2, 3, 4, 5, 6 ORDER BY times DESC LIMIT 1000`,
    },
    "database-audit": {
      description: "pgaudit records and failed logins of the databases in the last 30 days.",
      query: `SELECT ${time}, loggroup, message
${events}
WHERE ${last30Days} AND loggroup LIKE '/aws/rds/%'
ORDER BY at DESC`,
    },
    "database-logins-failed": {
      description: "Failed logins to the databases and RDS Proxies in the last 30 days.",
      query: `SELECT ${time}, loggroup, message
${events}
WHERE ${last30Days} AND ((loggroup LIKE '/aws/rds/instance/%' AND message LIKE '%FATAL:%')
  OR (loggroup LIKE '/aws/rds/proxy/%' AND lower(message) LIKE '%authentication%'))
ORDER BY at DESC`,
    },
    "log-reads": {
      description:
        "OpenSearch audit log of the last 30 days: searches of logs and traces, and denied requests.",
      query: `SELECT ${time}, ${field("audit_request_effective_user")} AS who, ${field("audit_category")} AS outcome,
  ${field("audit_rest_request_method")} AS method, ${field("audit_rest_request_path")} AS path
${events}
WHERE ${last30Days} AND loggroup LIKE '/aws/OpenSearchService/%' AND coalesce(${field("audit_rest_request_path")}, '') NOT LIKE '%bulk'
ORDER BY at DESC`,
    },
    "refused-connections": {
      description:
        "Sources of rejected connections in VPC flow logs in the last 30 days, most frequent first.",
      query: `SELECT loggroup, split_part(message, ' ', 4) AS source, split_part(message, ' ', 7) AS port, count(*) AS times
${events}
WHERE ${last30Days} AND loggroup LIKE '%/vpc/flow-logs' AND message LIKE '% REJECT OK'
GROUP BY 1, 2, 3 ORDER BY times DESC LIMIT 1000`,
    },
    "blocked-requests": {
      description: "Requests that AWS WAF blocked at the load balancers and CloudFront in the last 30 days.",
      query: `SELECT ${time}, loggroup, ${field("httpRequest.clientIp")} AS client, ${field("httpRequest.host")} AS host,
  ${field("httpRequest.uri")} AS uri, ${field("terminatingRuleId")} AS rule
${events}
WHERE ${last30Days} AND loggroup LIKE 'aws-waf-logs-%' AND ${field("action")} = 'BLOCK'
ORDER BY at DESC`,
    },
    "dns-queries": {
      description:
        "DNS names that a VPC queried in the last 30 days, rarest first. Change vpc to your VPC's ID.",
      query: `SELECT query_name, count(*) AS times, min(query_timestamp) AS first
FROM dns WHERE vpc = 'vpc-0123456789abcdef0' AND ${last30Days}
GROUP BY query_name ORDER BY times LIMIT 1000`,
    },
  };
}
