import type { BackupSettings } from "../../config";
import { scratchClass } from "../../standards/objects";
import type { NatsStore, SystemSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import { externalSecret, propertiesOf } from "../base/external-secret";
import { physicalName } from "../base/naming";
import { required } from "../base/required";
import { transferResources } from "../jobs/backup-job";
import { missingAlarm } from "../jobs/backup-alarm";
import { backupStatements, restoreStatements, streamPrefix } from "../jobs/backup-rights";
import { streamBackup, streamMetric, streamRestore } from "../jobs/stream-backup";
import { inboxOf, loginOf } from "../messaging/nats-access";
import { natsBackupUsers, natsHost } from "../messaging/nats-names";
import { associated, type BackupAccess, type BackupAccessArgs } from "./backup-access";
import { podFootprint, type Footprint } from "./footprint";
import type { SystemInCluster } from "./system-base";
import { backupsBucket } from "./wiring";
import { systemLabels } from "../workload/labels";

/** Servers whose streams are backed up, and the jobs that do it. */
interface BackedUp {
  readonly store: string;
  readonly spec: NatsStore;
  /** Store that the snapshots go to. */
  readonly bucket: string;
  readonly backup: string;
  readonly restore: string;
}

/**
 * A system's NATS stores whose streams are backed up: if the stack file has `backups.streams` and the system has a
 * bucket for backups.
 */
function backedUpStreams(spec: SystemSpec, { streams }: BackupSettings): BackedUp[] {
  const bucket = backupsBucket(spec);
  if (streams === undefined || bucket === undefined) return [];
  return Object.entries(spec.stores).flatMap(([store, described]) => {
    if (described.kind !== "nats" || Object.keys(described.streams).length === 0) return [];
    const object = (job: string) => physicalName("kubernetes", spec.name, store, job);
    return [{ store, spec: described, bucket, backup: object("backup"), restore: object("restore") }];
  });
}

/** Names of the jobs that log in to one of the stores. */
export const streamJobNames = (spec: SystemSpec, store: string, backups: BackupSettings): string[] =>
  backedUpStreams(spec, backups)
    .filter((each) => each.store === store)
    .flatMap(({ backup, restore }) => [backup, restore]);

/** Resources of the jobs of a namespace: a restore may run at the same time as a backup. */
export const streamFootprints = (
  namespaceName: string,
  spec: SystemSpec,
  backups: BackupSettings,
): Footprint[] =>
  backedUpStreams(spec, backups)
    .filter(({ spec: { namespace } }) => namespace === namespaceName)
    .map(() => podFootprint({ resources: transferResources }, 2));

const dimensionsOf = (prefix: string, system: string, { store }: BackedUp) => ({
  Environment: prefix,
  System: system,
  Store: store,
});

/** Roles of the jobs, and the alarm on a backup that is missing. */
export function streamAccess(parent: Component, args: BackupAccessArgs): BackupAccess {
  const { context, spec, backups, alarmTopicArn } = args;
  return Object.fromEntries(
    backedUpStreams(spec, backups).flatMap((each) => {
      const hours = required(backups.streams, "backups.streams").everyHours;
      missingAlarm(parent, `${each.backup}-missing`, {
        name: `${context.prefix}-${each.backup}-missing`,
        description: `No backup of the JetStream streams of ${spec.name}'s ${each.store} has succeeded for ${hours + 2} hours. Read the log of its last Job. See docs/runbooks/README.md.`,
        dimensions: dimensionsOf(context.prefix, spec.name, each),
        metricName: streamMetric,
        periods: hours + 2,
        alarmTopicArn,
      });
      const place = { bucket: each.bucket, prefix: streamPrefix(each.store), namespace: each.spec.namespace };
      return [
        [each.backup, associated(parent, args, place, each.backup, backupStatements)],
        [each.restore, associated(parent, args, place, each.restore, restoreStatements)],
      ];
    }),
  );
}

/** The jobs that back up a system's streams, and those that restore them. */
export function streamJobs(
  parent: Component,
  args: SystemInCluster & { readonly backupAccess: BackupAccess },
): void {
  const { context, spec, settings, backups, stores, namespaces, secretStore, addresses } = args;
  for (const each of backedUpStreams(spec, backups)) {
    const { namespace } = required(namespaces[each.spec.namespace], `${spec.name}: ${each.spec.namespace}`);
    const outputs = required(stores[each.store], `${spec.name}: ${each.store}`);
    const { storage, credentialsVersion } = required(settings.stores.nats[each.store], each.store);
    const entry = required(outputs.secret, `logins of ${each.store}`);
    const job = (object: string, user: string) => {
      const login = loginOf(user, credentialsVersion);
      const secret = externalSecret(parent, `${object}-login`, {
        secret: object,
        namespace: each.spec.namespace,
        store: required(secretStore, `${spec.name}: secret store`),
        labels: systemLabels(spec.name),
        data: propertiesOf(entry.entry, { NATS_PASSWORD: login }),
        waitsFor: [namespace.resource, ...entry.filledBy],
      }).resource;
      return {
        system: spec.name,
        object,
        namespace,
        addresses,
        mirrors: args.mirrors,
        target: {
          region: context.region,
          bucket: required(stores[each.bucket]?.plain.name, `${spec.name}: ${each.bucket}`),
          prefix: streamPrefix(each.store),
          dimensions: dimensionsOf(context.prefix, spec.name, each),
        },
        host: natsHost(each.spec.namespace),
        servers: outputs.destinations,
        authority: required(outputs.authority, `authority of ${each.store}`),
        login,
        inbox: inboxOf(user),
        storageClass: scratchClass,
        storage,
        waitsFor: [secret, ...outputs.ready, required(args.backupAccess[object], `role of ${object}`)],
      };
    };
    streamBackup(parent, each.backup, {
      ...job(each.backup, natsBackupUsers.backup),
      streams: Object.keys(each.spec.streams),
      settings: required(backups.streams, "backups.streams"),
    });
    streamRestore(parent, each.restore, job(each.restore, natsBackupUsers.restore));
  }
}
