import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { givenStores, type Given } from "../reading/given";

/** Zones that a NATS cluster needs to keep its majority when one of them fails. */
const natsZones = 3;

/** Servers of a NATS cluster are spread across three zones; with fewer zones they would stay pending. */
export function natsFaults(project: string, file: Given): Fault[] {
  const { zones } = file.network;
  if (zones === undefined || zones.length >= natsZones) return [];
  return givenStores(project, file).flatMap(({ path, store: { servers = 1 } }) =>
    servers === 1
      ? []
      : [
          {
            path: `${path}.servers`,
            found: String(servers),
            expected: `1, or ${natsZones} zones in ${project}:network.zones (there are ${zones.length})`,
            remedy: "change the servers, or add zones",
          },
        ],
  );
}

/** An operator in the cluster creates streams. */
export function streamFaults(project: string, file: Given): Fault[] {
  if (file.cluster.operators.nack !== undefined) return [];
  const described = givenStores(project, file).filter(({ store }) => Object.keys(store.streams).length > 0);
  if (described.length === 0) return [];
  return [
    {
      path: `${project}:cluster.operators.nack`,
      found: "nothing",
      expected: `{ chart: "0.34.0", replicas: 1 }: it creates the streams of ${described.map(({ path }) => path).join(", ")}`,
      remedy: "add it",
    },
  ];
}

/** Bucket names are global: two stores can't share one. */
export function bucketFaults(project: string, file: Given): Fault[] {
  const first = new Map<string, string>();
  return givenStores(project, file).flatMap(({ path, store: { name } }) => {
    if (name === undefined) return [];
    const taken = first.get(name);
    first.set(name, taken ?? path);
    return taken === undefined
      ? []
      : [{ path: `${path}.name`, found: show(name), expected: `a unique name: ${taken} has it` }];
  });
}

/** The cluster may only read entries with the environment's prefix. */
export function credentialFaults(project: string, file: Given): Fault[] {
  const { prefix } = file;
  if (prefix === undefined) return [];
  return givenStores(project, file).flatMap(({ path, store: { credentials } }) =>
    credentials === undefined || credentials.startsWith(`${prefix}/`)
      ? []
      : [
          {
            path: `${path}.credentials`,
            found: show(credentials),
            expected: `an entry whose name starts with ${prefix}/ (${project}:prefix): the cluster may not read others`,
          },
        ],
  );
}
