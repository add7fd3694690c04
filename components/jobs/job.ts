import * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import type { MirrorSettings } from "../../config";
import type { Component } from "../base/component";
import { mirrored } from "../base/images";
import { physicalName } from "../base/naming";
import { selector } from "../workload/labels";
import type { Namespace } from "../workload/namespace";
import { workloadPolicy, type Addresses, type Reach } from "../workload/network-policy";
import type { Trust } from "../workload/trust";
import { jobPod, type JobContainer, type JobContainers } from "./job-pod";

export interface JobArgs extends JobContainers {
  /** The system that it belongs to. */
  readonly system: string;
  /** Name of its service account, network policy and pods, the same for every run. */
  readonly object: string;
  /** Value of the label `app.kubernetes.io/component`. */
  readonly component: "backup" | "bootstrap" | "gate" | "smoke-test" | "load-test";
  readonly namespace: Pick<Namespace, "namespaceName" | "resource">;
  /** Files mounted at `filesPath`. Default: none. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Certificate authorities for databases. Default: none. */
  readonly trust?: Trust | undefined;
  /** Whether its containers get the token of its service account, to call the API server. Default: no. */
  readonly kubernetesApi?: boolean;
  /** Its allowed egress, in addition to DNS. */
  readonly reach: Partial<Pick<Reach, "destinations" | "callees" | "identity">>;
  readonly addresses: Addresses;
  /** Mirrors of public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** Retries of a failed pod. The first comes after ten seconds; the delay doubles each time. */
  readonly retries: number;
  /** Deadline for all retries together, in seconds. */
  readonly deadlineSeconds: number;
  /** Leaf resources that must exist or succeed before it runs. */
  readonly waitsFor: readonly pulumi.Resource[];
}

export interface RunArgs extends JobArgs {
  /** Suffix of the name. A new revision is a new run; a completed job never runs again. */
  readonly revision: string;
}

/** Parts of the names of the job's resources, after the parent's own. */
type Key = readonly string[];

type JobSpec = k8s.types.input.batch.v1.JobSpec;

/** Seconds that Pulumi waits beyond the job's deadline, so it reports the job's own failure. */
const patience = 120;

/** Karpenter doesn't consolidate a node while the job's pod runs. */
const annotations = { "karpenter.sh/do-not-disrupt": "true" };

export const jobLabels = ({ system, object, component }: JobArgs): Record<string, string> => ({
  ...selector(object),
  "app.kubernetes.io/component": component,
  "app.kubernetes.io/part-of": system,
  "app.kubernetes.io/managed-by": "pulumi",
});

const metadata = (args: JobArgs, name = args.object) => ({
  name,
  namespace: args.namespace.namespaceName,
  labels: jobLabels(args),
});

const within = (args: JobArgs, parent: Component, ...more: readonly pulumi.Resource[]) => ({
  ...parent.inside,
  dependsOn: [args.namespace.resource, ...more],
});

/**
 * Resources that all runs of a job share: a service account without permissions, and a network policy with its egress.
 */
function prerequisites(parent: Component, key: Key, args: JobArgs): pulumi.Resource[] {
  const reach = { ports: [], public: false, callers: [], callees: [], destinations: [], identity: false };
  return [
    new k8s.core.v1.ServiceAccount(
      parent.child(...key, "account"),
      { metadata: metadata(args), automountServiceAccountToken: false },
      within(args, parent),
    ),
    new k8s.networking.v1.NetworkPolicy(
      parent.child(...key, "network"),
      {
        metadata: metadata(args),
        spec: workloadPolicy(args.object, { ...reach, ...args.reach }, args.addresses),
      },
      within(args, parent),
    ),
  ];
}

/** The job's files, under a name that changes with the job's name, since a ConfigMap in use shouldn't change. */
function script(parent: Component, key: Key, object: string, args: JobArgs): pulumi.Resource[] {
  if (args.files === undefined) return [];
  return [
    new k8s.core.v1.ConfigMap(
      parent.child(...key, "script"),
      { metadata: metadata(args, object), data: { ...args.files }, immutable: true },
      within(args, parent),
    ),
  ];
}

function jobSpec(args: JobArgs, files: string | undefined): JobSpec {
  return {
    backoffLimit: args.retries,
    activeDeadlineSeconds: args.deadlineSeconds,
    // A pod that is lost with its node doesn't count as a retry.
    podFailurePolicy: {
      rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    },
    template: {
      metadata: {
        labels: jobLabels(args),
        annotations:
          args.kubernetesApi === true ? { ...annotations, "plinth/kubernetes-api": "true" } : annotations,
      },
      spec: jobPod({
        serviceAccount: args.object,
        kubernetesApi: args.kubernetesApi ?? false,
        container: fromMirror(args.container, args),
        before: args.before?.map((each) => fromMirror(each, args)),
        beside: args.beside?.map((each) => fromMirror(each, args)),
        disk: args.disk,
        authority: args.authority,
        files,
        trust: args.trust?.name,
      }),
    },
  };
}

/** The name of an image built here is an output, and the image is in no public registry. */
const fromMirror = (container: JobContainer, { mirrors }: JobArgs): JobContainer =>
  typeof container.image === "string"
    ? { ...container, image: mirrored(container.image, mirrors) }
    : container;

const waits = (args: JobArgs) => [
  ...(args.trust === undefined ? [] : [args.trust.resource]),
  ...args.waitsFor,
];

/**
 * A job that runs once. If it fails, the update fails, and resources that depend on it stay unchanged. A completed job
 * isn't deleted, since Pulumi would recreate it.
 *
 * Only a new name starts another run; a change to its pod, such as another log level, doesn't. The next update
 * recreates a failed job.
 */
export function runJob(parent: Component, key: Key, args: RunArgs): k8s.batch.v1.Job {
  const object = physicalName("kubernetes", args.object, args.revision);
  const before = [...prerequisites(parent, key, args), ...script(parent, key, object, args)];
  return new k8s.batch.v1.Job(
    parent.child(...key, "job"),
    {
      metadata: { ...metadata(args, object), annotations: { "pulumi.com/replaceUnready": "true" } },
      spec: jobSpec(args, args.files === undefined ? undefined : object),
    },
    {
      ...within(args, parent, ...before, ...waits(args)),
      // When the job is replaced, the engine still uses the new pod.
      ignoreChanges: ["spec"],
      customTimeouts: { create: `${args.deadlineSeconds + patience}s` },
    },
  );
}

export interface ScheduleArgs extends JobArgs {
  /** Cron schedule, in UTC; undefined: it is only started manually. */
  readonly schedule: string | undefined;
  /** Revision of its files. */
  readonly revision: string;
}

/** Kubernetes requires a schedule, even for a suspended CronJob. */
const never = "0 0 1 1 *";

/** A job that runs on a schedule or is started manually: `kubectl create job --from=cronjob/<object>`. */
export function scheduledJob(parent: Component, key: Key, args: ScheduleArgs): k8s.batch.v1.CronJob {
  const files = physicalName("kubernetes", args.object, args.revision);
  const before = [...prerequisites(parent, key, args), ...script(parent, key, files, args)];
  return new k8s.batch.v1.CronJob(
    parent.child(...key, "job"),
    {
      metadata: metadata(args),
      spec: {
        schedule: args.schedule ?? never,
        timeZone: "Etc/UTC",
        suspend: args.schedule === undefined,
        concurrencyPolicy: "Forbid",
        startingDeadlineSeconds: 600,
        successfulJobsHistoryLimit: 3,
        failedJobsHistoryLimit: 3,
        jobTemplate: {
          metadata: { labels: jobLabels(args) },
          spec: jobSpec(args, args.files === undefined ? undefined : files),
        },
      },
    },
    within(args, parent, ...before, ...waits(args)),
  );
}
