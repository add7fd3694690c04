import type { Catalog } from "../../systems/spec";
import type { Settings } from "../settings";
import { publicChecks } from "../systems/smoke";
import { warmSystems } from "./warm";

/** A public host that both regions serve. */
export interface FailoverHost {
  readonly host: string;
  /** DNS name that resolves to the region that serves. The host's own record, or the CDN's origin, points to it. */
  readonly name: string;
  /** Path that Route 53's health check of a region requests. */
  readonly path: string;
}

/** DNS name of a host in one region, whichever serves. */
export const regionalHost = (host: string, region: string): string => `${region}-${host}`;

/** DNS name that resolves to the region that serves a host. */
const activeHost = (host: string): string => `active-${host}`;

/** Hosts that both regions serve: those of the systems with a warm standby. */
export function failoverHosts({ standby, systems }: Settings, catalog: Catalog): FailoverHost[] {
  return warmSystems(standby).flatMap((name) => {
    const [spec, system] = [catalog[name], systems[name]];
    if (spec === undefined || system === undefined) return [];
    return Object.entries(system.hosts).flatMap(([key, host]) => {
      const check = publicChecks(spec, key, system).find(({ status = 200 }) => status < 400);
      return check === undefined ? [] : [{ host, name: activeHost(host), path: check.path }];
    });
  });
}
