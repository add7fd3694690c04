import type { Catalog } from "../../systems/spec";
import { isCidr, overlap } from "../cidr";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { connectionFault } from "../stores/postgres";
import type { Given } from "../reading/given";
import { copyParameters, type StandbySettings } from "../recovery/standby";
import type { SystemSettings } from "../systems";
import { maxConnections, memoryFaults } from "./memory";

/** Conflicts of the second region with the first one and with the systems. */
export function standbyFaults(project: string, catalog: Catalog, file: Given): Fault[] {
  const { standby } = file;
  if (standby === undefined) return [];
  return [
    ...regionFaults(project, file, standby),
    ...rangeFaults(project, file, standby),
    ...systemFaults(project, catalog, file, standby),
  ];
}

type Standby = NonNullable<Given["standby"]>;

function regionFaults(project: string, { account }: Given, { region, network }: Standby): Fault[] {
  const same =
    region !== undefined && region === account.region
      ? [
          {
            path: `${project}:standby.region`,
            found: show(region),
            expected: `another region than ${project}:account.region: both would be lost together`,
          },
        ]
      : [];
  if (region === undefined) return same;
  const foreign = network.zones.flatMap((zone, index) =>
    zone !== undefined && zone.slice(0, -1) !== region
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

/** The two networks may be connected later, and both to the reserved ones. */
function rangeFaults(project: string, { network: first }: Given, { network: { cidr } }: Standby): Fault[] {
  const others: readonly (readonly [key: string, range: string | undefined])[] = [
    ["cidr", first.cidr],
    ["serviceCidr", first.serviceCidr],
    ...first.reservedCidrs.map((range, index) => [`reservedCidrs.${index}`, range] as const),
  ];
  if (cidr === undefined || !isCidr(cidr)) return [];
  return others.flatMap(([key, range]) =>
    range !== undefined && isCidr(range) && overlap(cidr, range)
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
function systemFaults(project: string, catalog: Catalog, file: Given, standby: Standby): Fault[] {
  return Object.entries(standby.systems).flatMap(([system, value]) => {
    const path = `${project}:standby.systems.${system}`;
    const spec = catalog[system];
    if (spec === undefined) return [];
    const found = show(value);
    const remedy = "remove it";
    if (file.systems[system] === undefined)
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
      const [most, least] = [replica.maxConnections, maxConnections(primary.class, primary.parameters)];
      if (most !== undefined && most < least)
        return [
          {
            path: `${project}:standby.systems.${system}.replicas.${store}.maxConnections`,
            found: show(most),
            expected: `at least ${least}, as the primary's: a standby with fewer stops replicating`,
          },
        ];
      const messages = [
        ...(most === undefined ? connectionFault(primary, replica.class) : []),
        ...memoryFaults(replica.class, copyParameters(primary.parameters, replica)).map(
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
