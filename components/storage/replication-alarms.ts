import type * as aws from "@pulumi/aws";
import type * as pulumi from "@pulumi/pulumi";
import type { Component } from "../base/component";
import { cloudAlarms } from "../observability/cloud-alarms";
import { bucketCopyAlarms, failedBucketCopyAlarms, filesCopyAlarms } from "../observability/copy-alarms";
import { replicationRule } from "./replication";

/** Provider and alarm topic of a region. */
export interface Watch {
  readonly provider: pulumi.ProviderResource;
  readonly alarmTopicArn: pulumi.Input<string>;
}

export interface BucketWatch {
  /** Prefix of the alarms' names. */
  readonly label: string;
  /** Names of the two buckets. */
  readonly first: string;
  readonly second: string;
  readonly timeControl: boolean;
  /** Region of the first bucket. */
  readonly there: Watch;
  /** Topic of the second bucket's region, whose provider the parent has. */
  readonly alarmTopicArn: pulumi.Input<string>;
}

/** Alarms on two buckets that replicate each other: objects that aren't copied, and with time control late ones. */
export function bucketWatch(parent: Component, key: string, args: BucketWatch): void {
  const { label, first, second, timeControl, there, alarmTopicArn } = args;
  const from = (SourceBucket: string, DestinationBucket: string) => ({
    namespace: "AWS/S3",
    dimensions: { SourceBucket, DestinationBucket, RuleId: replicationRule },
  });
  if (timeControl)
    cloudAlarms(parent, key, bucketCopyAlarms, { label, ...from(first, second), alarmTopicArn });
  cloudAlarms(parent, `${key}-out`, failedBucketCopyAlarms, {
    label: `${label}-out`,
    ...from(first, second),
    ...there,
  });
  cloudAlarms(parent, `${key}-back`, failedBucketCopyAlarms, {
    label: `${label}-back`,
    ...from(second, first),
    alarmTopicArn,
  });
}

/** Alarm on the copy of a file system that is late. */
export const filesWatch = (
  parent: Component,
  key: string,
  { sourceFileSystemId, destination }: aws.efs.ReplicationConfiguration,
  { label, ...there }: Watch & { readonly label: string },
): void => {
  cloudAlarms(parent, key, filesCopyAlarms, {
    label,
    namespace: "AWS/EFS",
    dimensions: {
      FileSystemId: sourceFileSystemId,
      DestinationFileSystemId: destination.apply(({ fileSystemId }) => fileSystemId),
    },
    ...there,
  });
};
