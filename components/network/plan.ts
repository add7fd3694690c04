import { ip2long, long2ip, Netmask } from "netmask";
import { dataSlotCount } from "../../config";

/** The ranges of one zone's subnets, in CIDR notation. */
export interface ZonePlan {
  readonly zone: string;
  /** A sixteenth of the VPC: load balancers and NAT gateways. */
  readonly public: string;
  /** An eighth of the VPC: nodes and pods, each of which takes an address. */
  readonly private: string;
  /** A sixteenth of the VPC: databases and caches, without egress. Cut again, into one part a system. */
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

/**
 * The part of a zone's isolated range that belongs to one system. It follows from the system's slot alone, so a
 * system that comes or goes moves nobody else.
 */
export function dataSubnet({ isolated }: ZonePlan, slot: number): string {
  if (!Number.isInteger(slot) || slot < 0 || slot >= dataSlotCount)
    throw new Error(`slot ${slot} of ${isolated}: there are ${dataSlotCount}, from 0`);
  const range = new Netmask(isolated);
  const first = ip2long(range.base) + slot * (range.size / dataSlotCount);
  return `${long2ip(first)}/${range.bitmask + Math.log2(dataSlotCount)}`;
}
