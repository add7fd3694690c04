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
  /** What it is to the system: `app.kubernetes.io/component`. */
  readonly component: "backup" | "bootstrap" | "gate" | "smoke-test" | "load-test";
  readonly namespace: Pick<Namespace, "namespaceName" | "resource">;
  /** Files that it finds at `filesPath`. Default: none. */
  readonly files?: Readonly<Record<string, string>> | undefined;
  /** Certificates that it verifies a database with. Default: none. */
  readonly trust?: Trust | undefined;
  /** All that it may reach, name resolution apart. */
  readonly reach: Partial<Pick<Reach, "destinations" | "callees" | "identity">>;
  readonly addresses: Addresses;
  /** Stand for public registries. Default: none. */
  readonly mirrors?: MirrorSettings;
  /** Times that a pod is tried again, ten seconds later at first, then twice as long each time. */
  readonly retries: number;
  /** Seconds until it is given up, all tries together. */
  readonly deadlineSeconds: number;
  /** What must be there, or have passed, before it runs. Leaf resources. */
  readonly waitsFor: readonly pulumi.Resource[];
}

export interface RunArgs extends JobArgs {
  /** What makes a run another one: the end of its name. A job that is done is never run again. */
  readonly revision: string;
}

/** Parts of the names of the job's resources, after the parent's own. */
type Key = readonly string[];

type JobSpec = k8s.types.input.batch.v1.JobSpec;

/** Seconds that Pulumi waits longer than the job may take, so that it reports the job's own end. */
const patience = 120;

/** A pod that is on its way isn't moved to another node to save one. */
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
 * What every run of a job needs: a service account without rights, and a network policy with the only egress it has.
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

/** The job's files, under a name that changes with the job's own, since a ConfigMap in use shouldn't change. */
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
    // A node that goes away is nobody's fault, and counts as no try.
    podFailurePolicy: {
      rules: [{ action: "Ignore", onPodConditions: [{ type: "DisruptionTarget", status: "True" }] }],
    },
    template: {
      metadata: { labels: jobLabels(args), annotations },
      spec: jobPod({
        serviceAccount: args.object,
        container: fromMirror(args.container, args),
        before: args.before?.map((each) => fromMirror(each, args)),
        beside: args.beside?.map((each) => fromMirror(each, args)),
        disk: args.disk,
        files,
        trust: args.trust?.name,
      }),
    },
  };
}

/** What was built here is known later, and stands in no public registry. */
const fromMirror = (container: JobContainer, { mirrors }: JobArgs): JobContainer =>
  typeof container.image === "string"
    ? { ...container, image: mirrored(container.image, mirrors) }
    : container;

const waits = (args: JobArgs) => [
  ...(args.trust === undefined ? [] : [args.trust.resource]),
  ...args.waitsFor,
];

/**
 * Runs something once, and fails the update when it fails: what depends on the answer stays as it was. It stays when
 * it is done, since Pulumi would recreate what has removed itself.
 *
 * Its name says what it is a run of, and nothing else makes another run: a change of its pod alone, such as another
 * log level, is none. The next update recreates one that failed.
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
      // Of a job that is replaced the engine takes the new pod all the same.
      ignoreChanges: ["spec"],
      customTimeouts: { create: `${args.deadlineSeconds + patience}s` },
    },
  );
}

export interface ScheduleArgs extends JobArgs {
  /** When it runs, as cron writes it, UTC; undefined: when somebody starts it. */
  readonly schedule: string | undefined;
  /** What its files are a version of. */
  readonly revision: string;
}

/** Some date has to stand there, though nothing runs then. */
const never = "0 0 1 1 *";

/** Runs something again and again, or whenever somebody starts it: `kubectl create job --from=cronjob/<object>`. */
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
