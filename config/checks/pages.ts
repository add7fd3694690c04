import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import type { Given } from "../reading/given";

/** Operators that have a page for the team: each with its host, behind single sign-on. */
const pages = ["grafana"] as const;

interface Host {
  readonly path: string;
  readonly value: string;
}

/** Hosts of the team's pages. */
export const pageHosts = (project: string, { cluster: { operators }, traces }: Given): Host[] =>
  [
    ...pages.map((name) => [`cluster.operators.${name}`, operators[name]?.host] as const),
    ["traces", traces.host] as const,
  ].flatMap(([path, host]) => (host === undefined ? [] : [{ path: `${project}:${path}.host`, value: host }]));

/** Receivers of alerts without Prometheus, which sends them, and with entries that the cluster may not read. */
export function receiverFaults(project: string, { alarms, cluster, prefix }: Given): Fault[] {
  return Object.entries(alarms.receivers).flatMap(([name, { entry }]): Fault[] => {
    const path = `${project}:alarms.receivers.${name}`;
    const foreign = prefix !== undefined && entry?.startsWith(`${prefix}/`) === false;
    return [
      ...(cluster.operators.prometheus === undefined
        ? [
            {
              path,
              found: "a receiver",
              expected: "none without Prometheus, which sends alerts",
              remedy: "remove it",
            },
          ]
        : []),
      ...(foreign
        ? [
            {
              path: `${path}.entry`,
              found: show(entry),
              expected: `an entry whose name starts with ${prefix}/, which is all that the cluster may read`,
            },
          ]
        : []),
    ];
  });
}

/** Pages without single sign-on, Grafana without Prometheus, and a client that the cluster may not read. */
export function pageFaults(project: string, file: Given): Fault[] {
  const { logs, prefix, signOn, traces } = file;
  const { operators } = file.cluster;
  const faults: Fault[] = [];
  const hosts = pageHosts(project, file).map(({ path }) => path);
  if (signOn === undefined && hosts.length > 0)
    faults.push({
      path: `${project}:signOn`,
      found: "nothing",
      expected: `single sign-on for ${hosts.join(" and ")}: pages require signing on`,
      remedy: "add it, or remove the page's key",
    });
  if (operators.grafana !== undefined && operators.prometheus === undefined)
    faults.push({
      path: `${project}:cluster.operators.prometheus`,
      found: "nothing",
      expected: "Prometheus, which Grafana's dashboards query",
      remedy: "add it, or remove grafana",
    });
  if (traces.host !== undefined && logs.store !== "opensearch")
    faults.push({
      path: `${project}:traces.host`,
      found: show(traces.host),
      expected: `no page: without ${project}:logs.store: opensearch there is no Jaeger`,
      remedy: "remove it",
    });
  if (prefix !== undefined && signOn?.client?.startsWith(`${prefix}/`) === false)
    faults.push({
      path: `${project}:signOn.client`,
      found: show(signOn.client),
      expected: `an entry whose name starts with ${prefix}/ (${project}:prefix), which is all that the cluster may read`,
    });
  return faults;
}
