import type { Context } from "../components/base/context";

/** A saved question of Athena. */
export interface Query {
  readonly description: string;
  readonly query: string;
}

/** Condition on a table's partitions by day. */
export const last30Days = "day >= date_format(current_date - interval '30' day, '%Y/%m/%d')";

/**
 * The table of CloudTrail's files and the questions that an auditor asks first. The table's partitions are computed from the
 * path, so days don't have to be added. Source: CloudTrail user guide, creating a table with partition projection.
 */
export function queries(
  bucket: string,
  prefix: string,
  { accountId, region }: Pick<Context, "accountId" | "region">,
): Readonly<Record<string, Query>> {
  const path = `s3://${bucket}/${prefix}/AWSLogs/${accountId}/CloudTrail/`;
  const who = "eventtime, useridentity.arn AS who, sourceipaddress, awsregion";
  return {
    table: {
      description: "Run once: makes the table of the audit trail.",
      query: `CREATE EXTERNAL TABLE IF NOT EXISTS trail (
  eventtime STRING, eventsource STRING, eventname STRING, awsregion STRING, sourceipaddress STRING,
  useragent STRING, errorcode STRING, errormessage STRING, requestparameters STRING, responseelements STRING,
  additionaleventdata STRING, readonly STRING, eventcategory STRING,
  useridentity STRUCT<type: STRING, principalid: STRING, arn: STRING, accountid: STRING, username: STRING>
)
PARTITIONED BY (region STRING, day STRING)
ROW FORMAT SERDE 'org.apache.hive.hcatalog.data.JsonSerDe'
STORED AS INPUTFORMAT 'com.amazon.emr.cloudtrail.CloudTrailInputFormat'
OUTPUTFORMAT 'org.apache.hadoop.hive.ql.io.HiveIgnoreKeyTextOutputFormat'
LOCATION '${path}'
TBLPROPERTIES (
  'projection.enabled' = 'true',
  'projection.region.type' = 'enum', 'projection.region.values' = '${[...new Set([region, "us-east-1"])].join(",")}',
  'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd', 'projection.day.range' = '2026/01/01,NOW',
  'projection.day.interval' = '1', 'projection.day.interval.unit' = 'DAYS',
  'storage.location.template' = '${path}\${region}/\${day}'
)`,
    },
    "security-group-changes": {
      description: "Who changed a security group in the last 30 days.",
      query: `SELECT ${who}, eventname, requestparameters FROM trail
WHERE ${last30Days} AND eventsource = 'ec2.amazonaws.com' AND eventname LIKE '%SecurityGroup%' AND readonly = 'false'
ORDER BY eventtime DESC`,
    },
    "secret-reads": {
      description: "Who read a secret in the last 30 days. Add: AND requestparameters LIKE '%<name>%'.",
      query: `SELECT ${who}, requestparameters FROM trail
WHERE ${last30Days} AND eventsource = 'secretsmanager.amazonaws.com' AND eventname IN ('GetSecretValue', 'BatchGetSecretValue')
ORDER BY eventtime DESC`,
    },
    "failed-logins": {
      description: "Logins to the console that failed, and denied calls, in the last 30 days.",
      query: `SELECT ${who}, eventsource, eventname, errorcode, errormessage FROM trail
WHERE ${last30Days} AND ((eventname = 'ConsoleLogin' AND responseelements LIKE '%Failure%')
  OR errorcode IN ('AccessDenied', 'Client.UnauthorizedOperation', 'UnauthorizedOperation'))
ORDER BY eventtime DESC`,
    },
  };
}
