import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, type Values } from "../raw";
import { leaves } from "./leaves";

/** Zones that a NATS cluster needs to keep its majority when one of them fails. */
const natsZones = 3;

/** Servers of a NATS cluster are spread across three zones; with fewer zones they would stay pending. */
export function natsFaults(project: string, raw: Values): Fault[] {
  const { zones } = fields(raw.network);
  if (!Array.isArray(zones) || zones.length >= natsZones) return [];
  return leaves(project, raw, "stores", (store) => {
    const { servers } = fields(store);
    return typeof servers === "number" && servers > 1 ? String(servers) : undefined;
  }).map(({ path, value }) => ({
    path: `${path}.servers`,
    found: value,
    expected: `1, or ${natsZones} zones in ${project}:network.zones (there are ${zones.length})`,
    remedy: "change the servers, or add zones",
  }));
}

/** An operator in the cluster creates streams. */
export function streamFaults(project: string, raw: Values): Fault[] {
  const { operators } = fields(raw.cluster);
  if (fields(operators).nack !== undefined) return [];
  const described = leaves(project, raw, "stores", (store) =>
    Object.keys(fields(fields(store).streams)).length > 0 ? "streams" : undefined,
  );
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
export function bucketFaults(project: string, raw: Values): Fault[] {
  const first = new Map<string, string>();
  return leaves(project, raw, "stores", (store) => fields(store).name).flatMap(({ path, value }) => {
    const taken = first.get(value);
    first.set(value, taken ?? path);
    return taken === undefined
      ? []
      : [{ path: `${path}.name`, found: show(value), expected: `a unique name: ${taken} has it` }];
  });
}

/** The cluster may only read entries with the environment's prefix. */
export function credentialFaults(project: string, raw: Values): Fault[] {
  const { prefix } = raw;
  if (typeof prefix !== "string") return [];
  return leaves(project, raw, "stores", (store) => fields(store).credentials)
    .filter(({ value }) => !value.startsWith(`${prefix}/`))
    .map(({ path, value }) => ({
      path: `${path}.credentials`,
      found: show(value),
      expected: `an entry whose name starts with ${prefix}/ (${project}:prefix): the cluster may not read others`,
    }));
}
