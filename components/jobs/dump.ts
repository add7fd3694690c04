import type * as pulumi from "@pulumi/pulumi";
import { dumpSchedule, restoreSchedule } from "../../config";
import type { Component } from "../base/component";
import { images } from "../base/images";
import { trustPath } from "../base/store";
import type { Trust } from "../workload/trust";
import {
  awsContainer,
  awsServices,
  backupJob,
  onDisk,
  plain,
  transferResources,
  type BackupJobArgs,
} from "./backup-job";
import { dumpFiles, restoreFiles } from "./dump-scripts";
import { scheduledJob } from "./job";
import { diskPath, filesPath } from "./job-pod";

interface Common extends BackupJobArgs {
  /** Hour, UTC, at which dumps are made. */
  readonly hour: number;
  readonly database: string;
}

export interface DumpArgs extends Common {
  readonly source: { readonly host: pulumi.Input<string>; readonly port: number };
  /** Secret with `PGUSER` and `PGPASSWORD` of the reader. */
  readonly login: string;
  readonly trust: Trust;
  /** The role and the login. */
  readonly waitsFor: readonly pulumi.Resource[];
}

export interface RestoreArgs extends Common {
  /** Class of a volume that is deleted with its pod. */
  readonly storageClass: string;
  /** GiB that the database may grow to. */
  readonly maxStorage: number;
  /** The role. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Directory that the containers of the dump share: pipes and a few numbers. */
const exchange = { exchange: "/exchange" } as const;

/** Resources of the dump's two containers: what compresses, and what uploads. */
export const dumpResources = {
  dump: { requests: { cpu: "250m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
  upload: transferResources,
} as const;

/** Resources of the container that restores: a PostgreSQL server with default settings and one client. */
export const restoreResources = {
  requests: { cpu: "500m", memory: "512Mi" },
  limits: { cpu: "2", memory: "2Gi" },
} as const;

/** Deadline of a dump in seconds, including retries: the night. */
const dumpSeconds = 8 * 60 * 60;
/** Deadline of a restore, in seconds. */
const restoreSeconds = 12 * 60 * 60;

/**
 * Dumps a database every night, with the read-only login, from a replica if there is one. A second container with the
 * AWS CLI uploads the stream.
 */
export const dump = (parent: Component, key: string, args: DumpArgs): pulumi.Resource =>
  scheduledJob(parent, [key], {
    ...backupJob(args, dumpFiles),
    trust: args.trust,
    schedule: dumpSchedule(args),
    container: {
      name: "dump",
      ...images.dump,
      command: ["bash", `${filesPath}/dump.sh`],
      env: [
        ...plain({
          PGHOST: args.source.host,
          PGPORT: String(args.source.port),
          PGDATABASE: args.database,
          PGSSLMODE: "verify-full",
          PGSSLROOTCERT: `${trustPath}/bundle.pem`,
          PGCONNECT_TIMEOUT: "10",
          JOB: filesPath,
          EXCHANGE: exchange.exchange,
        }),
        ...["PGUSER", "PGPASSWORD"].map((name) => ({
          name,
          valueFrom: { secretKeyRef: { name: args.login, key: name } },
        })),
      ],
      resources: dumpResources.dump,
      scratch: exchange,
    },
    beside: [
      {
        ...awsContainer("upload.sh", exchange.exchange, args.target, {
          EXCHANGE: exchange.exchange,
          DATABASE: args.database,
        }),
        scratch: exchange,
      },
    ],
    reach: {
      destinations: [{ kind: "isolated", ports: [args.source.port] }, awsServices],
      identity: true,
    },
    retries: 2,
    deadlineSeconds: dumpSeconds,
    waitsFor: args.waitsFor,
  });

/**
 * Restores the newest dump into a temporary server in its pod, compares its content with the manifest, and reports the
 * success. It doesn't connect to the system's databases, so it adds no load to them.
 */
export function restoreTest(parent: Component, key: string, args: RestoreArgs): pulumi.Resource {
  return scheduledJob(parent, [key], {
    ...backupJob(args, restoreFiles),
    schedule: restoreSchedule(args),
    before: [
      onDisk("fetch.sh", args.target),
      {
        name: "restore",
        ...images.dump,
        command: ["bash", `${filesPath}/restore.sh`],
        env: plain({ JOB: filesPath, DISK: diskPath, HOME: diskPath }),
        resources: restoreResources,
      },
    ],
    container: onDisk("report.sh", args.target),
    disk: { storageClass: args.storageClass, size: `${args.maxStorage}Gi` },
    reach: { destinations: [awsServices], identity: true },
    retries: 1,
    deadlineSeconds: restoreSeconds,
    waitsFor: args.waitsFor,
  });
}
