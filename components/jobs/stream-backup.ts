import type * as pulumi from "@pulumi/pulumi";
import { streamMinutes, streamSchedule, type StreamBackupSettings } from "../../config";
import type { Component } from "../base/component";
import { images } from "../base/images";
import { natsPorts } from "../base/ports";
import type { Authority, Destination } from "../base/store";
import { awsServices, backupJob, onDisk, plain, type BackupJobArgs } from "./backup-job";
import { scheduledJob } from "./job";
import { diskPath, filesPath, type JobContainer } from "./job-pod";
import { streamBackupFiles, streamRestoreFiles } from "./stream-scripts";

export interface StreamJobArgs extends BackupJobArgs {
  /** Host of the servers. */
  readonly host: string;
  /** Namespace of their pods. */
  readonly servers: readonly Destination[];
  readonly authority: Authority;
  /** Login of the job. The Secret of the job's name has its password. */
  readonly login: string;
  /** Prefix of the login's inbox. */
  readonly inbox: string;
  /** Class of a volume that is deleted with its pod. */
  readonly storageClass: string;
  /** Storage limit of the servers, such as `50Gi`: a snapshot isn't larger. */
  readonly storage: string;
  /** The login, and the role. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Metric of a backup that has succeeded. */
export const streamMetric = "StreamsBackedUp";

/** Resources of the container with the NATS CLI, which writes to the disk what it receives. */
const streamResources = {
  requests: { cpu: "100m", memory: "128Mi" },
  limits: { cpu: "1", memory: "512Mi" },
} as const;

/** Deadline of a backup or a restore in seconds: the shortest time between two backups. */
const deadlineSeconds = 60 * streamMinutes;

const cli = (args: StreamJobArgs, script: string, streams: string): JobContainer => ({
  name: script.replace(/\.sh$/, ""),
  ...images.nats,
  command: ["sh", `${filesPath}/${script}`],
  env: [
    ...plain({
      NATS_URL: `tls://${args.host}:${natsPorts.client}`,
      NATS_CA: `${args.authority.path}/${args.authority.key}`,
      NATS_USER: args.login,
      INBOX: args.inbox,
      STREAMS: streams,
      DISK: diskPath,
      HOME: diskPath,
    }),
    { name: "NATS_PASSWORD", valueFrom: { secretKeyRef: { name: args.object, key: "NATS_PASSWORD" } } },
  ],
  resources: streamResources,
});

const common = (args: StreamJobArgs) => ({
  authority: args.authority,
  disk: { storageClass: args.storageClass, size: args.storage },
  reach: { destinations: [...args.servers, awsServices], identity: true },
  retries: 1,
  deadlineSeconds,
  waitsFor: args.waitsFor,
});

/** Backs up streams with their consumers, as snapshots that the servers take. */
export const streamBackup = (
  parent: Component,
  key: string,
  args: StreamJobArgs & { readonly streams: readonly string[]; readonly settings: StreamBackupSettings },
): pulumi.Resource =>
  scheduledJob(parent, [key], {
    ...backupJob(args, streamBackupFiles),
    ...common(args),
    schedule: streamSchedule(args.settings),
    before: [cli(args, "backup.sh", args.streams.join(" "))],
    container: { ...onDisk("upload.sh", args.target, { METRIC: streamMetric }), user: images.nats.user },
  });

/** Restores streams, when it is started manually: docs/runbooks/recover-deleted-data.md. */
export const streamRestore = (parent: Component, key: string, args: StreamJobArgs): pulumi.Resource =>
  scheduledJob(parent, [key], {
    ...backupJob(args, streamRestoreFiles),
    ...common(args),
    schedule: undefined,
    before: [{ ...onDisk("fetch.sh", args.target, { BEFORE: "" }), user: images.nats.user }],
    container: cli(args, "restore.sh", ""),
  });
