import { amount, type WorkloadSettings } from "../../config";
import { diskOf } from "../base/disk";

/** Total resources of some pods: cores and bytes. */
export interface Footprint {
  readonly pods: number;
  readonly cpu: { readonly requests: number; readonly limits: number };
  readonly memory: { readonly requests: number; readonly limits: number };
  /** Of the nodes: logs and scratch volumes. */
  readonly disk: { readonly requests: number; readonly limits: number };
}

/** Node disk of some containers, in bytes. */
export function disk(containers: number, scratchVolumes = 0): Footprint["disk"] {
  const { requests, limits } = diskOf(scratchVolumes);
  return { requests: containers * requests * 2 ** 20, limits: containers * limits * 2 ** 20 };
}

/** A pod's resources, and its number of scratch volumes. */
interface Pod {
  readonly resources: WorkloadSettings["resources"];
  /** Default: none. */
  readonly scratchVolumes?: number;
}

/** Some pods of one kind. */
export function podFootprint({ resources, scratchVolumes }: Pod, pods = 1): Footprint {
  const { requests, limits } = resources;
  const all = (what: "cpu" | "memory") => ({
    requests: pods * amount(requests[what]),
    limits: pods * amount(limits[what]),
  });
  return { pods, cpu: all("cpu"), memory: all("memory"), disk: disk(pods, scratchVolumes) };
}
