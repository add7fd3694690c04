import { z } from "zod";
import type { SystemSpec } from "../systems/spec";
import { cidr, isCidr } from "./cidr";
import { isWide } from "./outside-network";
import { domain, flag } from "./values";

/** Where devices send their syslog messages to, and which devices may. */
const settings = z
  .strictObject({
    /** Name of the load balancer: of the DNS record, and of the certificate on port 6514. */
    host: domain,
    /** Networks of the devices. They see nothing else of the environment by this. */
    sources: z
      .array(cidr, { error: 'a list of ranges, such as ["198.51.100.0/24"]' })
      .min(1, { error: "at least one range, or leave syslog out" }),
    /** Consent to ranges larger than a /8, as 0.0.0.0/0: anybody may then send logs. Default: false. */
    internet: flag.default(false),
  })
  .superRefine(({ sources, internet }, context) => {
    sources.forEach((range, index) => {
      if (!internet && isCidr(range) && isWide(range))
        context.addIssue({
          code: "custom",
          path: ["sources", index],
          message: "a range of a /8 or smaller; to take logs from anybody, add internet: true beside sources",
        });
    });
  });

export type SyslogSettings = z.output<typeof settings>;

/** Schema of a system's `syslog`: for systems that have a workload that listens for it. */
export const syslog = (spec: SystemSpec) =>
  Object.values(spec.workloads).some(({ listen }) => listen?.syslog !== undefined)
    ? settings.optional()
    : z.undefined({ error: "nothing: no workload of the system listens for syslog (systems/)" }).optional();
