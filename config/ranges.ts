import { Netmask } from "netmask";
import { cidr } from "./cidr";
import { list, where } from "./values";

/** Allowed IPv4 ranges. Sources: RFC 1918, RFC 6598, and the IANA registry of special-purpose addresses. */

const privateRanges = ["10.0.0.0/8", "172.16.0.0/12", "192.168.0.0/16"] as const;

/** Shared by providers (RFC 6598); VPCs may use it. */
const carrierRange = "100.64.0.0/10";

/** Addresses that aren't routed on the internet. */
const unroutable = [
  ...privateRanges,
  carrierRange,
  "0.0.0.0/8",
  "127.0.0.0/8",
  "169.254.0.0/16",
  "192.0.0.0/24",
  "198.18.0.0/15",
  "224.0.0.0/4",
  "240.0.0.0/4",
] as const;

const within = (range: string, others: readonly string[]) =>
  others.some((other) => new Netmask(other).contains(range));

const meets = (range: string, others: readonly string[]) =>
  others.find((other) => within(range, [other]) || within(other, [range]));

/** A VPC's range: AWS allows public ones, but then hosts on the internet with those addresses can't be reached. */
export const vpcRange = where(
  cidr,
  (range) => within(range, [...privateRanges, carrierRange]),
  `a private range: within ${privateRanges.join(", ")} or ${carrierRange}`,
);

/** Range of the cluster's Services. Source: EKS API reference, KubernetesNetworkConfigRequest, serviceIpv4Cidr. */
export const serviceRange = where(
  cidr,
  (range) => within(range, privateRanges),
  `a range within ${privateRanges.join(", ")}, as EKS allows`,
);

/** Widest allowed prefix: a larger range is part of the internet, not one network. */
export const widestNetwork = 8;

/**
 * Networks on the internet that are allowed. None is larger than a /8, so a short list can't cover the internet.
 *
 * @param max Maximum number of ranges that the service allows.
 * @param options.min Minimum number. Default: none.
 * @param options.otherwise How to allow all, if that is permitted.
 */
export const sourceNetworks = (max: number, { min = 0, otherwise = "" } = {}) =>
  list(
    where(
      where(
        cidr,
        (range) => new Netmask(range).bitmask >= widestNetwork,
        `a network of a /${widestNetwork} or smaller, since larger ranges allow everyone${otherwise}`,
      ),
      (range) => meets(range, unroutable) === undefined,
      `a public range: not routed on the internet are ${unroutable.join(", ")}`,
    ),
    'a list of networks, such as ["203.0.113.0/24"]',
    { min, max },
  ).superRefine((ranges, context) => {
    ranges.forEach((range, index) => {
      const around = ranges.find((other) => other !== range && within(range, [other]));
      if (around !== undefined)
        context.addIssue({
          code: "custom",
          path: [index],
          message: `a range that isn't within another of the list (${around})`,
        });
    });
  });
