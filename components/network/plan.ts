import { ip2long, long2ip, Netmask } from "netmask";

/** The ranges of one zone's subnets, in CIDR notation. */
export interface ZonePlan {
  readonly zone: string;
  /** A sixteenth of the VPC: load balancers and NAT gateways. */
  readonly public: string;
  /** An eighth of the VPC: nodes and pods, each of which takes an address. */
  readonly private: string;
  /** A sixteenth of the VPC: databases and caches, with no way out. */
  readonly isolated: string;
}

/** Zones that the plan has room for, so that adding one renumbers nothing. */
const slots = 4;
/** The plan's unit is a sixteenth of the VPC. */
const units = 16;

/**
 * Cuts a VPC into the subnets of its zones: the first half is private, the third quarter isolated, the last
 * public, each with a slot for four zones. A zone's slot is its place in the list, so new zones go to the end.
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZonePlan[] {
  if (zones.length > slots)
    throw new Error(`${zones.length} zones, but the subnet plan of ${cidr} holds ${slots}`);
  const vpc = new Netmask(cidr);
  const block = (unit: number, bits: number) =>
    `${long2ip(ip2long(vpc.base) + (unit * vpc.size) / units)}/${vpc.bitmask + bits}`;
  return zones.map((zone, slot) => ({
    zone,
    private: block(2 * slot, 3),
    isolated: block(units / 2 + slot, 4),
    public: block(units / 2 + slots + slot, 4),
  }));
}
