import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { DescribeDBInstanceAutomatedBackupsCommand, RDSClient } from "@aws-sdk/client-rds";
import type { Copy } from "./ages";

/** The automated backups that the function's region has. */
export async function copies(): Promise<Copy[]> {
  const client = new RDSClient({});
  const found: Copy[] = [];
  for (let Marker: string | undefined, more = true; more; more = Marker !== undefined) {
    const page = await client.send(new DescribeDBInstanceAutomatedBackupsCommand({ Marker }));
    for (const { DBInstanceIdentifier, RestoreWindow } of page.DBInstanceAutomatedBackups ?? [])
      if (DBInstanceIdentifier !== undefined)
        found.push({ database: DBInstanceIdentifier, latest: RestoreWindow?.LatestTime });
    Marker = page.Marker;
  }
  return found;
}

/** Publishes the minutes that the worst database is behind, for the alarm. */
export async function publish(namespace: string, environment: string, minutes: number): Promise<void> {
  await new CloudWatchClient({}).send(
    new PutMetricDataCommand({
      Namespace: namespace,
      MetricData: [
        {
          MetricName: "BackupsBehindMinutes",
          Value: minutes,
          Unit: "None",
          Dimensions: [{ Name: "Environment", Value: environment }],
        },
      ],
    }),
  );
}
