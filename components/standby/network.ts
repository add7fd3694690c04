import type { Settings, StandbySettings } from "../../config";
import type { Component } from "../base/component";
import type { Context, KeyArns } from "../base/context";
import { physicalName } from "../base/naming";
import { enginePorts } from "../base/ports";
import { required } from "../base/required";
import { DataOnlyNetwork } from "../network/data-only";
import { Network } from "../network/network";
import type { ConfiguredSystem } from "../region/configured-systems";
import { dataPorts, rotatedStores } from "../system/wiring";

interface StandbyNetworkArgs {
  readonly parent: Component;
  readonly context: Context;
  readonly keys: Pick<KeyArns, "logs">;
  readonly systems: readonly ConfiguredSystem[];
}

/** Ports of all systems' databases, by `<system>-<store>`. */
const databasePorts = (systems: readonly ConfiguredSystem[]): Record<string, number> =>
  Object.fromEntries(
    systems.flatMap(({ spec }) =>
      Object.entries(spec.stores).flatMap(([store, { kind }]) =>
        kind === "postgres" ? [[`${spec.name}-${store}`, enginePorts.postgres] as const] : [],
      ),
    ),
  );

const withDatabases = (systems: readonly ConfiguredSystem[]): string[] =>
  systems.filter((system) => Object.keys(databasePorts([system])).length > 0).map(({ spec }) => spec.name);

/**
 * The network of a cluster, with subnets for the databases of all systems, and for the other stores of those in it.
 *
 * @param settings Of the second region: its systems are those in the cluster.
 */
export function clusterNetwork({
  parent,
  context,
  keys,
  systems,
  settings: { network: settings, systems: warm },
}: StandbyNetworkArgs & {
  readonly keys: Pick<KeyArns, "cluster" | "logs">;
  readonly settings: Settings;
}): Network {
  const inCluster = systems.filter(({ spec }) => warm[spec.name] !== undefined);
  return new Network(
    parent.child("network"),
    {
      context,
      settings,
      clusterName: physicalName("cluster", context.prefix),
      keys,
      dataPorts: Object.assign(
        databasePorts(systems),
        ...inCluster.map(({ spec }) => dataPorts(spec)),
      ) as Record<string, number>,
      dataSystems: withDatabases(systems),
      shell: settings.shellAccess ? inCluster.flatMap(({ spec }) => rotatedStores(spec)) : undefined,
    },
    parent.inside,
  );
}

/** The network of databases alone. */
export const databaseNetwork = ({
  parent,
  context,
  keys,
  systems,
  settings,
  standby: {
    network: { cidr, zones },
  },
}: StandbyNetworkArgs & {
  readonly settings: Settings;
  readonly standby: StandbySettings;
}): DataOnlyNetwork =>
  new DataOnlyNetwork(
    parent.child("network"),
    {
      context,
      cidr,
      zones,
      keys,
      dataPorts: databasePorts(systems),
      dataSlots: Object.fromEntries(
        withDatabases(systems).map((system) => [
          system,
          required(settings.network.dataSlots[system], `network.dataSlots.${system}`),
        ]),
      ),
      flowLogDays: settings.network.flowLogDays,
    },
    parent.inside,
  );
