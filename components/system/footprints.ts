import { apiOf, type SystemSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import { natsFootprint } from "../messaging/nats";
import { mailCatchers } from "./mail-catchers";
import { loadTestResources } from "../release/load-test";
import { fixedFootprint, footprint, podFootprint, type Footprint } from "./quota";

/** What everything in a system's name space takes at its largest. */
export function footprints(namespaceName: string, spec: SystemSpec, settings: SystemSettings): Footprint[] {
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
  return [...own, ...catchers, ...nats, ...jobs(namespaceName, spec, settings)];
}

/** What runs once beside the workloads and may be as large as one of them; the smaller jobs fit into what is spare. */
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
