import type { SystemSettings, WorkloadSettings } from "../systems";
import type { Settings } from "../settings";
import { shortestPause, type ReleaseSettings } from "../systems/rollout";
import { copyParameters } from "./standby";

type Systems = Settings["systems"];
type Standby = NonNullable<Settings["standby"]>;

/** Names of the systems that have a warm standby: workloads in the second region. */
export const warmSystems = (standby: Settings["standby"]): string[] =>
  Object.entries(standby?.systems ?? {}).flatMap(([name, own]) =>
    own?.workloads === undefined ? [] : [name],
  );

/** Prefix of names in the second region: those of IAM, S3 and CloudWatch's dashboards are global. */
export const standbyPrefix = ({ prefix }: Pick<Settings, "prefix">): string => `${prefix}-standby`;

/** An ECR registry is the account's own in each region. Source: Amazon ECR user guide, private registries. */
const inRegion = (registry: string, from: string, to: string): string =>
  registry.replace(`.dkr.ecr.${from}.`, `.dkr.ecr.${to}.`);

/**
 * A release without clients: their requests can't show that a version is bad, and no series at all would pause it. The
 * first region has analysed it already.
 */
function unwatched(release: ReleaseSettings, pods: number): ReleaseSettings {
  switch (release.strategy) {
    case "rolling":
      return release;
    case "canary":
      return { ...release, analysis: false, pauseSeconds: shortestPause };
    case "blue-green":
      return {
        ...release,
        analysis: false,
        ...(release.previewReplicas === undefined
          ? {}
          : { previewReplicas: Math.min(release.previewReplicas, pods) }),
      };
  }
}

/**
 * A workload with this number of pods, or with this minimum if it is autoscaled. A job is suspended until the region
 * may write.
 */
function withPods(workload: WorkloadSettings, pods: number): WorkloadSettings {
  if (workload.schedule !== undefined) return { ...workload, replicas: 0 };
  if (pods === 0) return { ...workload, autoscaling: undefined, replicas: 0, minAvailable: 0 };
  const { autoscaling, replicas, release } = workload;
  const least = Math.min(pods, autoscaling?.max ?? replicas ?? pods);
  return {
    ...workload,
    ...(autoscaling === undefined ? { replicas: least } : { autoscaling: { ...autoscaling, min: least } }),
    minAvailable: Math.min(workload.minAvailable, least - 1),
    ...(release === undefined ? {} : { release: unwatched(release, least) }),
  };
}

const eachWorkload = (
  system: SystemSettings,
  change: (workload: WorkloadSettings, key: string) => WorkloadSettings,
): SystemSettings["workloads"] =>
  Object.fromEntries(Object.entries(system.workloads).map(([key, one]) => [key, change(one, key)]));

/** Pods of a workload that `standby.systems.<system>.workloads` doesn't name: those that must stay available. */
const defaultPods = ({ minAvailable }: WorkloadSettings): number => Math.max(1, minAvailable);

/** A system's settings in the second region. */
function inSecond(system: SystemSettings, own: Standby["systems"][string], serves: boolean): SystemSettings {
  const postgres = Object.entries(system.stores.postgres).map(([store, amounts]) => [
    store,
    {
      ...amounts,
      parameters: copyParameters(amounts.parameters, own?.replicas[store]),
      class: serves ? amounts.class : (own?.replicas[store]?.class ?? amounts.class),
      // RDS Proxy doesn't support read replicas, and replicas of a replica would multiply the lag.
      pooling: { kind: "none" as const },
      readReplicas: {},
    },
  ]);
  const cache = Object.entries(system.stores.cache).map(([store, amounts]) => [
    store,
    { ...amounts, replicas: serves ? amounts.replicas : Math.min(1, amounts.replicas) },
  ]);
  return {
    ...system,
    stores: {
      ...system.stores,
      postgres: Object.fromEntries(postgres),
      cache: Object.fromEntries(cache),
    } as SystemSettings["stores"],
    workloads: eachWorkload(system, (workload, key) => ({
      ...(serves ? workload : withPods(workload, own?.workloads?.[key] ?? defaultPods(workload))),
      // Images are built once, and replicated.
      build: undefined,
    })),
    // Point-in-time recovery reaches back to before a migration.
    gates: { ...system.gates, backup: false },
    loadTest: undefined,
  };
}

/**
 * Settings of the second region's cluster and of its systems, derived from those of the first; undefined if no system
 * has a warm standby. Tools for people stay in the first region: pages with single sign-on, the search of logs, traces,
 * and long-term metrics.
 *
 * @param active Which region serves. Default: as in the stack file.
 */
export function secondRegion(
  settings: Settings,
  active: Standby["active"] | undefined = settings.standby?.active,
): Settings | undefined {
  const { standby, account, network, cluster, backups } = settings;
  const names = warmSystems(standby);
  if (standby === undefined || names.length === 0) return undefined;
  const serves = active === "secondary";
  const { prometheus } = cluster.operators;
  const systems: Systems = Object.fromEntries(
    names.flatMap((name) => {
      const system = settings.systems[name];
      return system === undefined ? [] : [[name, inSecond(system, standby.systems[name], serves)]];
    }),
  );
  return {
    ...settings,
    account: { ...account, region: standby.region as typeof account.region, quotas: standby.quotas },
    prefix: standbyPrefix(settings),
    protect: standby.protect ?? settings.protect,
    registry: standby.registry ?? inRegion(settings.registry, account.region, standby.region),
    imageMirrors: standby.imageMirrors,
    network: {
      ...network,
      cidr: standby.network.cidr,
      zones: standby.network.zones as typeof network.zones,
      serviceCidr: standby.network.serviceCidr ?? network.serviceCidr,
      nat: standby.network.nat ?? network.nat,
      reservedCidrs: [],
    },
    cluster: {
      ...cluster,
      nodePool: { ...cluster.nodePool, ...standby.nodePool },
      operators: {
        ...cluster.operators,
        grafana: undefined,
        nack: undefined,
        prometheus: prometheus && { ...prometheus, historyDays: undefined },
      },
    },
    // AWS Backup's vault there only holds copies of the first region's recovery points.
    backups: serves ? { dumps: backups.dumps } : {},
    costs: { ...settings.costs, budget: undefined, schedule: undefined },
    // Secrets Manager rotates an entry in its own region, not its copies.
    credentials: { rotationDays: 0, versionDays: 0 },
    gameDays: undefined,
    signOn: undefined,
    logs: undefined,
    traces: undefined,
    standby: undefined,
    systems,
  };
}

/**
 * Settings of the first region: as in the stack file, but while the second one is active its systems are stopped here.
 * Otherwise the workloads of both regions would write, each to its own database.
 */
export function firstRegion(settings: Settings): Settings {
  const { standby, systems } = settings;
  if (standby?.active !== "secondary") return settings;
  const stopped = warmSystems(standby).flatMap((name) => {
    const system = systems[name];
    return system === undefined
      ? []
      : [
          [
            name,
            { ...system, workloads: eachWorkload(system, (workload) => withPods(workload, 0)) },
          ] as const,
        ];
  });
  return { ...settings, systems: { ...systems, ...Object.fromEntries(stopped) } };
}

/** Systems whose database another region writes: they only read here, and neither migrate nor back up. */
export const passiveSystems = (standby: Settings["standby"], region: "primary" | "secondary"): string[] =>
  standby === undefined || standby.active === region ? [] : warmSystems(standby);
