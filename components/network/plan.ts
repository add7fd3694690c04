import { ip2long, long2ip, Netmask } from "netmask";
import { dataSlotCount } from "../../config";

/** CIDR ranges of one zone's subnets. */
export interface ZonePlan {
  readonly zone: string;
  /** A sixteenth of the VPC: load balancers and NAT gateways. */
  readonly public: string;
  /** An eighth of the VPC: nodes and pods, each of which takes an address. */
  readonly private: string;
  /** A sixteenth of the VPC: databases and caches, without egress. Split again, into one range per system. */
  readonly isolated: string;
}

/** Zones that the plan reserves ranges for, so adding a zone changes no existing range. */
const slots = 4;
/** The plan's unit is a sixteenth of the VPC. */
const units = 16;

/**
 * Splits a VPC's range into the subnets of its zones: the first half is private, the third quarter isolated, the last
 * quarter public, each with slots for four zones. A zone's slot is its position in the list, so add new zones at the
 * end.
 */
export function planSubnets(cidr: string, zones: readonly string[]): ZonePlan[] {
  if (zones.length > slots)
    throw new Error(`${zones.length} zones, but the subnet plan of ${cidr} has room for ${slots}`);
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

/**
 * The part of a zone's isolated range that belongs to one system. It depends only on the system's slot, so adding or
 * removing a system moves no other.
 */
export function dataSubnet({ isolated }: ZonePlan, slot: number): string {
  if (!Number.isInteger(slot) || slot < 0 || slot >= dataSlotCount)
    throw new Error(`slot ${slot} of ${isolated}: allowed is 0 to ${dataSlotCount - 1}`);
  const range = new Netmask(isolated);
  const first = ip2long(range.base) + slot * (range.size / dataSlotCount);
  return `${long2ip(first)}/${range.bitmask + Math.log2(dataSlotCount)}`;
}
