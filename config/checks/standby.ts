import type { Catalog } from "../../systems/spec";
import { isCidr, overlap } from "../cidr";
import type { Fault } from "../errors";
import { show } from "../explain";
import { connectionFault } from "../postgres";
import { fields, type Values } from "../raw";
import type { StandbySettings } from "../standby";
import type { SystemSettings } from "../systems";
import { memoryFaults } from "./memory";

/** Conflicts of the second region with the first one and with the systems. Works on the raw values, like `cross.ts`. */
export function standbyFaults(project: string, catalog: Catalog, raw: Values): Fault[] {
  if (raw.standby === undefined) return [];
  return [
    ...regionFaults(project, raw),
    ...rangeFaults(project, raw),
    ...systemFaults(project, catalog, raw),
  ];
}

function regionFaults(project: string, raw: Values): Fault[] {
  const { region, network } = fields(raw.standby);
  const { zones } = fields(network);
  const same =
    region !== undefined && region === fields(raw.account).region
      ? [
          {
            path: `${project}:standby.region`,
            found: show(region),
            expected: `another region than ${project}:account.region: both would be lost together`,
          },
        ]
      : [];
  if (typeof region !== "string" || !Array.isArray(zones)) return same;
  const foreign = zones.flatMap((zone: unknown, index) =>
    typeof zone === "string" && zone.slice(0, -1) !== region
      ? [
          {
            path: `${project}:standby.network.zones.${index}`,
            found: show(zone),
            expected: `a zone of ${region} (${project}:standby.region)`,
          },
        ]
      : [],
  );
  return [...same, ...foreign];
}

/** The two networks may be connected one day, and both to the reserved ones. */
function rangeFaults(project: string, raw: Values): Fault[] {
  const { cidr } = fields(fields(raw.standby).network);
  const { cidr: first, serviceCidr, reservedCidrs } = fields(raw.network);
  const reserved = Array.isArray(reservedCidrs) ? reservedCidrs : [];
  const others = [
    ["cidr", first],
    ["serviceCidr", serviceCidr],
    ...reserved.map((range: unknown, index) => [`reservedCidrs.${index}`, range]),
  ] as [string, unknown][];
  if (typeof cidr !== "string" || !isCidr(cidr)) return [];
  return others.flatMap(([key, range]) =>
    typeof range === "string" && isCidr(range) && overlap(cidr, range)
      ? [
          {
            path: `${project}:standby.network.cidr`,
            found: show(cidr),
            expected: `a range that doesn't overlap ${project}:network.${key} (${range})`,
          },
        ]
      : [],
  );
}

/** A system must be in the stack file, and have a database. */
function systemFaults(project: string, catalog: Catalog, raw: Values): Fault[] {
  return Object.entries(fields(fields(raw.standby).systems)).flatMap(([system, value]) => {
    const path = `${project}:standby.systems.${system}`;
    const spec = catalog[system];
    if (spec === undefined) return [];
    const found = show(value);
    const remedy = "remove it";
    if (fields(raw.systems)[system] === undefined)
      return [{ path, found, expected: `nothing: ${project}:systems has no ${system}`, remedy }];
    const data = Object.values(spec.stores).some(({ kind }) => kind === "postgres");
    return data ? [] : [{ path, found, expected: `nothing: ${system} has no database`, remedy }];
  });
}

/** Replicas whose class is too small for the primary's parameters. */
export function standbyClassFaults(project: string, given: Record<string, unknown>): Fault[] {
  const { standby, systems } = given as {
    standby?: StandbySettings;
    systems?: Readonly<Partial<Record<string, SystemSettings>>>;
  };
  return Object.entries(standby?.systems ?? {}).flatMap(([system, settings]) =>
    Object.entries(settings?.replicas ?? {}).flatMap(([store, replica]): Fault[] => {
      const primary = systems?.[system]?.stores.postgres[store];
      if (replica === undefined || primary === undefined) return [];
      const messages = [
        ...connectionFault(primary, replica.class),
        ...memoryFaults(replica.class, primary.parameters).map(
          ({ parameter, message }) => `a class for the primary's parameters: ${parameter} is ${message}`,
        ),
      ];
      return messages.map((expected) => ({
        path: `${project}:standby.systems.${system}.replicas.${store}.class`,
        found: replica.class,
        expected,
      }));
    }),
  );
}
