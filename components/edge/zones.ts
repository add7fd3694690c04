/** Id of the hosted zone of a host: of several matching zones, the one with the longest domain. */
export function zoneOf(host: string, zones: Readonly<Record<string, string>>): string {
  const [closest] = Object.entries(zones)
    .filter(([domain]) => host === domain || host.endsWith(`.${domain}`))
    .sort(([one], [other]) => other.length - one.length);
  if (closest === undefined)
    throw new Error(`${host} is in none of the hosted zones ${Object.keys(zones).join(", ")}`);
  return closest[1];
}
