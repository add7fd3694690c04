import type { SystemSpec } from "../systems/spec";
import { streamMinutes, type BackupSettings } from "./backups";
import type { NetworkSettings } from "./environment";
import type { Failure } from "./objectives";
import { copyAge } from "./copy-age";
import type { StandbySettings } from "./standby";
import type { SystemSettings } from "./systems";

/** What the figures follow from: settings alone. */
export interface RecoveryInputs {
  readonly spec: SystemSpec;
  readonly settings: Pick<SystemSettings, "stores">;
  readonly disposable: boolean;
  readonly network: Pick<NetworkSettings, "nat">;
  readonly backups: BackupSettings;
  readonly standby?: StandbySettings | undefined;
}

/** A part of a recovery time. */
interface Step {
  readonly what: string;
  readonly hours: number;
}

/** What a failure costs. */
export interface Recovery {
  readonly failure: Failure;
  /** Steps of the recovery time, one after the other; undefined: nothing brings the data or the service back. */
  readonly steps: readonly Step[] | undefined;
  /** Minutes of data that are lost at most; undefined: all of it may be. */
  readonly rpoMinutes: number | undefined;
  /** What it relies on, or why it isn't covered. */
  readonly because: string;
}

/**
 * Hours of each step. Those of AWS are from its documentation; the others are estimates, until a game day has measured
 * them: docs/runbooks/README.md has a line for it.
 */
const hours = {
  /** A Multi-AZ failover takes 60 to 120 seconds. Source: Amazon RDS user guide, Multi-AZ deployments. */
  failover: 2 / 60,
  /** A pod is scheduled again, on a node that Auto Mode starts if there is none. Estimate. */
  reschedule: 0.1,
  /** The image before is rolled out again. Estimate: the slowest rollout's pods, twice. */
  rollback: 0.25,
  /** Somebody is paged, looks, and decides. Estimate. */
  decide: 0.5,
  /** RDS creates an instance from a snapshot; data that isn't there yet is loaded when it is read. Estimate. */
  restore: 1,
  /** It replays the write-ahead log, which grows with the database. Estimate. */
  restoreTebibyte: 1,
  /** The restored database takes the other's place, with its logins. Estimate. */
  swap: 0.5,
  /** `pulumi up` of a whole environment. Estimate. */
  rebuild: 1.5,
  /** AWS Backup restores a file system. Estimate. */
  files: 3,
  /** A snapshot is downloaded, and sent to the servers. Estimate. */
  streams: 1,
  /** A version of an object takes the newest one's place. Estimate. */
  objects: 1,
  /** RDS promotes a read replica, which it restarts: several minutes, more for a large one. Estimate. */
  promote: 0.25,
  /** Nodes and pods for all clients: the autoscalers', and one change of the number of the others. Estimate. */
  grow: 0.25,
  /** Three health checks, 30 seconds apart, and the records' 60 seconds. Source: `components/edge/failover.ts`. */
  dns: 0.05,
} as const;

/** RDS can restore to any second but the last five minutes. Source: Amazon RDS user guide, point-in-time recovery. */
const pitrMinutes = 5;
/** Amazon's plan for EFS backs up once a day. Source: EFS user guide, automatic backups. */
const filesMinutes = 24 * 60;
/** Days until a wrong change is found, with the day in which it is. */
const foundAfterDays = 2;

const decide: Step = { what: "decide", hours: hours.decide };
const swap: Step = { what: "switch over", hours: hours.swap };

type Databases = SystemSettings["stores"]["postgres"];

const largestGib = (databases: Databases) =>
  Math.max(...Object.values(databases).map(({ maxStorage }) => maxStorage));

function restore(databases: Databases): Step {
  const gib = largestGib(databases);
  return {
    what: `restore up to ${gib} GiB`,
    hours: hours.restore + (gib / 1024) * hours.restoreTebibyte,
  };
}

const uncovered = (failure: Failure, because: string): Recovery => ({
  failure,
  steps: undefined,
  rpoMinutes: undefined,
  because,
});

/** An instance or its zone is gone. */
function instance(failure: "lost-zone" | "lost-database", { settings }: RecoveryInputs): Recovery {
  const databases = settings.stores.postgres;
  const alone = Object.values(databases).some(({ multiAz }) => !multiAz);
  if (!alone)
    return {
      failure,
      steps: [{ what: "failover", hours: hours.failover }],
      rpoMinutes: 0,
      because: "multiAz: a synchronous standby in another zone takes over",
    };
  return {
    failure,
    steps: [decide, restore(databases), swap],
    rpoMinutes: pitrMinutes,
    because: "multiAz is false: the database is restored to a point in time",
  };
}

function zone(inputs: RecoveryInputs): Recovery {
  const { network, settings } = inputs;
  const lonely = Object.entries(settings.stores.nats).find(([, { servers }]) => servers === 1);
  if (lonely !== undefined)
    return uncovered("lost-zone", `${lonely[0]} has one server, whose volume is in one zone`);
  if (network.nat !== "gateway-per-zone")
    return uncovered("lost-zone", `network.nat is ${network.nat}: no other zone has egress without it`);
  const database = instance("lost-zone", inputs);
  const steps = [{ what: "reschedule pods", hours: hours.reschedule }, ...(database.steps ?? [])];
  return { ...database, steps };
}

function wrongData({ settings }: RecoveryInputs): Recovery {
  const databases = settings.stores.postgres;
  const short = Object.entries(databases).find(([, { backupDays }]) => backupDays < foundAfterDays);
  if (short !== undefined)
    return uncovered(
      "wrong-data",
      `${short[0]}.backupDays of ${short[1].backupDays} doesn't reach back to before the error`,
    );
  return {
    failure: "wrong-data",
    steps: [decide, restore(databases), swap],
    rpoMinutes: pitrMinutes,
    because: `point-in-time recovery to before the error (backupDays of ${foundAfterDays} or more)`,
  };
}

/** A snapshot is of the moment when its job begins, and counts once it is uploaded. */
function deletedStream({ backups: { streams } }: RecoveryInputs): Recovery {
  if (streams === undefined)
    return uncovered("deleted-stream", "servers replicate messages, and replicate their deletion");
  return {
    failure: "deleted-stream",
    steps: [decide, { what: "restore streams", hours: hours.streams }],
    rpoMinutes: streams.everyHours * 60 + streamMinutes,
    because: `streams are backed up (backups.streams.everyHours is ${streams.everyHours})`,
  };
}

function wrongObjects({ settings }: RecoveryInputs): Recovery {
  const short = Object.entries(settings.stores.bucket).find(
    ([, { noncurrentDays }]) => noncurrentDays < foundAfterDays,
  );
  if (short !== undefined)
    return uncovered(
      "wrong-objects",
      `${short[0]}.noncurrentDays of ${short[1].noncurrentDays} doesn't keep the version before`,
    );
  return {
    failure: "wrong-objects",
    steps: [decide, { what: "restore versions", hours: hours.objects }],
    rpoMinutes: 0,
    because: `earlier versions are kept (noncurrentDays of ${foundAfterDays} or more)`,
  };
}

function deleted({ settings, disposable }: RecoveryInputs): Recovery {
  if (disposable)
    return uncovered("deleted-resources", "disposable: neither snapshots nor backups outlive the stack");
  const data = restore(settings.stores.postgres);
  const rebuild: Step = { what: "create the environment", hours: hours.rebuild };
  return {
    failure: "deleted-resources",
    steps: [decide, data.hours > rebuild.hours ? data : rebuild, swap],
    rpoMinutes: pitrMinutes,
    because: "automated backups, volumes, buckets and their keys outlive what was deleted",
  };
}

/**
 * Without a cluster in the second region there is no recovery time, and what may be lost is what the slowest copy lacks.
 * A warm standby reads until its replica is promoted: clients are led to it at once, and write again when that is done.
 * Promotion needs nothing of the first region, so its steps are those of docs/runbooks/fail-over.md by hand.
 */
function lostRegion({ spec, settings, standby }: RecoveryInputs): Recovery {
  const failure = "lost-region";
  if (standby === undefined) return uncovered(failure, "there is no second region");
  if (Object.values(spec.stores).some(({ kind }) => kind === "nats"))
    return uncovered(failure, "messages of streams aren't replicated to the second region");
  const { minutes, slowest } = copyAge(spec, settings, standby);
  const copies = `${standby.region} has the data, ${slowest} last`;
  if (standby.systems[spec.name]?.workloads === undefined)
    return { failure, steps: undefined, rpoMinutes: minutes, because: `${copies}, and no cluster` };
  return {
    failure,
    steps: [
      { what: "change of DNS", hours: hours.dns },
      decide,
      { what: "promote the replica", hours: hours.promote },
      { what: "grow to full size", hours: hours.grow },
      swap,
    ],
    rpoMinutes: minutes,
    because: `${copies}, and a warm standby`,
  };
}

/**
 * What each failure of a system costs, from its settings. A failure that can't strike it is left out: a system without
 * shared files loses none.
 */
export function recoveries(inputs: RecoveryInputs): Recovery[] {
  const { spec } = inputs;
  const has = (kind: string) => Object.values(spec.stores).some((store) => store.kind === kind);
  const stateless: Recovery[] = [
    {
      failure: "bad-release",
      steps: [{ what: "roll back", hours: hours.rollback }],
      rpoMinutes: 0,
      because: "the image before fits the schema: its migration came first",
    },
    ...(["lost-pod", "lost-node"] as const).map((failure): Recovery => ({
      failure,
      steps: [{ what: "reschedule pods", hours: hours.reschedule }],
      rpoMinutes: 0,
      because: "pods keep no data; Kubernetes starts them elsewhere",
    })),
  ];
  return [
    ...stateless,
    ...(has("postgres")
      ? [zone(inputs), instance("lost-database", inputs), wrongData(inputs), deleted(inputs)]
      : []),
    ...(has("bucket") ? [wrongObjects(inputs)] : []),
    ...(has("files")
      ? [
          {
            failure: "wrong-files" as const,
            steps: [decide, { what: "restore files", hours: hours.files }],
            rpoMinutes: filesMinutes,
            because: "AWS Backup has a recovery point of each day",
          },
        ]
      : []),
    ...(has("nats") ? [deletedStream(inputs)] : []),
    lostRegion(inputs),
  ];
}

/** Hours of a recovery; undefined: there is none. */
export const rtoHours = ({ steps }: Recovery): number | undefined =>
  steps?.reduce((sum, step) => sum + step.hours, 0);

/** Two digits at most. */
const figure = (value: number) => String(Number(value.toFixed(2)));

/** The recovery time as a sum, such as `3 h = 0.5 decide + 2 restore + 0.5 switch over`. */
export function arithmetic(recovery: Recovery): string {
  const { steps } = recovery;
  if (steps === undefined) return "no recovery";
  const parts = steps.map((step) => `${figure(step.hours)} ${step.what}`);
  return `${figure(rtoHours(recovery) ?? 0)} h = ${parts.join(" + ")}`;
}
