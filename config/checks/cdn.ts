import type { Catalog } from "../../systems/spec";
import { cdnHostKeys, originHost } from "../cdn";
import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, type Values } from "../raw";
import { pageHosts } from "./pages";

/** Longest name that ACM takes for a certificate. Source: ACM API reference, RequestCertificate. */
const longestHost = 64;

/** Nothing else has the name of one of the CDN's origin hosts. Works on the raw values, like `cross.ts`. */
export function cdnFaults(project: string, catalog: Catalog, raw: Values): Fault[] {
  if (fields(raw.edge).cdn === undefined) return [];
  const systems = Object.entries(fields(raw.systems)).map(([system, value]) => ({
    system,
    hosts: fields(fields(value).hosts),
    syslog: fields(fields(value).syslog).host,
  }));
  const paths = new Map<unknown, string>(pageHosts(project, raw).map(({ path, value }) => [value, path]));
  for (const { system, hosts, syslog } of systems) {
    for (const [key, host] of Object.entries(hosts))
      paths.set(host, `${project}:systems.${system}.hosts.${key}`);
    if (syslog !== undefined) paths.set(syslog, `${project}:systems.${system}.syslog.host`);
  }
  return systems.flatMap(({ system, hosts }) => {
    const spec = catalog[system];
    return (spec === undefined ? [] : cdnHostKeys(spec)).flatMap((key): Fault[] => {
      const host = hosts[key];
      if (typeof host !== "string") return [];
      const origin = originHost(host);
      const path = `${project}:systems.${system}.hosts.${key}`;
      if (origin.length > longestHost)
        return [
          {
            path,
            found: show(host),
            expected: `a host of at most ${longestHost - originHost("").length} characters: the CDN reaches the load balancer by the name origin-…, and a certificate's name has at most ${longestHost}`,
            remedy: "choose a shorter one",
          },
        ];
      const taken = paths.get(origin);
      if (taken === undefined) return [];
      return [
        {
          path: taken,
          found: show(origin),
          expected: `another host: the CDN of ${host} reaches the load balancer by this name`,
          remedy: "choose another host",
        },
      ];
    });
  });
}
