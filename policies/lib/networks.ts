/** An IPv4 or IPv6 network: its first address and prefix length. */
interface Net {
  bits: number;
  size: 32 | 128;
  first: bigint;
}

const known = new Map<string, Net | undefined>();

/** Cached: a stack's policies use the same few networks repeatedly. */
function read(cidr: string): Net | undefined {
  if (!known.has(cidr)) known.set(cidr, parse(cidr));
  return known.get(cidr);
}

function parse(cidr: string): Net | undefined {
  const [address = "", length] = cidr.split("/");
  const size = address.includes(":") ? 128 : 32;
  const bits = length === undefined ? size : Number(length);
  const first = size === 32 ? v4(address) : v6(address);
  return first === undefined || !(bits >= 0 && bits <= size) ? undefined : { bits, size, first };
}

function v4(address: string): bigint | undefined {
  const parts = address.split(".").map(Number);
  if (parts.length !== 4 || parts.some((part) => !(part >= 0 && part <= 255))) return undefined;
  return parts.reduce((sum, part) => sum * 256n + BigInt(part), 0n);
}

function v6(address: string): bigint | undefined {
  const [head = "", tail] = address.split("::");
  const words = (text: string) => (text === "" ? [] : text.split(":"));
  const [front, back] = [words(head), words(tail ?? "")];
  const fill = tail === undefined ? [] : Array<string>(Math.max(0, 8 - front.length - back.length)).fill("0");
  const all = [...front, ...fill, ...back];
  if (all.length !== 8 || all.some((word) => !/^[0-9a-f]{1,4}$/i.test(word))) return undefined;
  return all.reduce((sum, word) => sum * 65536n + BigInt(`0x${word}`), 0n);
}

/** True if `inner` is entirely within `outer`. False if either is invalid. */
export function isWithin(inner: string, outer: string): boolean {
  const [a, b] = [read(inner), read(outer)];
  if (!a || !b || a.size !== b.size || a.bits < b.bits) return false;
  const shift = BigInt(a.size - b.bits);
  return a.first >> shift === b.first >> shift;
}

export const isWithinAny = (inner: string, outers: readonly string[]): boolean =>
  outers.some((outer) => isWithin(inner, outer));

/** Ports of a rule, for a message. */
export function portRange(from: number | undefined, to: number | undefined): string {
  if (from === undefined || to === undefined) return "all ports";
  return from === to ? `port ${from}` : `ports ${from} to ${to}`;
}

/** Whether a network covers all addresses. */
export const isEverywhere = (cidr: string): boolean => read(cidr)?.bits === 0;
