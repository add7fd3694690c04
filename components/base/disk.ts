/** Requests and limits of a container, before its share of the node's disk. */
interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** Most that a scratch volume may hold, in mebibytes. */
export const scratchMebibytes = 128;
/** As an `emptyDir` says it. */
export const scratchSize = `${scratchMebibytes}Mi`;

/**
 * Mebibytes of a container without scratch volumes. Its root is read-only, so they are its logs: the kubelet keeps five
 * files of 10 MiB, and looks every ten seconds, in which a container may write more. One that writes past the limit is
 * evicted, before it fills the node for all others.
 */
const logs = { requests: 64, limits: 256 } as const;

/** Mebibytes of the node's disk that a container is promised, and may take. */
export const diskOf = (scratchVolumes: number) => ({
  requests: logs.requests + scratchVolumes * scratchMebibytes,
  limits: logs.limits + scratchVolumes * scratchMebibytes,
});

/** The key that Kubernetes has for the node's disk. */
export const diskKey = "ephemeral-storage";

/** Requests and limits with the share of the node's disk. @param scratchVolumes Volumes that it writes to. Default: none. */
export function withDisk<Given extends Resources>({ requests, limits }: Given, scratchVolumes = 0) {
  const disk = diskOf(scratchVolumes);
  return {
    requests: { ...requests, [diskKey]: `${disk.requests}Mi` },
    limits: { ...limits, [diskKey]: `${disk.limits}Mi` },
  };
}
