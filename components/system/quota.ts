import {
  mostPods,
  type BackupSettings,
  type WorkloadSettings,
  apiOf,
  type SystemSettings,
} from "../../config";
import type { SystemSpec } from "../../systems/spec";
import { diskKey } from "../base/disk";
import { loadTestResources } from "../jobs/load-test";
import { natsFootprint } from "../messaging/nats";
import { exporterSettings } from "../data/postgres-exporter";
import { databaseExporters } from "./database-exporters";
import { dumpFootprints } from "./dumps";
import { disk, podFootprint, type Footprint } from "./footprint";
import { mailCatchers } from "./mail-catchers";
import { streamFootprints } from "./stream-backups";

/**
 * Footprint of a workload at its maximum size, twice: a pod counts until it is deleted, and its successor starts while
 * it drains. So during a rolling update all old and all new pods may exist at once.
 */
export function footprint(settings: WorkloadSettings, scratchVolumes = 0): Footprint {
  const pods = Math.max(mostPods(settings), 2 * (settings.replicas ?? settings.autoscaling?.max ?? 0));
  return podFootprint({ resources: settings.resources, scratchVolumes }, pods);
}

/** Footprint of pods whose limits equal their requests, in cores and bytes. */
const fixedFootprint = ({
  pods,
  containers,
  cpu,
  memory,
}: {
  pods: number;
  containers: number;
  cpu: number;
  memory: number;
}): Footprint => ({
  pods,
  cpu: { requests: cpu, limits: cpu },
  memory: { requests: memory, limits: memory },
  disk: disk(containers),
});

/** Spare quota for jobs and a debug pod. */
const spare: Footprint = {
  pods: 4,
  cpu: { requests: 0.5, limits: 2 },
  memory: { requests: 512 * 2 ** 20, limits: 2 * 2 ** 30 },
  disk: disk(4, 1),
};

const cores = (value: number) => `${Math.ceil(value * 1000)}m`;
const mebibytes = (value: number) => `${Math.ceil(value / 2 ** 20)}Mi`;

/**
 * Quota of a namespace: all its workloads at their maximum size, and a spare part. It is derived from the workloads'
 * settings, so it never has to be raised manually and is never larger than needed.
 */
export function quota(footprints: readonly Footprint[]): Record<string, string> {
  const total = (of: (each: Footprint) => number) =>
    [...footprints, spare].reduce((sum, each) => sum + of(each), 0);
  return {
    pods: String(total(({ pods }) => pods)),
    "requests.cpu": cores(total(({ cpu }) => cpu.requests)),
    "requests.memory": mebibytes(total(({ memory }) => memory.requests)),
    "limits.cpu": cores(total(({ cpu }) => cpu.limits)),
    "limits.memory": mebibytes(total(({ memory }) => memory.limits)),
    [`requests.${diskKey}`]: mebibytes(total((each) => each.disk.requests)),
    [`limits.${diskKey}`]: mebibytes(total((each) => each.disk.limits)),
  };
}

/**
 * Footprints of everything in a system's namespace at its maximum size.
 *
 * @param monitored Whether Prometheus reads the databases' statistics. Default: no.
 */
export function footprints(
  namespaceName: string,
  spec: SystemSpec,
  settings: SystemSettings,
  backups: BackupSettings,
  monitored = false,
): Footprint[] {
  const own = Object.entries(spec.workloads)
    .filter(([, workload]) => workload.namespace === namespaceName)
    .flatMap(([key, { image }]) => {
      const amounts = settings.workloads[key];
      return amounts === undefined ? [] : [footprint(amounts, Object.keys(image.scratch).length)];
    });
  const catchers = mailCatchers(spec, settings)
    .filter((catcher) => catcher.spec.namespace === namespaceName)
    .map(({ spec: { image }, settings: amounts }) => footprint(amounts, Object.keys(image.scratch).length));
  const nats = Object.entries(spec.stores).flatMap(([key, store]) => {
    const amounts = settings.stores.nats[key];
    return store.kind === "nats" && store.namespace === namespaceName && amounts !== undefined
      ? [fixedFootprint(natsFootprint(amounts))]
      : [];
  });
  const exporters = databaseExporters(spec).filter(
    ({ exporter }) => monitored && exporter.namespace === namespaceName,
  );
  return [
    ...own,
    ...catchers,
    ...exporters.map(() => footprint(exporterSettings)),
    ...nats,
    ...jobs(namespaceName, spec, settings),
    ...dumpFootprints(namespaceName, spec, backups),
    ...streamFootprints(namespaceName, spec, backups),
  ];
}

/** Jobs that may be as large as a workload; smaller jobs fit into the spare part. */
function jobs(namespaceName: string, spec: SystemSpec, settings: SystemSettings): Footprint[] {
  const migrating = spec.migration?.workload ?? "";
  const resources = settings.workloads[migrating]?.resources;
  const scratchVolumes = Object.keys(spec.workloads[migrating]?.image.scratch ?? {}).length;
  const here = spec.workloads[migrating]?.namespace === namespaceName;
  const loaded = settings.loadTest !== undefined && apiOf(spec)?.namespace === namespaceName;
  return [
    ...(resources !== undefined && here ? [podFootprint({ resources, scratchVolumes })] : []),
    ...(loaded ? [podFootprint({ resources: loadTestResources })] : []),
  ];
}
