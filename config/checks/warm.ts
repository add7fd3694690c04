import type { Catalog } from "../../systems/spec";
import { overlap } from "../cidr";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Settings } from "../settings";
import { publicChecks } from "../systems/smoke";
import { secondRegion, warmSystems } from "../recovery/warm";
import { capacityFaults } from "./capacity";
import { connectionFaults } from "./connections";
import { addressFaults, quotaAdvice, quotaFaults } from "./quotas";

/** Keys that the settings of the second region follow from. */
const needed = [
  "account",
  "backups",
  "cluster",
  "costs",
  "edge",
  "network",
  "prefix",
  "registry",
  "standby",
  "systems",
] as const satisfies readonly (keyof Settings)[];

const isWhole = (given: Record<string, unknown>): given is Settings =>
  needed.every((key) => given[key] !== undefined);

/** Faults of the second region's cluster. None while a setting that it follows from is itself refused. */
export function warmFaults(project: string, catalog: Catalog, given: Record<string, unknown>): Fault[] {
  if (!isWhole(given) || warmSystems(given.standby).length === 0) return [];
  return [
    ...rangeFaults(project, given),
    ...clientFaults(project, given),
    ...systemFaults(project, catalog, given),
    ...sizeFaults(project, catalog, given),
  ];
}

/** Services must not have the addresses of pods or of networks that pods call. */
function rangeFaults(project: string, { network, standby }: Settings): Fault[] {
  const { cidr, serviceCidr } = standby?.network ?? {};
  const services = serviceCidr ?? network.serviceCidr;
  if (cidr === undefined) return [];
  const others = { "standby.network.cidr": cidr, "network.cidr": network.cidr };
  return Object.entries(others).flatMap(([key, range]) =>
    serviceCidr !== undefined && overlap(services, range)
      ? [
          {
            path: `${project}:standby.network.serviceCidr`,
            found: show(services),
            expected: `a range that doesn't overlap ${project}:${key} (${range})`,
          },
        ]
      : [],
  );
}

/** Route 53's health checkers come from addresses of their own. */
const clientFaults = (project: string, { edge }: Settings): Fault[] =>
  edge.inboundCidrs.length === 0
    ? []
    : [
        {
          path: `${project}:edge.inboundCidrs`,
          found: show(edge.inboundCidrs),
          expected: `none where ${project}:standby.systems has workloads: Route 53's health checks must reach both load balancers, or both regions count as unhealthy`,
          remedy: "remove the networks, or the workloads",
        },
      ];

function systemFaults(project: string, catalog: Catalog, { standby, systems }: Settings): Fault[] {
  return warmSystems(standby).flatMap((name) => {
    const [spec, system, own] = [catalog[name], systems[name], standby?.systems[name]];
    if (spec === undefined || system === undefined) return [];
    const path = `${project}:standby.systems.${name}`;
    const stores = Object.entries(spec.stores);
    const unread = stores.flatMap(([store, { kind }]): Fault[] =>
      kind === "postgres" && own?.replicas[store] === undefined
        ? [
            {
              path: `${path}.replicas.${store}`,
              found: "nothing",
              expected: `a read replica, such as { class: ${system.stores.postgres[store]?.class ?? "db.m7g.large"} }: workloads there have nothing else to read`,
              remedy: "add it, or remove the workloads",
            },
          ]
        : [],
    );
    const streams = stores.flatMap(([store, { kind }]): Fault[] =>
      kind === "nats"
        ? [
            {
              path: `${path}.workloads`,
              found: show(own?.workloads),
              expected: `nothing: messages of ${store} aren't replicated to the second region`,
              remedy: "remove it",
            },
          ]
        : [],
    );
    const unseen = Object.keys(system.hosts).flatMap((host): Fault[] => {
      const checks = publicChecks(spec, host, system);
      if (checks.length === 0)
        return [
          {
            path: `${project}:systems.${name}.hosts.${host}`,
            found: show(system.hosts[host]),
            expected: "a host whose pods run: Route 53's health check of the region requests it",
            remedy: `raise \`replicas\` from 0, or remove ${path}.workloads`,
          },
        ];
      return checks.some(({ status = 200 }) => status < 400)
        ? []
        : [
            {
              path: `${project}:systems.${name}.smoke.${host}`,
              found: show(system.smoke[host]),
              expected: "a path that returns 2xx or 3xx: Route 53's health check of the region requests it",
              remedy: `add one, or remove ${path}.workloads`,
            },
          ];
    });
    return [...unread, ...streams, ...unseen];
  });
}

/** Keys of the derived settings, and those of the stack file that they come from. */
const origins = [
  ["cluster.nodePool.limits", "standby.nodePool.limits"],
  ["network", "standby.network"],
  ["account.quotas", "standby.quotas"],
] as const;

/** A fault of derived settings, at the key of the stack file that it comes from. Nothing for other keys than those of `from`. */
function atOrigin(
  project: string,
  from: readonly (readonly [derived: string, given: string])[],
  fault: Fault,
): Fault[] {
  const origin = from.find(([derived]) => fault.path.startsWith(`${project}:${derived}`));
  if (origin === undefined) return [];
  const [derived, given] = origin;
  return [{ ...fault, path: fault.path.replace(`${project}:${derived}`, `${project}:${given}`) }];
}

/** Needs of the second region beyond a new account's quotas, if the stack file doesn't set its quotas. */
export function warmQuotaAdvice(project: string, catalog: Catalog, settings: Settings): Fault[] {
  const second = secondRegion(settings, "secondary");
  if (second === undefined) return [];
  return quotaAdvice(project, catalog, second)
    .flatMap((fault) => atOrigin(project, [...origins, ["systems", "standby.systems"]], fault))
    .map(({ remedy = "", ...fault }) => ({
      ...fault,
      remedy: remedy.replace(`${project}:account.quotas`, `${project}:standby.quotas`),
    }));
}

/** The second region must hold its systems at their full size, as after a failover. */
function sizeFaults(project: string, catalog: Catalog, settings: Settings): Fault[] {
  const second = secondRegion(settings, "secondary");
  if (second === undefined) return [];
  const faults = [
    ...capacityFaults(project, catalog, second),
    ...quotaFaults(project, catalog, second),
    ...addressFaults(project, catalog, second),
    // Without faults of single workloads, which the first region reports too.
  ].flatMap((fault) => atOrigin(project, origins, fault));
  return [...faults, ...poolFaults(project, catalog, settings)];
}

/** There is no proxy in the second region: all pods connect to the one instance. */
function poolFaults(project: string, catalog: Catalog, settings: Settings): Fault[] {
  const second = secondRegion(settings, "primary");
  return Object.entries(second?.systems ?? {}).flatMap(([name, system]) => {
    const spec = catalog[name];
    if (spec === undefined || system === undefined) return [];
    // As many as can run before a promotion, too: the autoscaler's maximum is the same.
    return connectionFaults(spec, system).map(({ path: [, store = ""], message }): Fault => ({
      path: `${project}:standby.systems.${name}.replicas.${store}.maxConnections`,
      found: show(settings.standby?.systems[name]?.replicas[store]?.maxConnections),
      expected: `${message}. There is no proxy in the second region`,
      remedy: "allow more connections, or use fewer pods or smaller pools",
    }));
  });
}
