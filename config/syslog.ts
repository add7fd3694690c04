import { z } from "zod";
import type { SystemSpec } from "../systems/spec";
import { cidr } from "./cidr";
import { refuseWide } from "./outside-network";
import { flag, host, list } from "./values";

/** Each network is three rules (TCP, UDP, TLS) of a security group, which takes 60. Source: Amazon VPC quotas. */
const mostSources = 20;

/** Where devices send their syslog messages to, and which devices may. */
const settings = z
  .strictObject({
    host: host.describe("Name of the load balancer: its DNS record, and the certificate on port 6514."),
    sources: list(cidr, 'a list of ranges, such as ["198.51.100.0/24"]', {
      min: 1,
      max: mostSources,
    }).describe(
      "Networks of the devices that may send syslog messages. They reach nothing else of the environment.",
    ),
    internet: flag
      .default(false)
      .describe("Consent to ranges larger than a /8, as 0.0.0.0/0: anybody may then send logs."),
  })
  .superRefine(({ sources, internet }, context) => {
    if (!internet)
      refuseWide(context, "sources", sources, "to take logs from anybody, add internet: true beside sources");
  });

export type SyslogSettings = z.output<typeof settings>;

/** Schema of a system's `syslog`: for systems that have a workload that listens for it. */
export const syslog = (spec: SystemSpec) =>
  Object.values(spec.workloads).some(({ listen }) => listen?.syslog !== undefined)
    ? settings.optional()
    : z.undefined({ error: "nothing: no workload of the system listens for syslog (systems/)" }).optional();
