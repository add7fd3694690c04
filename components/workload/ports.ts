import type { Listening, WorkloadSpec } from "../../systems/spec";
import { schemeOf } from "./tls";

/** The port that probes, URLs and public paths use. */
export function mainPort(workload: WorkloadSpec): { name: string; port: number } | undefined {
  const [first] = Object.entries(workload.listen?.ports ?? {});
  return first === undefined ? undefined : { name: first[0], port: first[1] };
}

/** Port of a container, for pods and Services. */
export interface NamedPort {
  readonly name: string;
  readonly port: number;
  readonly protocol: "TCP" | "UDP";
}

/** Name of the TCP port for syslog messages. */
export const syslogPort = "syslog";

/** All ports that a workload listens on. */
export const portsOf = ({ ports, syslog }: Listening): NamedPort[] => [
  ...Object.entries(ports).map(([name, port]) => ({ name, port, protocol: "TCP" as const })),
  ...(syslog === undefined
    ? []
    : [
        { name: syslogPort, port: syslog, protocol: "TCP" as const },
        { name: `${syslogPort}-udp`, port: syslog, protocol: "UDP" as const },
      ]),
];

/** Port on which a workload serves metrics; undefined: it has none. */
export const metricsPort = (workload: WorkloadSpec): number | undefined =>
  workload.listen?.metrics === undefined ? undefined : mainPort(workload)?.port;

/** URL of a workload inside the cluster. */
export function serviceUrl(workload: WorkloadSpec): string {
  const main = mainPort(workload);
  if (workload.listen === undefined || main === undefined)
    throw new Error(`${workload.name} listens on no port`);
  return `${schemeOf(workload)}://${workload.listen.service}.${workload.namespace}.svc.cluster.local:${main.port}`;
}
