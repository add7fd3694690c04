import type { SystemSpec } from "../../systems/spec";
import { streamMinutes, type BackupSettings } from "./backups";
import type { NetworkSettings } from "../environment";
import { copyAge } from "./copy-age";
import type { Failure } from "../systems/objectives";
import { filesMinutes, foundAfterDays, pitrMinutes, restoreOf, steps, type Step } from "./times";
import type { StandbySettings } from "./standby";
import type { SystemSettings } from "../systems";

/** The settings that recovery times derive from. */
export interface RecoveryInputs {
  readonly spec: SystemSpec;
  readonly settings: Pick<SystemSettings, "stores">;
  readonly disposable: boolean;
  readonly network: Pick<NetworkSettings, "nat">;
  readonly backups: BackupSettings;
  readonly standby?: StandbySettings | undefined;
}

/** Recovery time and lost data of a failure. */
export interface Recovery {
  readonly failure: Failure;
  /** Steps of the recovery, in sequence; undefined: data or service can't be recovered. */
  readonly steps: readonly Step[] | undefined;
  /** Data that is lost at most, in minutes; undefined: all of it. */
  readonly rpoMinutes: number | undefined;
  /** What it relies on, or why it isn't covered. */
  readonly because: string;
}

type Databases = SystemSettings["stores"]["postgres"];

const restore = (databases: Databases): Step =>
  restoreOf(Math.max(...Object.values(databases).map(({ maxStorage }) => maxStorage)));

const uncovered = (failure: Failure, because: string): Recovery => ({
  failure,
  steps: undefined,
  rpoMinutes: undefined,
  because,
});

const recovered = (
  failure: Failure,
  steps: readonly Step[],
  rpoMinutes: number,
  because: string,
): Recovery => ({ failure, steps, rpoMinutes, because });

/** An instance or its zone is gone. */
function instance(failure: "lost-zone" | "lost-database", { settings }: RecoveryInputs): Recovery {
  const databases = settings.stores.postgres;
  const alone = Object.values(databases).some(({ multiAz }) => !multiAz);
  if (!alone)
    return recovered(
      failure,
      [steps.failover],
      0,
      "multiAz: a synchronous standby in another zone takes over",
    );
  return recovered(
    failure,
    [steps.decide, restore(databases), steps.swap],
    pitrMinutes,
    "multiAz is false: the database is restored to a point in time",
  );
}

function zone(inputs: RecoveryInputs): Recovery {
  const { network, settings } = inputs;
  const lonely = Object.entries(settings.stores.nats).find(([, { servers }]) => servers === 1);
  if (lonely !== undefined)
    return uncovered("lost-zone", `${lonely[0]} has one server, whose volume is in one zone`);
  if (network.nat !== "gateway-per-zone")
    return uncovered("lost-zone", `network.nat is ${network.nat}: no other zone has egress without it`);
  const database = instance("lost-zone", inputs);
  return { ...database, steps: [steps.reschedule, ...(database.steps ?? [])] };
}

function wrongData({ settings }: RecoveryInputs): Recovery {
  const databases = settings.stores.postgres;
  const short = Object.entries(databases).find(([, { backupDays }]) => backupDays < foundAfterDays);
  if (short !== undefined)
    return uncovered(
      "wrong-data",
      `${short[0]}.backupDays of ${short[1].backupDays} doesn't reach back to before the error`,
    );
  return recovered(
    "wrong-data",
    [steps.decide, restore(databases), steps.swap],
    pitrMinutes,
    `point-in-time recovery to before the error (backupDays of ${foundAfterDays} or more)`,
  );
}

/** A snapshot is taken when its job starts, and can be restored once it is uploaded. */
function deletedStream({ backups: { streams } }: RecoveryInputs): Recovery {
  if (streams === undefined)
    return uncovered("deleted-stream", "servers replicate messages, and replicate their deletion");
  return recovered(
    "deleted-stream",
    [steps.decide, steps.streams],
    streams.everyHours * 60 + streamMinutes,
    `streams are backed up (backups.streams.everyHours is ${streams.everyHours})`,
  );
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
  return recovered(
    "wrong-objects",
    [steps.decide, steps.objects],
    0,
    `earlier versions are kept (noncurrentDays of ${foundAfterDays} or more)`,
  );
}

function deleted({ settings, disposable }: RecoveryInputs): Recovery {
  if (disposable)
    return uncovered("deleted-resources", "disposable: neither snapshots nor backups outlive the stack");
  const data = restore(settings.stores.postgres);
  return recovered(
    "deleted-resources",
    [steps.decide, data.hours > steps.rebuild.hours ? data : steps.rebuild, steps.swap],
    pitrMinutes,
    "automated backups, volumes, buckets and their keys outlive what was deleted",
  );
}

/**
 * Without a cluster in the second region there is no recovery time, and at most the data that the slowest copy lacks is
 * lost. A warm standby is read-only until its replica is promoted: DNS routes clients to it at once, and they can write
 * after the promotion. Promotion doesn't depend on the first region: docs/runbooks/fail-over.md has the steps.
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
    steps: [steps.dns, steps.decide, steps.promote, steps.grow, steps.swap],
    rpoMinutes: minutes,
    because: `${copies}, and a warm standby`,
  };
}

/**
 * Recovery time and lost data of each failure, derived from a system's settings. Failures that can't happen to the system
 * are left out: one without shared files can't lose any.
 */
export function recoveries(inputs: RecoveryInputs): Recovery[] {
  const { spec } = inputs;
  const has = (kind: string) => Object.values(spec.stores).some((store) => store.kind === kind);
  const stateless = [
    recovered(
      "bad-release",
      [steps.rollback],
      0,
      "the image before fits the schema: its migration came first",
    ),
    ...(["lost-pod", "lost-node"] as const).map((failure) =>
      recovered(failure, [steps.reschedule], 0, "pods keep no data; Kubernetes starts them elsewhere"),
    ),
  ];
  return [
    ...stateless,
    ...(has("postgres")
      ? [zone(inputs), instance("lost-database", inputs), wrongData(inputs), deleted(inputs)]
      : []),
    ...(has("bucket") ? [wrongObjects(inputs)] : []),
    ...(has("files")
      ? [
          recovered(
            "wrong-files",
            [steps.decide, steps.files],
            filesMinutes,
            "AWS Backup has a recovery point of each day",
          ),
        ]
      : []),
    ...(has("nats") ? [deletedStream(inputs)] : []),
    lostRegion(inputs),
  ];
}
