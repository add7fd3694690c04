import type { Amounts } from "./quantities";
import type { Labels } from "./types";

/** An EC2 instance as Auto Mode would start it: its capacity, and its node's labels. */
export interface Instance {
  labels: Labels;
  capacity: Amounts;
}

/** A node pool's requirement on labels. */
export interface Requirement {
  key: string;
  operator: string;
  values?: string[];
}

/** Memory per core by instance category. Source: EC2's c, m and r families. */
const GIBIBYTES_PER_CORE: Record<string, number> = { c: 2, m: 4, r: 8 };
const CORES = [2, 4, 8, 16, 32];
const SIZE_NAMES: Record<number, string> = {
  2: "large",
  4: "xlarge",
  8: "2xlarge",
  16: "4xlarge",
  32: "8xlarge",
};

/** All instances that the test knows. */
export function candidates(): Instance[] {
  return ["amd64", "arm64"].flatMap((arch) =>
    ["on-demand", "spot"].flatMap((capacityType) =>
      Object.entries(GIBIBYTES_PER_CORE).flatMap(([category, perCore]) =>
        CORES.map((cores) => instance(category, cores, cores * perCore, arch, capacityType)),
      ),
    ),
  );
}

function instance(
  category: string,
  cores: number,
  gibibytes: number,
  arch: string,
  capacityType: string,
): Instance {
  const family = `${category}7${arch === "arm64" ? "g" : "i"}`;
  const size = SIZE_NAMES[cores] ?? "";
  return {
    capacity: { cpu: cores, memory: gibibytes * 2 ** 30 },
    labels: {
      "kubernetes.io/arch": arch,
      "kubernetes.io/os": "linux",
      "karpenter.sh/capacity-type": capacityType,
      "node.kubernetes.io/instance-type": `${family}.${size}`,
      "eks.amazonaws.com/compute-type": "auto",
      "eks.amazonaws.com/instance-category": category,
      "eks.amazonaws.com/instance-cpu": String(cores),
      "eks.amazonaws.com/instance-cpu-manufacturer": arch === "arm64" ? "aws" : "intel",
      "eks.amazonaws.com/instance-family": family,
      "eks.amazonaws.com/instance-generation": "7",
      "eks.amazonaws.com/instance-hypervisor": "nitro",
      "eks.amazonaws.com/instance-memory": String(gibibytes * 1024),
      "eks.amazonaws.com/instance-size": size,
    },
  };
}

/** Matches a node selector requirement with a node's labels as Karpenter does. */
export function allows({ key, operator, values = [] }: Requirement, labels: Labels): boolean {
  const value = labels[key];
  // The instances here have no GPU or local disks. Other labels are set by the pool itself.
  if (value === undefined) {
    return !key.startsWith("eks.amazonaws.com/instance-") || ["NotIn", "DoesNotExist"].includes(operator);
  }
  switch (operator) {
    case "In":
      return values.includes(value);
    case "NotIn":
      return !values.includes(value);
    case "Exists":
      return true;
    case "Gt":
      return Number(value) > Number(values[0]);
    case "Gte":
      return Number(value) >= Number(values[0]);
    case "Lt":
      return Number(value) < Number(values[0]);
    case "Lte":
      return Number(value) <= Number(values[0]);
    default:
      return false;
  }
}

/** Allocatable resources of an instance. Source: the reservations of EKS's node bootstrap, 110 pods per node. */
export function allocatable({ cpu, memory }: Amounts): Amounts {
  const reservedCores = 0.06 + 0.01 + 0.005 * Math.min(2, cpu - 2) + 0.0025 * Math.max(0, cpu - 4);
  const reservedMebibytes = 255 + 11 * 110 + 100;
  return { cpu: cpu - reservedCores, memory: memory - reservedMebibytes * 2 ** 20 };
}
