import { stops, type Finding } from "../finding";
import type { Plan } from "../plan";
import { AwsError, type World } from "../world";

interface Switches {
  readonly GlobalSettings?: Readonly<Record<string, string>>;
}

/**
 * Whether AWS Backup may copy to another account, which the organisation's management account must enable. Source: AWS
 * Backup developer guide, creating backup copies across AWS accounts.
 */
export async function copiesToAccount({ settings }: Plan, { aws }: World): Promise<Finding[]> {
  if (settings.backups.vault?.copyTo === undefined) return [];
  const about = "plinth:backups.vault.copyTo";
  let switches: Switches;
  try {
    switches = await aws<Switches>("backup", "describe-global-settings");
  } catch (error) {
    if (!(error instanceof AwsError) || error.code !== "InvalidRequestException") throw error;
    return [
      stops(
        about,
        `no organisation: ${error.message}`,
        "move both accounts into one organisation, or remove the key",
      ),
    ];
  }
  if (switches.GlobalSettings?.isCrossAccountBackupEnabled === "true") return [];
  return [
    stops(
      about,
      "the organisation doesn't allow copies of recovery points between its accounts",
      "in its management account: aws backup update-global-settings --global-settings isCrossAccountBackupEnabled=true",
    ),
  ];
}
