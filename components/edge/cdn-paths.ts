import { cdnHostKeys, originHost } from "../../config";
import type { SystemSpec, WorkloadSpec } from "../../systems/spec";

/**
 * How the CDN caches a path. `assets`: for as long as their `Cache-Control` says. `pages`: it revalidates them with the
 * load balancer. `passed`: not at all, and it adds no headers.
 */
export type Caching = "assets" | "pages" | "passed";

/** A public host behind the CDN. */
export interface CdnHost {
  readonly host: string;
  /** DNS name under which the CDN finds the load balancer. */
  readonly originHost: string;
  /** Caching by path pattern, in the order in which CloudFront matches them: the longest first. */
  readonly patterns: readonly (readonly [pattern: string, caching: Caching])[];
  /** Caching of all other paths. */
  readonly otherwise: Caching;
}

/** A system's hosts whose descriptions ask for a CDN. */
export function cdnHosts(
  spec: Pick<SystemSpec, "workloads">,
  hosts: Readonly<Record<string, string>>,
): CdnHost[] {
  return cdnHostKeys(spec).flatMap((key) => {
    const host = hosts[key];
    if (host === undefined) return [];
    const exposures = Object.values<WorkloadSpec>(spec.workloads).flatMap(({ exposure = [] }) =>
      exposure.filter((one) => one.host === key),
    );
    const paths = exposures.flatMap(({ paths, cdn }) =>
      paths.map((path): [string, Caching] => [path, cdn === undefined ? "passed" : "pages"]),
    );
    const assets = exposures.flatMap(({ cdn }) => cdn?.assets ?? []);
    const patterns = [
      ...paths.filter(([path]) => path !== "/").flatMap(([path, caching]) => below(path, caching)),
      ...assets.map((path): [string, Caching] => [`${path}/*`, "assets"]),
    ];
    return [
      {
        host,
        originHost: originHost(host),
        patterns: patterns.sort(([one], [other]) => other.length - one.length || one.localeCompare(other)),
        otherwise: paths.find(([path]) => path === "/")?.[1] ?? "passed",
      },
    ];
  });
}

/** Patterns for a path of type `Prefix` of an Ingress: the path itself, and everything below it. */
const below = (path: string, caching: Caching): [string, Caching][] => [
  [path, caching],
  [`${path}/*`, caching],
];
