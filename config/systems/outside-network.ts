import { Netmask } from "netmask";
import { z } from "zod";
import { cidr, overlap } from "../cidr";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { widestNetwork as widest } from "../ranges";
import type { Given } from "../reading/given";
import { flag, list, ordinal } from "../values";

const isWide = (range: string) => new Netmask(range).bitmask < widest;

/** Refuses ranges of a list that are part of the internet. @param otherwise How to allow them. */
export function refuseWide(
  context: z.RefinementCtx,
  key: string,
  ranges: readonly string[],
  otherwise: string,
): void {
  ranges.forEach((range, index) => {
    if (cidr.safeParse(range).success && isWide(range))
      context.addIssue({
        code: "custom",
        path: [key, index],
        message: `a range of a /${widest} or smaller; ${otherwise}`,
      });
  });
}

/** A network outside the VPC that a system's workloads call, and the ports that they call there. */
export const outsideNetwork = z
  .strictObject({
    cidrs: list(cidr, 'a list of ranges, such as ["198.51.100.0/24"]', { min: 1 }),
    ports: list(ordinal(1, 65535, "a TCP port"), "a list of TCP ports, such as [80]", { min: 1 }),
    internet: flag
      .default(false)
      .describe(
        "Whether ranges larger than a /8, such as 0.0.0.0/0, are allowed. The VPC itself stays denied. Default: false.",
      ),
  })
  .superRefine(({ cidrs, internet }, context) => {
    if (!internet) refuseWide(context, "cidrs", cidrs, "to allow the whole internet, add internet: true");
  });

export type OutsideNetwork = z.infer<typeof outsideNetwork>;

/** Instance metadata and the nodes' agents. */
const linkLocal = "169.254.0.0/16";

/** A network outside the VPC must not overlap it: only references allow egress within the VPC. */
export function outsideNetworkFaults(project: string, { network: inside, systems }: Given): Fault[] {
  const { cidr: vpc, serviceCidr } = inside;
  const own = { [`${project}:network.cidr`]: vpc, [`${project}:network.serviceCidr`]: serviceCidr };
  const closed = Object.entries({ ...own, "the link-local range": linkLocal }).filter(
    (entry): entry is [string, string] => cidr.safeParse(entry[1]).success,
  );
  return Object.entries(systems).flatMap(([system, { networks }]) =>
    Object.entries(networks).flatMap(([name, { cidrs }]) => {
      return cidrs.flatMap((range, index) => {
        if (range === undefined || !cidr.safeParse(range).success || isWide(range)) return [];
        return closed
          .filter(([, other]) => overlap(range, other))
          .map(([what, other]) => ({
            path: `${project}:systems.${system}.networks.${name}.cidrs.${index}`,
            found: show(range),
            expected: `a range that doesn't overlap ${what} (${other})`,
          }));
      });
    }),
  );
}
