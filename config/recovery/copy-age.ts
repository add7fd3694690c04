import type { SystemSpec } from "../../systems/spec";
import type { StandbySettings } from "./standby";
import type { SystemSettings } from "../systems";

/** Minutes of data that a second region may lack, by how it gets them. */
const behindMinutes = {
  /** An alarm says when a read replica is further behind: `replicaAlarms`. */
  "a read replica": 5,
  /** RDS uploads the write-ahead log every five minutes, and copies it at once. An estimate. */
  "replicated backups": 15,
  /** What S3 commits to with Replication Time Control. */
  "buckets with timeControl": 15,
  /** Most objects take minutes; S3 commits to no time. An estimate. */
  "buckets without timeControl": 24 * 60,
  /** What EFS is designed for; a burst of large or many files takes longer. Source: EFS user guide, replicating file systems. */
  "replicated files": 15,
} as const;

/** How old the oldest copy of a system's data in the second region may be, and which one that is. */
export function copyAge(
  spec: SystemSpec,
  { stores }: Pick<SystemSettings, "stores">,
  { systems }: Pick<StandbySettings, "systems">,
): { readonly minutes: number; readonly slowest: string | undefined } {
  const own = systems[spec.name];
  const kinds = new Set(Object.values(spec.stores).map(({ kind }) => kind));
  const ways: (keyof typeof behindMinutes)[] = [
    ...Object.keys(stores.postgres).map((store) =>
      own?.replicas[store] === undefined ? "replicated backups" : "a read replica",
    ),
    ...(kinds.has("bucket")
      ? [
          own?.timeControl === true
            ? ("buckets with timeControl" as const)
            : ("buckets without timeControl" as const),
        ]
      : []),
    ...(kinds.has("files") ? ["replicated files" as const] : []),
  ];
  const minutes = Math.max(...ways.map((way) => behindMinutes[way]));
  return { minutes, slowest: ways.find((way) => behindMinutes[way] === minutes) };
}
