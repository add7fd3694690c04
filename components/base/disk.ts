/** Requests and limits of a container, before its share of the node's disk. */
interface Resources {
  readonly requests: { readonly cpu: string; readonly memory: string };
  readonly limits: { readonly cpu: string; readonly memory: string };
}

/** Size limit of a scratch volume, in mebibytes. */
const scratchMebibytes = 128;
/** The same limit as a `sizeLimit` of an `emptyDir`. */
export const scratchSize = `${scratchMebibytes}Mi`;

/**
 * Ephemeral storage of a container without scratch volumes, in mebibytes. Its root is read-only, so only its logs use
 * it: the kubelet keeps five files of 10 MiB and checks every ten seconds, between which a container may write more. A
 * pod that exceeds the limit is evicted before it fills the node's disk.
 */
const logs = { requests: 64, limits: 256 } as const;

/** Ephemeral storage of a container, in mebibytes: request and limit are equal. */
export const diskOf = (scratchVolumes: number) => ({
  requests: logs.requests + scratchVolumes * scratchMebibytes,
  limits: logs.limits + scratchVolumes * scratchMebibytes,
});

/** Kubernetes' name for the resource. */
export const diskKey = "ephemeral-storage";

/** Requests and limits with ephemeral storage. @param scratchVolumes Number of scratch volumes. Default: none. */
export function withDisk<Given extends Resources>({ requests, limits }: Given, scratchVolumes = 0) {
  const disk = diskOf(scratchVolumes);
  return {
    requests: { ...requests, [diskKey]: `${disk.requests}Mi` },
    limits: { ...limits, [diskKey]: `${disk.limits}Mi` },
  };
}
