import { z } from "zod";
import type { SystemSpec } from "../../systems/spec";
import { cidr } from "../cidr";
import { refuseWide } from "./outside-network";
import { flag, host, list } from "../values";

/** Each network is three rules (TCP, UDP, TLS) of a security group, which can have 60. Source: Amazon VPC quotas. */
const mostSources = 20;

/** Host for syslog messages, and the devices that may send them. */
const settings = z
  .strictObject({
    host: host.describe("Name of the load balancer: its DNS record, and the certificate on port 6514."),
    sources: list(cidr, 'a list of ranges, such as ["198.51.100.0/24"]', {
      min: 1,
      max: mostSources,
    }).describe(
      "Networks of the devices that may send syslog messages. They can't reach anything else in the environment.",
    ),
    internet: flag
      .default(false)
      .describe(
        "Whether ranges larger than a /8, such as 0.0.0.0/0, are allowed: then anyone may send logs.",
      ),
  })
  .superRefine(({ sources, internet }, context) => {
    if (!internet)
      refuseWide(
        context,
        "sources",
        sources,
        "to accept logs from anyone, add internet: true next to sources",
      );
  });

export type SyslogSettings = z.output<typeof settings>;

/** Schema of a system's `syslog`: for systems that have a workload that listens for it. */
export const syslog = (spec: SystemSpec) =>
  Object.values(spec.workloads).some(({ listen }) => listen?.syslog !== undefined)
    ? settings.optional()
    : z.undefined({ error: "nothing: no workload of the system listens for syslog (systems/)" }).optional();
