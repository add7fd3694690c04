import type { Catalog } from "../../systems/spec";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Given } from "../reading/given";
import { laterHours, nightly, startsInMaintenance } from "../windows";

/** Faults of AWS Backup's vault: the time of its recovery points, and the vault that they are copied to. */
export const vaultFaults = (project: string, catalog: Catalog, file: Given): Fault[] => [
  ...hourFaults(project, catalog, file),
  ...copyFaults(project, file),
];

/**
 * A copy in the same account adds no protection. A copy action can copy a database to another region or to another
 * account, not to both: AWS Backup developer guide, feature availability by resource.
 */
function copyFaults(project: string, { account, backups }: Given): Fault[] {
  const { copyTo } = backups.vault;
  const [, , service, region, id] = (copyTo ?? "").split(":");
  if (service !== "backup") return [];
  const fault = (expected: string): Fault => ({
    path: `${project}:backups.vault.copyTo`,
    found: show(copyTo),
    expected,
  });
  return [
    ...(id === account.id
      ? [fault(`a vault of another account than ${project}:account.id, which could delete both`)]
      : []),
    ...(account.region !== undefined && region !== account.region
      ? [
          fault(
            `a vault in ${account.region} (${project}:account.region): AWS Backup copies a database to another account or to another region, and not to both at once. ${project}:standby is the copy in another region`,
          ),
        ]
      : []),
  ];
}

/**
 * Recovery points that AWS Backup would start during a database's maintenance window, in which RDS takes no snapshots.
 */
function hourFaults(project: string, catalog: Catalog, { backups, systems }: Given): Fault[] {
  const { hour } = backups.vault;
  if (hour === undefined) return [];
  const starts = [
    { rule: "daily", start: hour },
    { rule: "weekly", start: hour + laterHours.weekly, weekday: "sun" },
    { rule: "monthly", start: hour + laterHours.monthly },
  ];
  const refused = Object.entries(systems).flatMap(([system, { stores }]) =>
    Object.entries(stores).flatMap(([store, { windows }]) => {
      if (catalog[system]?.stores[store]?.kind !== "postgres") return [];
      const { maintenance = nightly.maintenance } = windows;
      const met = starts.find(({ start, weekday }) => startsInMaintenance(start % 24, maintenance, weekday));
      return met === undefined ? [] : [{ ...met, maintenance, key: `systems.${system}.stores.${store}` }];
    }),
  );
  const [first] = refused;
  if (first === undefined) return [];
  const databases = refused.map(({ key }) => `${project}:${key}.windows.maintenance`).join(", ");
  return [
    {
      path: `${project}:backups.vault.hour`,
      found: show(hour),
      expected: `an hour whose ${first.rule} recovery points (${first.start % 24}:00 UTC) don't begin in the hour before ${first.maintenance} or during it, when RDS makes none: ${databases}`,
    },
  ];
}
