import type * as pulumi from "@pulumi/pulumi";
import type { BackupSettings } from "../../config";
import type { SystemSpec } from "../../systems/spec";
import type { Component } from "../base/component";
import type { Context } from "../base/context";
import { required } from "../base/required";
import type { StoreOutputs } from "../base/store";
import type { backupStatements } from "../jobs/backup-rights";
import { ServiceAccountRole } from "../security/service-account-role";

export interface BackupAccessArgs {
  readonly context: Context;
  readonly spec: SystemSpec;
  readonly backups: BackupSettings;
  readonly stores: Readonly<Record<string, StoreOutputs>>;
  readonly clusterName: pulumi.Input<string>;
  /** Key that encrypts the buckets. */
  readonly keyArn: pulumi.Input<string>;
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Pod Identity associations of the jobs that back up and restore, by the job's name. */
export type BackupAccess = Readonly<Record<string, pulumi.Resource>>;

/** Where a job runs, and the part of a bucket that it reads or writes. */
interface JobPlace {
  /** The store that is the bucket. */
  readonly bucket: string;
  readonly prefix: string;
  readonly namespace: string;
}

/** The role of a job, for one part of its system's bucket. */
export function associated(
  parent: Component,
  { context, spec, stores, clusterName, keyArn }: BackupAccessArgs,
  { bucket, prefix, namespace }: JobPlace,
  serviceAccount: string,
  rights: typeof backupStatements,
): pulumi.Resource {
  const name = String(required(stores[bucket]?.plain.name, `${spec.name}: ${bucket}`));
  const statements = rights({ region: context.region, bucket: name, prefix, keyArn });
  const args = { clusterName, namespace, serviceAccount, statements };
  return new ServiceAccountRole(parent.child(serviceAccount), args, parent.inside).association;
}
