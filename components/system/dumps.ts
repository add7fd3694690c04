import type { BackupSettings } from "../../config";
import type { PostgresStore, SystemSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { externalSecret, propertiesOf } from "../base/external-secret";
import { physicalName } from "../base/naming";
import { required } from "../base/required";
import { scratchClass } from "../../standards/objects";
import { dump, dumpResources, restoreResources, restoreTest } from "../jobs/dump";
import { missingAlarm } from "../jobs/backup-alarm";
import { backupMetrics, backupStatements, dumpPrefix, restoreStatements } from "../jobs/backup-rights";
import { metricAlarm } from "../observability/alarm";
import { associated, type BackupAccess, type BackupAccessArgs } from "./backup-access";
import type { SystemInCluster } from "./system-base";
import { podFootprint, type Footprint } from "./footprint";
import { backupsBucket, readers } from "./wiring";
import { systemLabels } from "../workload/labels";

/** A database that is dumped. */
interface Dumped {
  readonly store: string;
  readonly spec: PostgresStore;
  /** Store that its dumps go to. */
  readonly bucket: string;
  /** Where the jobs run: a namespace that has the authorities which the database is verified by. */
  readonly namespace: string;
  readonly dump: string;
  readonly restore: string;
}

/** A system's databases that are dumped: those that a workload uses, where there is a bucket for backups. */
function dumped(spec: SystemSpec): Dumped[] {
  const bucket = backupsBucket(spec);
  return Object.entries(spec.stores).flatMap(([store, described]) => {
    const [reader] = readers(spec, store);
    if (described.kind !== "postgres" || bucket === undefined || reader === undefined) return [];
    const object = (job: string) => physicalName("kubernetes", spec.name, store, job);
    return [
      {
        store,
        spec: described,
        bucket,
        namespace: reader.namespace,
        dump: object("dump"),
        restore: object("restore-test"),
      },
    ];
  });
}

/** Maximum resources of the jobs of a namespace: the dump and the restore may overlap. */
export const dumpFootprints = (
  namespaceName: string,
  spec: SystemSpec,
  { dumps }: BackupSettings,
): Footprint[] =>
  dumped(spec)
    .filter(({ namespace }) => dumps !== undefined && namespace === namespaceName)
    .flatMap(() => [
      podFootprint({ resources: dumpResources.dump, scratchVolumes: 1 }),
      { ...podFootprint({ resources: dumpResources.upload, scratchVolumes: 1 }), pods: 0 },
      podFootprint({ resources: restoreResources }),
    ]);

const dimensionsOf = (prefix: string, system: string, { store }: Dumped) => ({
  Environment: prefix,
  System: system,
  Store: store,
});

/** Roles of the jobs that dump and restore, and the alarms on what they report. */
export function dumpAccess(parent: Component, args: BackupAccessArgs): BackupAccess {
  if (args.backups.dumps === undefined) return {};
  return Object.fromEntries(
    dumped(args.spec).flatMap((each) => {
      dumpAlarms(parent, each, args);
      const place = { bucket: each.bucket, prefix: dumpPrefix(each.store), namespace: each.namespace };
      return [
        [each.dump, associated(parent, args, place, each.dump, backupStatements)],
        [each.restore, associated(parent, args, place, each.restore, restoreStatements)],
      ];
    }),
  );
}

const hour = 60 * 60;
const day = 24 * hour;

/** They are in state ALARM until the first dump and the first restore have succeeded. */
function dumpAlarms(
  parent: Component,
  each: Dumped,
  { context, spec, alarmTopicArn }: BackupAccessArgs,
): void {
  const common = { dimensions: dimensionsOf(context.prefix, spec.name, each), alarmTopicArn };
  const { prefix } = context;
  const of = `${spec.name}'s ${each.store}`;
  missingAlarm(parent, `${each.dump}-missing`, {
    ...common,
    name: `${prefix}-${each.dump}-missing`,
    description: `No dump of ${of} has succeeded for 26 hours. Read the log of its last Job. See docs/runbooks/README.md.`,
    metricName: "DumpPercentOfLast",
    statistic: "Maximum",
    periods: 26,
  });
  metricAlarm(parent, `${each.dump}-small`, {
    ...common,
    namespace: backupMetrics,
    comparison: "LessThanThreshold",
    name: `${prefix}-${each.dump}-small`,
    description: `The dump of ${of} is less than half the size of the previous one: rows may have been deleted. Compare the manifests of both. See docs/runbooks/README.md.`,
    metricName: "DumpPercentOfLast",
    statistic: "Minimum",
    threshold: 50,
    period: hour,
  });
  missingAlarm(parent, `${each.restore}-missing`, {
    ...common,
    name: `${prefix}-${each.restore}-missing`,
    description: `No dump of ${of} has passed its restore test for six days: it may not be restorable. Read the log of the last Job. See docs/runbooks/README.md.`,
    metricName: "DumpRestored",
    period: day,
    periods: 6,
  });
}

/** The jobs that dump a system's databases and restore the dumps. */
export function dumpJobs(
  parent: Component,
  args: SystemInCluster & { readonly backupAccess: BackupAccess },
): void {
  const { context, spec, settings, backups, stores, namespaces, secretStore, addresses } = args;
  if (backups.dumps === undefined) return;
  for (const each of dumped(spec)) {
    const home = namespaces[each.namespace];
    const { dumpSource: source, secret, ready = [] } = stores[each.store] ?? {};
    const amounts = settings.stores.postgres[each.store];
    const bucket = stores[each.bucket]?.plain.name;
    if (!home?.trust || !source || !secret || !amounts || !secretStore || bucket === undefined)
      throw new Error(`${spec.name}: ${each.store} has no source, login, authorities or bucket`);
    const common = {
      system: spec.name,
      namespace: home.namespace,
      addresses,
      mirrors: args.mirrors,
      hour: backups.dumps.hour,
      target: {
        region: context.region,
        bucket,
        prefix: dumpPrefix(each.store),
        dimensions: dimensionsOf(context.prefix, spec.name, each),
      },
      database: each.spec.database,
    };
    const association = (object: string) => [required(args.backupAccess[object], `role of ${object}`)];
    const login = externalSecret(parent, `${each.dump}-login`, {
      secret: each.dump,
      namespace: each.namespace,
      store: secretStore,
      labels: systemLabels(spec.name),
      data: propertiesOf(secret.entry, { PGUSER: "readUser", PGPASSWORD: "readPassword" }),
      waitsFor: [home.namespace.resource, ...secret.filledBy],
    }).resource;
    dump(parent, each.dump, {
      ...common,
      object: each.dump,
      source,
      login: each.dump,
      trust: home.trust,
      waitsFor: [login, ...ready, ...association(each.dump)],
    });
    restoreTest(parent, each.restore, {
      ...common,
      object: each.restore,
      storageClass: scratchClass,
      maxStorage: amounts.maxStorage,
      waitsFor: association(each.restore),
    });
  }
}
