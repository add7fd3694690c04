import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { scratchSize, withDisk } from "../base/disk";
import { containerSecurity, podSecurity } from "../base/pod-security";
import { jobPriority } from "../base/priority";
import type { Authority } from "../base/store";
import { authorityMount, authorityVolume, trustMount, trustVolume } from "../workload/trust";

type PodSpec = k8s.types.input.core.v1.PodSpec;

/** Mount path of a job's files. */
export const filesPath = "/job";

/** The container of a job. */
export interface JobContainer {
  readonly name: string;
  readonly image: pulumi.Input<string>;
  /** Numeric user of the container, never root. */
  readonly user: number;
  readonly command: readonly string[];
  readonly env: readonly k8s.types.input.core.v1.EnvVar[];
  readonly resources: {
    readonly requests: { readonly cpu: string; readonly memory: string };
    readonly limits: { readonly cpu: string; readonly memory: string };
  };
  /** Directories that it writes to, by name. Containers of one pod share a directory of the same name. */
  readonly scratch?: Readonly<Record<string, string>> | undefined;
}

/** A volume that is created with the pod and deleted with it: for what doesn't fit on a node's own disk. */
export interface JobDisk {
  readonly storageClass: string;
  /** Size as a Kubernetes quantity, such as `100Gi`. */
  readonly size: string;
}

/** Mount path of a job's disk. */
export const diskPath = "/disk";

/** What a job's pod runs. */
export interface JobContainers {
  readonly container: JobContainer;
  /** Containers that run to their end before it, one after the other. Default: none. */
  readonly before?: readonly JobContainer[] | undefined;
  /** Containers that run at the same time. The pod succeeds when all have. Default: none. */
  readonly beside?: readonly JobContainer[] | undefined;
  /** Default: none. */
  readonly disk?: JobDisk | undefined;
  /** Private certificate authority of a store, or of workloads that serve TLS. Default: none. */
  readonly authority?: Authority | undefined;
}

/** A list under its key, unless it is empty: the API server keeps no empty lists. */
const some = <Key extends string, T>(key: Key, list: readonly T[]): Partial<Record<Key, T[]>> =>
  list.length > 0 ? ({ [key]: [...list] } as Partial<Record<Key, T[]>>) : {};

/** What every container of the pod mounts. */
interface Mounted {
  readonly files: string | undefined;
  readonly trust: string | undefined;
  readonly disk?: JobDisk | undefined;
  readonly authority?: Authority | undefined;
}

function podContainer(container: JobContainer, { files, trust, disk, authority }: Mounted) {
  const scratch = Object.entries(container.scratch ?? {});
  return {
    name: container.name,
    image: container.image,
    command: [...container.command],
    ...some("env", container.env),
    resources: withDisk(container.resources, scratch.length),
    securityContext: containerSecurity,
    ...some("volumeMounts", [
      ...scratch.map(([name, mountPath]) => ({ name, mountPath })),
      ...(disk === undefined ? [] : [{ name: "disk", mountPath: diskPath }]),
      ...(files === undefined ? [] : [{ name: "files", mountPath: filesPath, readOnly: true }]),
      ...(trust === undefined ? [] : [trustMount]),
      ...(authority === undefined ? [] : [authorityMount(authority)]),
    ]),
  };
}

const ephemeral = ({ storageClass, size }: JobDisk): k8s.types.input.core.v1.Volume => ({
  name: "disk",
  ephemeral: {
    volumeClaimTemplate: {
      spec: {
        accessModes: ["ReadWriteOnce"],
        storageClassName: storageClass,
        resources: { requests: { storage: size } },
      },
    },
  },
});

/**
 * A pod that runs to completion and isn't restarted, at the `restricted` Pod Security level. All its containers run as
 * the main one's user.
 *
 * @param args.files Name of the ConfigMap that is mounted at `filesPath`; undefined: none.
 * @param args.trust Name of the ConfigMap with the authorities that databases are verified by; undefined: none.
 */
export function jobPod(
  args: JobContainers & Mounted & { readonly serviceAccount: string; readonly kubernetesApi: boolean },
): PodSpec {
  const { container, before = [], beside = [], files, trust, disk, authority } = args;
  const all = [...before, container, ...beside];
  const scratch = new Set(all.flatMap((each) => Object.keys(each.scratch ?? {})));
  return {
    restartPolicy: "Never",
    serviceAccountName: args.serviceAccount,
    automountServiceAccountToken: args.kubernetesApi,
    enableServiceLinks: false,
    priorityClassName: jobPriority,
    securityContext: podSecurity(container.user),
    ...some(
      "initContainers",
      before.map((each) => podContainer(each, args)),
    ),
    containers: [container, ...beside].map((each) => podContainer(each, args)),
    ...some("volumes", [
      ...[...scratch].map((name) => ({ name, emptyDir: { sizeLimit: scratchSize } })),
      ...(disk === undefined ? [] : [ephemeral(disk)]),
      ...(files === undefined ? [] : [{ name: "files", configMap: { name: files } }]),
      ...(trust === undefined ? [] : [trustVolume(trust)]),
      ...(authority === undefined ? [] : [authorityVolume(authority)]),
    ]),
  };
}
