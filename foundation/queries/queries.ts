import type { Context } from "../../components/base/context";

/** A saved query of Athena. */
export interface Query {
  readonly description: string;
  readonly query: string;
}

/** Partition projection of a table by day, the last part of a path. */
export const projected = (location: string) => `'projection.enabled' = 'true',
  'projection.day.type' = 'date', 'projection.day.format' = 'yyyy/MM/dd', 'projection.day.range' = '2026/01/01,NOW',
  'projection.day.interval' = '1', 'projection.day.interval.unit' = 'DAYS',
  'storage.location.template' = '${location}\${day}'`;

/**
 * Regions that are enabled in every account: attackers prefer regions that nobody monitors. Source: AWS Account
 * Management guide, Regions that are enabled by default.
 */
const everyRegion = [
  ...["us-east-1", "us-east-2", "us-west-1", "us-west-2", "ca-central-1", "sa-east-1"],
  ...["eu-central-1", "eu-north-1", "eu-west-1", "eu-west-2", "eu-west-3"],
  ...["ap-northeast-1", "ap-northeast-2", "ap-northeast-3", "ap-south-1", "ap-southeast-1", "ap-southeast-2"],
];

/** Condition on a table's partitions by day. */
export const last30Days = "day >= date_format(current_date - interval '30' day, '%Y/%m/%d')";

/**
 * The table of CloudTrail's files, and the queries that an auditor runs first. Partitions are projected from the path,
 * so none has to be added. Source: CloudTrail user guide, creating a table with partition projection.
 */
export function queries(
  bucket: string,
  prefix: string,
  { accountId, regions }: Pick<Context, "accountId"> & { readonly regions: readonly string[] },
): Readonly<Record<string, Query>> {
  const path = `s3://${bucket}/${prefix}/AWSLogs/${accountId}/CloudTrail/`;
  const who = "eventtime, useridentity.arn AS who, sourceipaddress, awsregion";
  return {
    table: {
      description: "Run once: creates the table of the CloudTrail files.",
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
  'projection.region.type' = 'enum', 'projection.region.values' = '${[...new Set([...regions, ...everyRegion])].join(",")}',
  ${projected(`${path}\${region}/`)}
)`,
    },
    "security-group-changes": {
      description: "Changes of security groups in the last 30 days.",
      query: `SELECT ${who}, eventname, requestparameters FROM trail
WHERE ${last30Days} AND eventsource = 'ec2.amazonaws.com' AND eventname LIKE '%SecurityGroup%' AND readonly = 'false'
ORDER BY eventtime DESC`,
    },
    "other-regions": {
      description: "Write API calls of the last 30 days in regions that the account doesn't use.",
      query: `SELECT ${who}, eventsource, eventname, errorcode FROM trail
WHERE ${last30Days} AND region NOT IN (${[...new Set([...regions, "us-east-1"])].map((region) => `'${region}'`).join(", ")}) AND readonly = 'false'
ORDER BY eventtime DESC`,
    },
    "secret-reads": {
      description:
        "Reads of secrets in the last 30 days. For one secret, add: AND requestparameters LIKE '%<name>%'.",
      query: `SELECT ${who}, requestparameters FROM trail
WHERE ${last30Days} AND eventsource = 'secretsmanager.amazonaws.com' AND eventname IN ('GetSecretValue', 'BatchGetSecretValue')
ORDER BY eventtime DESC`,
    },
    "failed-logins": {
      description: "Failed console sign-ins and denied API calls in the last 30 days.",
      query: `SELECT ${who}, eventsource, eventname, errorcode, errormessage FROM trail
WHERE ${last30Days} AND ((eventname = 'ConsoleLogin' AND responseelements LIKE '%Failure%')
  OR errorcode IN ('AccessDenied', 'Client.UnauthorizedOperation', 'UnauthorizedOperation'))
ORDER BY eventtime DESC`,
    },
  };
}
