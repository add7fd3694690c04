import type * as pulumi from "@pulumi/pulumi";
import {
  configurationSchedule,
  type ConfigurationBackupSettings,
  type MirrorSettings,
} from "../../../config";
import { Component } from "../../base/component";
import { awsContainer, awsServices, backupJob, type BackupTarget } from "../../jobs/backup-job";
import { scheduledJob } from "../../jobs/job";
import { Namespace } from "../../workload/namespace";
import { clusterRole } from "../cluster-role";
import { operatorBase, type Ranges } from "../operators/policies";
import { operatorQuota } from "../operators/sizes";
import { listRules } from "./kinds";
import { configurationFiles, exportVariables } from "./scripts";

/** Name of the job, of its service account and of its namespace. */
export const configurationBackup = "configuration-backup";

/** Metric of a backup that has succeeded. */
export const configurationMetric = "ConfigurationBackedUp";

export interface ConfigurationBackupArgs {
  readonly settings: ConfigurationBackupSettings;
  readonly target: BackupTarget;
  /** Regions whose certificates are listed. */
  readonly regions: readonly string[];
  readonly ranges: Ranges & { readonly publicCidrs: readonly string[] };
  readonly mirrors: MirrorSettings;
  readonly kubernetesVersion: string;
  /** Priority classes and admission policies. */
  readonly namespaceWaitsFor: readonly pulumi.Resource[];
  /** The bucket's settings, and the role. */
  readonly waitsFor: readonly pulumi.Resource[];
}

/** Resources of the pod: its two containers run one after the other, with `transferResources`. */
const size = { cpu: { request: 100, limit: 1000 }, memory: { request: 256, limit: 1024 } } as const;

/** Deadline of a backup, in seconds. */
const deadlineSeconds = 30 * 60;

const scratch = { export: "/export" } as const;

/**
 * Exports the cluster's objects, except Secrets, and the list of certificates to a locked bucket every day. Give it the
 * cluster's Kubernetes provider.
 */
export class ConfigurationBackup extends Component {
  constructor(name: string, args: ConfigurationBackupArgs, opts: pulumi.ComponentResourceOptions) {
    super("plinth:cluster:ConfigurationBackup", name, opts);
    const { settings, target, ranges, mirrors } = args;
    const namespace = new Namespace(
      this.child("namespace"),
      {
        namespaceName: configurationBackup,
        partOf: configurationBackup,
        admission: true,
        kubernetesVersion: args.kubernetesVersion,
        quota: operatorQuota({ backup: size }, 2),
        policies: operatorBase(ranges),
        waitsFor: args.namespaceWaitsFor,
      },
      this.inside,
    );
    const container = (script: string, more: Readonly<Record<string, string>>) => ({
      ...awsContainer(script, scratch.export, target, more),
      scratch,
    });
    const job = {
      system: configurationBackup,
      object: configurationBackup,
      namespace,
      addresses: { ...ranges, isolatedCidrs: [] },
      mirrors,
      target,
    };
    const rights = clusterRole(this, {
      name: `plinth-${configurationBackup}`,
      rules: listRules,
      account: { name: configurationBackup, namespace: configurationBackup },
      waitsFor: [namespace.resource],
    });
    scheduledJob(this, [], {
      ...backupJob(job, configurationFiles),
      schedule: configurationSchedule(settings),
      kubernetesApi: true,
      before: [container("export.sh", exportVariables(args.regions))],
      container: container("upload.sh", { METRIC: configurationMetric }),
      reach: { destinations: [awsServices], identity: true },
      retries: 2,
      deadlineSeconds,
      waitsFor: [...rights, ...args.waitsFor],
    });
    this.registerOutputs();
  }
}
