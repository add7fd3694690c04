import { Netmask } from "netmask";
import { text } from "./values";

/** An IPv4 range in CIDR notation whose address is the range's first: `10.0.0.0/16`. */
export const cidr = text('an IPv4 range such as "10.0.0.0/16"').refine(isCidr, {
  error: 'an IPv4 range such as "10.0.0.0/16", written with its first address',
  abort: true,
});

export function isCidr(value: string): boolean {
  const [, address, bits] = /^(\d{1,3}(?:\.\d{1,3}){3})\/(\d{1,2})$/.exec(value) ?? [];
  if (address === undefined || Number(bits) > 32) return false;
  if (address.split(".").some((octet) => Number(octet) > 255 || String(Number(octet)) !== octet))
    return false;
  return new Netmask(value).base === address;
}

/** Whether two ranges share an address. */
export function overlap(one: string, other: string): boolean {
  const [a, b] = [new Netmask(one), new Netmask(other)];
  return a.contains(b.base) || b.contains(a.base);
}

interface NetworkFault {
  path: (string | number)[];
  message: string;
}

/**
 * VPC sizes that the subnet plan can serve: a /20 leaves 512 addresses for the pods of a zone (the plan gives a
 * private subnet an eighth of the VPC), a /16 is the largest VPC that AWS allows.
 */
const largest = 16;
const smallest = 20;

/** The load balancer, EKS and RDS each need two zones; the subnet plan holds up to four. */
const fewestZones = 2;
const mostZones = 4;

/**
 * Slots in the isolated range of each zone, one per system: twice as many as there are systems today. In the smallest
 * VPC (/20) a slot has 27 usable addresses: enough for a database with its standby, replicas and proxy (15 for a
 * 2xlarge), a cache and a file system. Source of the proxy's need: Amazon RDS user guide, planning for IP address
 * capacity.
 */
export const dataSlotCount = 8;

/** Two systems in one slot would share subnets and could reach each other's data. */
function slotFaults(slots: Readonly<Record<string, number>>): NetworkFault[] {
  const first = new Map<number, string>();
  return Object.entries(slots).flatMap(([system, slot]) => {
    const taken = first.get(slot);
    first.set(slot, taken ?? system);
    if (taken === undefined) return [];
    return [{ path: ["dataSlots", system], message: `a unique number: dataSlots.${taken} has it` }];
  });
}

/** Conflicts between a network's ranges, zones and slots. */
export function networkFaults(network: {
  cidr: string;
  serviceCidr: string;
  reservedCidrs: readonly string[];
  zones: readonly string[];
  dataSlots: Readonly<Record<string, number>>;
}): NetworkFault[] {
  const faults = slotFaults(network.dataSlots);
  // An invalid range is already another fault.
  if (![network.cidr, network.serviceCidr, ...network.reservedCidrs].every(isCidr)) return faults;
  const fault = (message: string, ...path: (string | number)[]) => faults.push({ path, message });
  const { bitmask } = new Netmask(network.cidr);
  if (bitmask < largest || bitmask > smallest)
    fault(
      `a /${largest} to /${smallest}: smaller ranges have too few addresses for pods, AWS refuses larger ones`,
      "cidr",
    );
  // EKS allows a Service range from /12 to /24.
  const service = new Netmask(network.serviceCidr).bitmask;
  if (service < 12 || service > 24) fault("a /12 to /24, as EKS allows", "serviceCidr");
  if (overlap(network.cidr, network.serviceCidr))
    fault(`a range that doesn't overlap cidr (${network.cidr})`, "serviceCidr");
  network.reservedCidrs.forEach((range, index) => {
    for (const own of ["cidr", "serviceCidr"] as const)
      if (overlap(range, network[own]))
        fault(`a range that doesn't overlap ${own} (${network[own]})`, "reservedCidrs", index);
  });
  if (network.zones.length < fewestZones || network.zones.length > mostZones)
    fault(
      `${fewestZones} to ${mostZones} zones: subnets of the load balancer, EKS and RDS need two`,
      "zones",
    );
  if (new Set(network.zones).size !== network.zones.length) fault("each zone once", "zones");
  return faults;
}
