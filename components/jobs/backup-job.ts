import { createHash } from "node:crypto";
import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings } from "../../config";
import { images } from "../base/images";
import { httpsPort } from "../base/ports";
import type { Namespace } from "../workload/namespace";
import type { Addresses } from "../workload/network-policy";
import { backupMetrics } from "./backup-rights";
import type { ScheduleArgs } from "./job";
import { diskPath, filesPath, type JobContainer } from "./job-pod";

/** Location of a backup, and the dimensions of its metrics. */
export interface BackupTarget {
  readonly region: string;
  readonly bucket: pulumi.Input<string>;
  /** Of the keys in the bucket, without a slash at the end. */
  readonly prefix: string;
  /** Dimensions of the metrics. */
  readonly dimensions: Readonly<Record<string, string>>;
}

/** Common settings of backup jobs. */
export interface BackupJobArgs {
  readonly system: string;
  /** Name of the service account and of the job's other objects. */
  readonly object: string;
  readonly namespace: Pick<Namespace, "namespaceName" | "resource">;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  readonly target: BackupTarget;
}

export type Variables = Readonly<Record<string, pulumi.Input<string>>>;

/** Environment variables that aren't secret. */
export const plain = (values: Variables): JobContainer["env"] =>
  Object.entries(values).map(([name, value]) => ({ name, value }));

/** S3 and CloudWatch answer at public addresses. */
export const awsServices = { kind: "internet", ports: [httpsPort] } as const;

/** Resources of a container that downloads, uploads or reports. */
export const transferResources = {
  requests: { cpu: "100m", memory: "256Mi" },
  limits: { cpu: "1", memory: "1Gi" },
} as const;

/**
 * A container with the AWS CLI.
 *
 * @param home Directory that it may write to.
 * @param more Variables that its script reads besides the target.
 */
export const awsContainer = (
  script: string,
  home: string,
  target: BackupTarget,
  more: Variables = {},
): JobContainer => ({
  name: script.replace(/\.sh$/, ""),
  ...images.aws,
  command: ["bash", `${filesPath}/${script}`],
  env: plain({
    AWS_REGION: target.region,
    AWS_EC2_METADATA_DISABLED: "true",
    HOME: home,
    DISK: home,
    BUCKET: target.bucket,
    PREFIX: target.prefix,
    METRICS: backupMetrics,
    DIMENSIONS: Object.entries(target.dimensions)
      .map((pair) => pair.join("="))
      .join(","),
    ...more,
  }),
  resources: transferResources,
});

/** A container that writes to the job's disk. */
export const onDisk = (script: string, target: BackupTarget, more?: Variables): JobContainer =>
  awsContainer(script, diskPath, target, more);

/** Arguments of `scheduledJob` for a backup's job, whose files have a revision. */
export function backupJob(args: BackupJobArgs, files: NonNullable<ScheduleArgs["files"]>) {
  const { system, object, namespace, addresses, mirrors } = args;
  return {
    system,
    object,
    component: "backup",
    namespace,
    addresses,
    mirrors,
    files,
    revision: createHash("sha256").update(JSON.stringify(files)).digest("hex").slice(0, 8),
  } as const;
}
