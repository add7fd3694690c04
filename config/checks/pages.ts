import type { Fault } from "../errors";
import { show } from "../explain";
import { fields, type Values } from "../raw";

/** Operators that have a page for the team: each with its host, behind single sign-on. */
const pages = ["grafana"] as const;

interface Host {
  readonly path: string;
  readonly value: string;
}

const operatorsOf = (raw: Values) => fields(fields(raw.cluster).operators);

/** Hosts of the team's pages. */
export const pageHosts = (project: string, raw: Values): Host[] =>
  [
    ...pages.map((name) => [`cluster.operators.${name}`, fields(operatorsOf(raw)[name])] as const),
    ["traces", fields(raw.traces)] as const,
  ].flatMap(([path, { host }]) =>
    typeof host === "string" ? [{ path: `${project}:${path}.host`, value: host }] : [],
  );

/** Receivers of alerts without Prometheus, which sends them, and with entries that the cluster may not read. */
export function receiverFaults(project: string, raw: Values): Fault[] {
  const { prefix } = raw;
  return Object.entries(fields(fields(raw.alarms).receivers)).flatMap(([name, value]): Fault[] => {
    const path = `${project}:alarms.receivers.${name}`;
    const { entry } = fields(value);
    const foreign =
      typeof entry === "string" && typeof prefix === "string" && !entry.startsWith(`${prefix}/`);
    return [
      ...(operatorsOf(raw).prometheus === undefined
        ? [
            {
              path,
              found: "a receiver",
              expected: "none without Prometheus, which sends alerts",
              remedy: "take it out",
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
export function pageFaults(project: string, raw: Values): Fault[] {
  const operators = operatorsOf(raw);
  const faults: Fault[] = [];
  const hosts = pageHosts(project, raw).map(({ path }) => path);
  if (raw.signOn === undefined && hosts.length > 0)
    faults.push({
      path: `${project}:signOn`,
      found: "nothing",
      expected: `single sign-on for ${hosts.join(" and ")}: nobody opens a page without signing on`,
      remedy: "add it, or remove the page's key",
    });
  if (operators.grafana !== undefined && operators.prometheus === undefined)
    faults.push({
      path: `${project}:cluster.operators.prometheus`,
      found: "nothing",
      expected: "Prometheus, which Grafana's dashboards ask",
      remedy: "add it, or take grafana out",
    });
  if (fields(raw.traces).host !== undefined && fields(raw.logs).store !== "opensearch")
    faults.push({
      path: `${project}:traces.host`,
      found: show(fields(raw.traces).host),
      expected: `no page: without ${project}:logs.store: opensearch there is no Jaeger`,
      remedy: "take it out",
    });
  const { client } = fields(raw.signOn);
  const { prefix } = raw;
  if (typeof client === "string" && typeof prefix === "string" && !client.startsWith(`${prefix}/`))
    faults.push({
      path: `${project}:signOn.client`,
      found: show(client),
      expected: `an entry whose name starts with ${prefix}/ (${project}:prefix), which is all that the cluster may read`,
    });
  return faults;
}
