/** A part of a recovery time. */
export interface Step {
  readonly what: string;
  readonly hours: number;
}

/**
 * Steps of recoveries. AWS documents the hours of some; the others are estimates until a game day measures them, which
 * docs/runbooks/README.md records.
 */
export const steps = {
  /** A Multi-AZ failover takes 60 to 120 seconds. Source: Amazon RDS user guide, Multi-AZ deployments. */
  failover: { what: "failover", hours: 2 / 60 },
  /** A pod is scheduled again, on a node that Auto Mode starts if there is none. Estimate. */
  reschedule: { what: "reschedule pods", hours: 0.1 },
  /** The previous image is rolled out. Estimate: the slowest rollout's pods, twice. */
  rollback: { what: "roll back", hours: 0.25 },
  /** An engineer is paged, investigates and decides. Estimate. */
  decide: { what: "decide", hours: 0.5 },
  /** Clients and logins move to the restored database. Estimate. */
  swap: { what: "switch over", hours: 0.5 },
  /** `pulumi up` of a whole environment. Estimate. */
  rebuild: { what: "create the environment", hours: 1.5 },
  /** AWS Backup restores a file system. Estimate. */
  files: { what: "restore files", hours: 3 },
  /** A snapshot is downloaded and sent to the servers. Estimate. */
  streams: { what: "restore streams", hours: 1 },
  /** An earlier version of an object becomes the current one. Estimate. */
  objects: { what: "restore versions", hours: 1 },
  /** RDS promotes a read replica, which it restarts: several minutes, more for a large one. Estimate. */
  promote: { what: "promote the replica", hours: 0.25 },
  /** Nodes and pods for all clients: autoscalers add theirs, the stack file's counts change once. Estimate. */
  grow: { what: "grow to full size", hours: 0.25 },
  /** Three health checks, 30 seconds apart, and the records' TTL of 60 seconds. Source: `components/edge/failover.ts`. */
  dns: { what: "change of DNS", hours: 0.05 },
} as const satisfies Record<string, Step>;

/** RDS creates an instance from a snapshot; data is loaded when it is first read. Estimate. */
const restoreHours = 1;
/** It replays the write-ahead log, which grows with the database. Estimate. */
const restoreTebibyteHours = 1;

/** A restore of a database from its snapshot. */
export const restoreOf = (gib: number): Step => ({
  what: `restore up to ${gib} GiB`,
  hours: restoreHours + (gib / 1024) * restoreTebibyteHours,
});

/** RDS can restore to any second but the last five minutes. Source: Amazon RDS user guide, point-in-time recovery. */
export const pitrMinutes = 5;
/** Amazon's plan for EFS backs up once a day. Source: EFS user guide, automatic backups. */
export const filesMinutes = 24 * 60;
/** Days until a wrong change is found, the day of the change included. */
export const foundAfterDays = 2;
