import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import { dumpSchedule, restoreSchedule, type MirrorSettings } from "../../config";
import type { Component } from "../base/component";
import { images } from "../base/images";
import { trustPath } from "../base/store";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { backupMetrics, dumpPrefix } from "./dump-rights";
import { dumpFiles, restoreFiles } from "./dump-scripts";
import { scheduledJob, type ScheduleArgs } from "./job";
import { diskPath, filesPath, type JobContainer } from "./job-pod";

/** Where a dump goes and comes from, and what its metrics are called by. */
interface Target {
  readonly region: string;
  readonly bucket: pulumi.Input<string>;
  readonly store: string;
  readonly database: string;
  /** Dimensions of the metrics. */
  readonly dimensions: Readonly<Record<string, string>>;
}

interface Common {
  readonly system: string;
  /** Name of the service account and of everything else that the job is made of. */
  readonly object: string;
  readonly namespace: Namespace;
  readonly addresses: Addresses;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** Hour, UTC, at which dumps are made. */
  readonly hour: number;
  readonly target: Target;
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
  upload: { requests: { cpu: "100m", memory: "256Mi" }, limits: { cpu: "1", memory: "1Gi" } },
} as const;

/** Resources of what restores: a PostgreSQL server with its defaults, alone with one client. */
export const restoreResources = {
  requests: { cpu: "500m", memory: "512Mi" },
  limits: { cpu: "2", memory: "2Gi" },
} as const;

/** Seconds until a dump is given up, its tries together: the night. */
const dumpSeconds = 8 * 60 * 60;
/** Seconds until a restore is given up. */
const restoreSeconds = 12 * 60 * 60;

const plain = (values: Readonly<Record<string, pulumi.Input<string>>>): JobContainer["env"] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** A container with the AWS CLI. Its home is a directory that it may write to. */
const cli = (
  name: string,
  script: string,
  home: string,
  target: Target,
): Omit<JobContainer, "resources"> => ({
  name,
  ...images.aws,
  command: ["bash", `${filesPath}/${script}`],
  env: plain({
    AWS_REGION: target.region,
    AWS_EC2_METADATA_DISABLED: "true",
    HOME: home,
    EXCHANGE: home,
    DISK: home,
    BUCKET: target.bucket,
    PREFIX: dumpPrefix(target.store),
    DATABASE: target.database,
    METRICS: backupMetrics,
    DIMENSIONS: Object.entries(target.dimensions)
      .map((pair) => pair.join("="))
      .join(","),
  }),
});

const revision = (files: object) =>
  createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 8);

function common(args: Common, files: ScheduleArgs["files"]) {
  const { system, object, namespace, addresses, mirrors } = args;
  return {
    system,
    object,
    component: "backup",
    namespace,
    addresses,
    ...(mirrors && { mirrors }),
    files,
    revision: revision(files ?? {}),
  } as const;
}

/** S3 and CloudWatch answer at public addresses. */
const awsServices = { kind: "internet", ports: [443] } as const;

/**
 * Dumps a database each night, as the login that may only read, from a replica where there is one. What it streams is
 * uploaded by a second container, which alone uses the AWS CLI.
 */
export const dump = (parent: Component, key: string, args: DumpArgs): pulumi.Resource =>
  scheduledJob(parent, [key], {
    ...common(args, dumpFiles),
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
          PGDATABASE: args.target.database,
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
        ...cli("upload", "upload.sh", exchange.exchange, args.target),
        resources: dumpResources.upload,
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
 * Restores the newest dump into a server of the pod's own, compares what it holds with the manifest, and reports it. It
 * reaches no database of the system and takes nothing from one: neither load nor disk.
 */
export function restoreTest(parent: Component, key: string, args: RestoreArgs): pulumi.Resource {
  const small = dumpResources.upload;
  return scheduledJob(parent, [key], {
    ...common(args, restoreFiles),
    schedule: restoreSchedule(args),
    before: [
      { ...cli("fetch", "fetch.sh", diskPath, args.target), resources: small },
      {
        name: "restore",
        ...images.dump,
        command: ["bash", `${filesPath}/restore.sh`],
        env: plain({ JOB: filesPath, DISK: diskPath, HOME: diskPath }),
        resources: restoreResources,
      },
    ],
    container: { ...cli("report", "report.sh", diskPath, args.target), resources: small },
    disk: { storageClass: args.storageClass, size: `${args.maxStorage}Gi` },
    reach: { destinations: [awsServices], identity: true },
    retries: 1,
    deadlineSeconds: restoreSeconds,
    waitsFor: args.waitsFor,
  });
}
