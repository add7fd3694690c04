import { CloudWatchClient, PutMetricDataCommand } from "@aws-sdk/client-cloudwatch";
import { ListSecretVersionIdsCommand, SecretsManagerClient } from "@aws-sdk/client-secrets-manager";
import type { Version } from "./ages";

/** The versions of an entry that have staging labels: at most 20, so one page. */
export async function versionsOf(entry: string): Promise<Version[]> {
  const { Versions = [] } = await new SecretsManagerClient({}).send(
    new ListSecretVersionIdsCommand({ SecretId: entry }),
  );
  return Versions.flatMap(({ VersionStages = [], CreatedDate }) =>
    CreatedDate === undefined ? [] : [{ stages: VersionStages, created: CreatedDate }],
  );
}

/** Publishes the number of late entries, for the alarm. */
export async function publish(namespace: string, environment: string, late: number): Promise<void> {
  const metric = { MetricName: "Late", Value: late, Unit: "Count" };
  const dimensions = [{ Name: "Environment", Value: environment }];
  await new CloudWatchClient({}).send(
    new PutMetricDataCommand({ Namespace: namespace, MetricData: [{ ...metric, Dimensions: dimensions }] }),
  );
}
