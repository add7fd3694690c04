import type * as k8s from "@pulumi/kubernetes";
import type * as pulumi from "@pulumi/pulumi";
import { scratchSize, withDisk } from "../base/disk";
import { jobPriority } from "../base/priority";
import { trustMount, trustVolume } from "../workload/trust";

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
  /** Directories that it writes to, by name. */
  readonly scratch?: Readonly<Record<string, string>> | undefined;
}

/** A list under its key, unless it is empty: the API server keeps no empty lists. */
const some = <Key extends string, T>(key: Key, list: readonly T[]): Partial<Record<Key, T[]>> =>
  list.length > 0 ? ({ [key]: [...list] } as Partial<Record<Key, T[]>>) : {};

/**
 * A pod that runs to completion and isn't restarted, for the `restricted` Pod Security level.
 *
 * @param files Name of the ConfigMap that is mounted at `filesPath`; undefined: none.
 * @param trust Name of the ConfigMap with the certificate authorities of databases; undefined: none.
 */
export function jobPod(args: {
  readonly serviceAccount: string;
  readonly container: JobContainer;
  readonly files: string | undefined;
  readonly trust: string | undefined;
}): PodSpec {
  const { container, files, trust } = args;
  const scratch = Object.entries(container.scratch ?? {});
  return {
    restartPolicy: "Never",
    serviceAccountName: args.serviceAccount,
    automountServiceAccountToken: false,
    enableServiceLinks: false,
    priorityClassName: jobPriority,
    securityContext: {
      runAsNonRoot: true,
      runAsUser: container.user,
      runAsGroup: container.user,
      fsGroup: container.user,
      seccompProfile: { type: "RuntimeDefault" },
    },
    containers: [
      {
        name: container.name,
        image: container.image,
        command: [...container.command],
        ...some("env", container.env),
        resources: withDisk(container.resources, scratch.length),
        securityContext: {
          allowPrivilegeEscalation: false,
          readOnlyRootFilesystem: true,
          capabilities: { drop: ["ALL"] },
        },
        ...some("volumeMounts", [
          ...scratch.map(([name, mountPath]) => ({ name, mountPath })),
          ...(files === undefined ? [] : [{ name: "files", mountPath: filesPath, readOnly: true }]),
          ...(trust === undefined ? [] : [trustMount]),
        ]),
      },
    ],
    ...some("volumes", [
      ...scratch.map(([name]) => ({ name, emptyDir: { sizeLimit: scratchSize } })),
      ...(files === undefined ? [] : [{ name: "files", configMap: { name: files } }]),
      ...(trust === undefined ? [] : [trustVolume(trust)]),
    ]),
  };
}
