import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { FilesSettings } from "../../config";
import type { FilesStore } from "../../systems/spec";
import { Component } from "../base/component";
import type { StoreNetwork } from "../network/data-network";
import type { Context } from "../base/context";
import { gated } from "../base/gated";
import type { StoreOutputs } from "../base/store";
import { filesPolicy } from "./files-policy";

export interface FilesArgs {
  readonly context: Context;
  readonly spec: FilesStore;
  readonly settings: FilesSettings;
  readonly system: string;
  readonly store: string;
  readonly network: StoreNetwork;
  /** Key that encrypts the files. */
  readonly keyArn: pulumi.Input<string>;
  /** Whether EFS may replicate another file system to it, which overwrites its files. Default: false. */
  readonly destination?: boolean;
}

/**
 * Shared files on EFS: encrypted, backed up daily, with a mount target in every zone and one access point, over TLS.
 */
export class Files extends Component {
  readonly outputs: StoreOutputs;

  constructor(
    name: string,
    private readonly args: FilesArgs,
    opts: pulumi.ComponentResourceOptions,
  ) {
    super("plinth:storage:Files", name, opts);
    const files = this.fileSystem();
    const accessPoint = this.accessPoint(files);
    const policy = this.policy(files, accessPoint);
    const targets = this.mountTargets(files);
    this.backup(files);
    this.outputs = {
      plain: {},
      ready: [policy, ...targets],
      // The node mounts it, so pods need no egress.
      destinations: [],
      grants: [],
      recoverable: { arn: files.arn, type: "EFS" },
      fileSystemId: files.id,
      volume: gated(
        pulumi.interpolate`${files.id}::${accessPoint.id}`,
        [policy, ...targets].map(({ id }) => id),
      ),
    };
    this.registerOutputs();
  }

  private fileSystem(): aws.efs.FileSystem {
    const { context, settings, system, store, keyArn, destination = false } = this.args;
    return new aws.efs.FileSystem(
      this.child("files"),
      {
        encrypted: true,
        kmsKeyId: keyArn,
        // Scales with the load, and the Archive class requires it.
        throughputMode: "elastic",
        lifecyclePolicies: [
          { transitionToIa: after(settings.warmDays) },
          { transitionToArchive: after(settings.coldDays) },
        ],
        tags: { Name: [context.prefix, system, store].join("-") },
        ...(destination ? { protection: { replicationOverwrite: "DISABLED" } } : {}),
      },
      {
        ...this.kept,
        protect: context.protect,
        // EFS sets it to REPLICATING, and to ENABLED when the replication is deleted.
        ...(destination ? { ignoreChanges: ["protection"] } : {}),
      },
    );
  }

  /** Options of resources that are retained when the stack is destroyed, unless it is disposable. */
  private get kept() {
    return { ...this.inside, retainOnDelete: !this.args.context.disposable };
  }

  /** The system's directory. Whatever user a process runs as, its files belong to the workloads' user. */
  private accessPoint(files: aws.efs.FileSystem): aws.efs.AccessPoint {
    const { system, spec } = this.args;
    const { user } = spec;
    return new aws.efs.AccessPoint(
      this.child("access"),
      {
        fileSystemId: files.id,
        posixUser: { uid: user, gid: user },
        rootDirectory: {
          path: `/${system}`,
          creationInfo: { ownerUid: user, ownerGid: user, permissions: "0750" },
        },
      },
      this.inside,
    );
  }

  private policy(files: aws.efs.FileSystem, accessPoint: aws.efs.AccessPoint): aws.efs.FileSystemPolicy {
    const policy = pulumi
      .all([files.arn, accessPoint.arn])
      .apply(([fileSystemArn, accessPointArn]) => JSON.stringify(filesPolicy(fileSystemArn, accessPointArn)));
    return new aws.efs.FileSystemPolicy(this.child("policy"), { fileSystemId: files.id, policy }, this.kept);
  }

  private mountTargets(files: aws.efs.FileSystem): aws.efs.MountTarget[] {
    const { subnetIds, securityGroupId } = this.args.network;
    return subnetIds.map(
      (subnetId, index) =>
        new aws.efs.MountTarget(
          this.child("target", index),
          { fileSystemId: files.id, subnetId, securityGroups: [securityGroupId] },
          this.inside,
        ),
    );
  }

  /** AWS Backup's default plan for file systems: daily, 35 days of retention. */
  private backup(files: aws.efs.FileSystem): void {
    new aws.efs.BackupPolicy(
      this.child("backup"),
      { fileSystemId: files.id, backupPolicy: { status: "ENABLED" } },
      this.kept,
    );
  }
}

const after = (days: number) => (days === 1 ? "AFTER_1_DAY" : `AFTER_${days}_DAYS`);
