import { secondRegion, type Settings } from "../../../config";
import type { SystemSpec } from "../../../systems/spec";
import { ofDocuments } from "./documents";
import { ofPlatform } from "./platform";
import { ofSystems } from "./systems";

type Catalog = Readonly<Record<string, SystemSpec>>;

/**
 * Grants implied by the second region's cluster: those of a first region with its settings, with the second region's
 * names. So a grant that differs between the regions is found.
 */
export function ofWarmRegion(settings: Settings, catalog: Catalog): string[] {
  const second = secondRegion(settings);
  if (second === undefined) return [];
  const lines = [
    ...ofSystems(second, catalog),
    ...ofPlatform(second),
    ...ofDocuments({ ...second, edge: { ...second.edge, cdn: undefined } }),
  ];
  return lines.flatMap((line) => renamed(line, settings, second));
}

/** Grants of resources that the second region lacks, or that `ofStandby` has. */
const absent =
  /primary-(asset-management-stores-postgres|backups|vault)|role of role .*-secrets-bootstrap|bootstrap/;

function renamed(line: string, first: Settings, second: Settings): string[] {
  if (absent.test(line)) return [];
  return [
    line
      .replaceAll("primary-keys-", "standby-")
      .replaceAll("primary-network-", "standby-network-")
      .replaceAll("primary-access-logs", "standby-access-logs")
      .replaceAll(/primary-(\w[\w-]*)-stores-(files)/g, "standby-$1-$2")
      .replaceAll("primary-", "standby-region-")
      // The test's ARNs of resources have one region.
      .replaceAll(
        new RegExp(`arn:aws:(kms|elasticfilesystem):${second.account.region}:`, "g"),
        `arn:aws:$1:${first.account.region}:`,
      )
      // Entries that are replicated keep their names.
      .replaceAll(
        new RegExp(`secret:${second.prefix}/(\\w[\\w-]*)/(postgres|jwt)`, "g"),
        `secret:${first.prefix}/$1/$2`,
      ),
  ];
}
