import type { Catalog } from "../../systems/spec";
import { cdnHostKeys, originHost } from "../edge/cdn";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Given } from "../reading/given";
import { pageHosts } from "./pages";

/** Longest domain name of an ACM certificate. Source: ACM API reference, RequestCertificate. */
const longestHost = 64;

/** Nothing else has the name of one of the CDN's origin hosts. */
export function cdnFaults(project: string, catalog: Catalog, file: Given): Fault[] {
  if (file.edge.cdn === undefined) return [];
  const systems = Object.entries(file.systems);
  const paths = new Map<unknown, string>(pageHosts(project, file).map(({ path, value }) => [value, path]));
  for (const [system, { hosts, syslog }] of systems) {
    for (const [key, host] of Object.entries(hosts))
      paths.set(host, `${project}:systems.${system}.hosts.${key}`);
    if (syslog.host !== undefined) paths.set(syslog.host, `${project}:systems.${system}.syslog.host`);
  }
  return systems.flatMap(([system, { hosts }]) => {
    const spec = catalog[system];
    return (spec === undefined ? [] : cdnHostKeys(spec)).flatMap((key): Fault[] => {
      const host = hosts[key];
      if (host === undefined) return [];
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
