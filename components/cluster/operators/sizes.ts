import { amount } from "../../../config";
import { diskKey, diskOf, withDisk } from "../../base/disk";
import { containerDefaults } from "../../workload/namespace";

/** Requests and limits of one pod of a part, in millicores and mebibytes. */
export interface Size {
  readonly cpu: { readonly request: number; readonly limit: number };
  readonly memory: { readonly request: number; readonly limit: number };
}

/** Sizes of an operator's parts, one pod each. */
export type Sizes = Readonly<Record<string, Size>>;

/** Requests and limits of a container, in Kubernetes' form. */
export const plainResources = ({ cpu, memory }: Size) => ({
  requests: { cpu: `${cpu.request}m`, memory: `${memory.request}Mi` },
  limits: { cpu: `${cpu.limit}m`, memory: `${memory.limit}Mi` },
});

/** The same with ephemeral storage, for logs and the charts' small scratch volumes. */
export const resources = (size: Size) => withDisk(plainResources(size));

const millicores = (text: string) => Math.round(1000 * amount(text));
const mebibytes = (text: string) => Math.round(amount(text) / 2 ** 20);

/** A debug pod, or one of a chart's jobs, with the namespace's default resources. */
const spare: Size = {
  cpu: {
    request: millicores(containerDefaults.requests.cpu),
    limit: millicores(containerDefaults.limits.cpu),
  },
  memory: {
    request: mebibytes(containerDefaults.requests.memory),
    limit: mebibytes(containerDefaults.limits.memory),
  },
};

/** Quota for two of every pod, the maximum during an upgrade, and one more pod. */
export function operatorQuota(sizes: Sizes, replicas: number): Record<string, string> {
  const pods = 2 * replicas;
  const containers = pods * Object.keys(sizes).length + 1;
  const sum = (what: "cpu" | "memory", bound: "request" | "limit") =>
    Object.values(sizes).reduce((total, size) => total + pods * size[what][bound], spare[what][bound]);
  return {
    pods: String(containers),
    "requests.cpu": `${sum("cpu", "request")}m`,
    "requests.memory": `${sum("memory", "request")}Mi`,
    "limits.cpu": `${sum("cpu", "limit")}m`,
    "limits.memory": `${sum("memory", "limit")}Mi`,
    [`requests.${diskKey}`]: `${containers * diskOf(0).requests}Mi`,
    [`limits.${diskKey}`]: `${containers * diskOf(0).limits}Mi`,
  };
}

/** At least one of several pods stays up during a drain; a single pod may be evicted. */
export const disruptionBudget = (replicas: number) => ({ enabled: replicas > 1, minAvailable: 1 });

/** Spreads pods of one version evenly across zones, if possible. */
export const zoneSpread = (matchLabels?: Readonly<Record<string, string>>) => ({
  maxSkew: 1,
  topologyKey: "topology.kubernetes.io/zone",
  whenUnsatisfiable: "ScheduleAnyway",
  ...(matchLabels === undefined ? {} : { labelSelector: { matchLabels } }),
  matchLabelKeys: ["pod-template-hash"],
});
