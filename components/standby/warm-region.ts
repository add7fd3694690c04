import { passiveSystems, secondRegion, type Settings, type StandbySettings } from "../../config";
import type { Catalog } from "../../systems/spec";
import type { Cdn } from "../edge/cdn";
import type { Failover } from "../edge/failover";
import { Region } from "../region/region";
import type { Held, Standby } from "./standby";
import type { SystemInRegion } from "../region/system";

export interface WarmRegionArgs {
  /** Of the whole environment. */
  readonly settings: Settings;
  readonly standby: StandbySettings;
  readonly catalog: Catalog;
  readonly cdn: Cdn | undefined;
  /** The copies of the systems' stores there. */
  readonly held: Held;
  /** Resources of each system in the first region. */
  readonly originals: Readonly<Record<string, SystemInRegion>>;
  /** Hosts that both regions serve. */
  readonly hosts: Failover["hosts"] | undefined;
}

/**
 * The second region's cluster, where a system has a warm standby, and those systems in it. Until the region is active
 * they run at their minimum and read the replicas; a release reaches them after the first region.
 */
export function warmRegion(
  parent: Standby,
  { settings, standby, catalog, cdn, held, originals, hosts }: WarmRegionArgs,
): Region | undefined {
  const own = secondRegion(settings);
  if (own === undefined || parent.base === undefined) return undefined;
  return new Region(
    parent.child("region"),
    {
      settings: own,
      catalog,
      cdn,
      base: parent.base,
      passive: passiveSystems(standby, "secondary"),
      shares: Object.fromEntries(
        Object.keys(own.systems).map((name) => [
          name,
          {
            held: held[name] ?? {},
            after: standby.active === "primary" ? (originals[name]?.released ?? []) : [],
          },
        ]),
      ),
      failover: hosts && { region: standby.region, first: false, hosts },
    },
    parent.inside,
  );
}
