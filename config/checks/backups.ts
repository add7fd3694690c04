import type { Catalog } from "../../systems/spec";
import type { Fault } from "../errors";
import { show } from "../explain";
import type { Given } from "../given";
import { laterHours, nightly, startsInMaintenance } from "../windows";

/** Recovery points that AWS Backup would begin while a database is maintained, when RDS takes none. */
export function vaultFaults(project: string, catalog: Catalog, { backups, systems }: Given): Fault[] {
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
