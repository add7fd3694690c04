import { cidr, overlap } from "../cidr";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { given, givenStores, valuesIn, type Given } from "../reading/given";
import type { StackFiles } from "../reading/lines";
import type { Values } from "../reading/raw";

/** Conflicts between the stacks of one project. Another stack's own faults are reported by its own preview. */
export function betweenFaults(project: string, stack: string, raw: Values, files: StackFiles): Fault[] {
  const own = given(raw);
  return Object.entries(files)
    .filter(([other]) => other !== stack)
    .flatMap(([other, text]) =>
      pairFaults(project, own, given(valuesIn(project, text)), `Pulumi.${other}.yaml`),
    );
}

function pairFaults(project: string, own: Given, other: Given, file: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: string, value: unknown, expected: string) =>
    faults.push({ path, found: show(value), expected });
  const { prefix, account, network, standby } = own;
  const sameAccount = account.id === other.account.id;
  if (prefix !== undefined && prefix === other.prefix && sameAccount)
    fault(`${project}:prefix`, prefix, `a prefix that is unique in account ${account.id}: ${file} has it`);
  if (sameAccount && own.edge.shieldAdvanced === true && other.edge.shieldAdvanced === true)
    fault(
      `${project}:edge.shieldAdvanced`,
      true,
      `true in only one stack of account ${account.id}: ${file} has it, and the subscription covers the whole account`,
    );
  const theirs = { network: other.network.cidr, standby: other.standby?.network.cidr };
  if (isRange(network.cidr) && isRange(theirs.network) && overlap(network.cidr, theirs.network))
    fault(
      `${project}:network.cidr`,
      network.cidr,
      `a range that doesn't overlap that of ${file} (${theirs.network})`,
    );
  const second = standby?.network.cidr;
  for (const [key, range] of Object.entries(theirs))
    if (isRange(second) && isRange(range) && overlap(second, range))
      fault(
        `${project}:standby.network.cidr`,
        second,
        `a range that doesn't overlap ${key} of ${file} (${range})`,
      );
  const taken = new Map(namesOf(project, other).map(({ kind, name, path }) => [`${kind} ${name}`, path]));
  for (const { kind, name, path } of namesOf(project, own)) {
    const there = taken.get(`${kind} ${name}`);
    if (there !== undefined) fault(path, name, `a unique ${kind}: ${file} has it at ${there}`);
  }
  return faults;
}

const isRange = (value: string | undefined): value is string => cidr.safeParse(value).success;

/** A name that only one environment can have. */
interface Unique {
  readonly kind: "host" | "domain" | "bucket";
  readonly path: string;
  readonly name: string;
}

/** Hosts, domains that mail is sent from (both have records in DNS), and buckets that a stack file names. */
function namesOf(project: string, settings: Given): Unique[] {
  const { systems, cluster, traces } = settings;
  const hosts = Object.entries(systems).flatMap(([system, { hosts: all, syslog }]) => [
    ...Object.entries(all).map(([key, name]) => [`systems.${system}.hosts.${key}`, name] as const),
    [`systems.${system}.syslog.host`, syslog.host] as const,
  ]);
  const pages = [
    ["cluster.operators.grafana.host", cluster.operators.grafana?.host],
    ["traces.host", traces.host],
  ] as const;
  const stores = givenStores(project, settings);
  return [
    ...[...hosts, ...pages].map(
      ([key, name]) => ({ kind: "host", path: `${project}:${key}`, name }) as const,
    ),
    ...stores.map(
      ({ path, store }) => ({ kind: "domain", path: `${path}.domain`, name: store.domain }) as const,
    ),
    ...stores.map(({ path, store }) => ({ kind: "bucket", path: `${path}.name`, name: store.name }) as const),
  ].flatMap(({ kind, path, name }) => (name === undefined ? [] : [{ kind, path, name }]));
}
