/** Id of the hosted zone that a host lies in: of several, the one with the longest domain. */
export function zoneOf(host: string, zones: Readonly<Record<string, string>>): string {
  const [closest] = Object.entries(zones)
    .filter(([domain]) => host === domain || host.endsWith(`.${domain}`))
    .sort(([one], [other]) => other.length - one.length);
  if (closest === undefined)
    throw new Error(`${host} lies in none of the zones ${Object.keys(zones).join(", ")}`);
  return closest[1];
}
