import { parse } from "yaml";
import { cidr, overlap } from "../cidr";
import type { Fault } from "../errors";
import { show } from "../explain";
import type { StackFiles } from "../lines";
import { fields, type Values } from "../raw";

/** Conflicts between the stacks of one project. Another stack's own faults are reported by its own preview. */
export function betweenFaults(project: string, stack: string, raw: Values, files: StackFiles): Fault[] {
  return Object.entries(files)
    .filter(([other]) => other !== stack)
    .flatMap(([other, text]) => pairFaults(project, raw, valuesOf(project, text), `Pulumi.${other}.yaml`));
}

/** The project's keys of a stack file; none if it can't be read. */
function valuesOf(project: string, text: string): Values {
  try {
    const { config } = fields(parse(text, { logLevel: "error" }));
    return Object.fromEntries(
      Object.entries(fields(config)).map(([key, value]) => [key.replace(`${project}:`, ""), value]),
    );
  } catch {
    return {};
  }
}

function pairFaults(project: string, raw: Values, other: Values, file: string): Fault[] {
  const faults: Fault[] = [];
  const fault = (path: string, value: unknown, expected: string) =>
    faults.push({ path: `${project}:${path}`, found: show(value), expected });
  const [own, theirs] = [fields(raw.account).id, fields(other.account).id];
  if (typeof raw.prefix === "string" && raw.prefix === other.prefix && own === theirs)
    fault("prefix", raw.prefix, `a prefix that is unique in account ${String(own)}: ${file} has it`);
  if (
    own === theirs &&
    fields(raw.edge).shieldAdvanced === true &&
    fields(other.edge).shieldAdvanced === true
  )
    fault(
      "edge.shieldAdvanced",
      true,
      `on in one stack of account ${String(own)}: ${file} subscribes it already, and the subscription is the account's`,
    );
  const [range, taken] = [fields(raw.network).cidr, fields(other.network).cidr];
  if (isRange(range) && isRange(taken) && overlap(range, taken))
    fault("network.cidr", range, `a range that doesn't overlap that of ${file} (${taken})`);
  const second = secondOf(raw);
  for (const [key, range] of Object.entries({ network: taken, standby: secondOf(other) }))
    if (isRange(second) && isRange(range) && overlap(second, range))
      fault("standby.network.cidr", second, `a range that doesn't overlap ${key} of ${file} (${range})`);
  for (const section of ["hosts", "buckets"] as const) {
    const names = new Map(namesOf(other, section).map(([path, name]) => [name, path]));
    for (const [path, name] of namesOf(raw, section))
      if (names.has(name))
        fault(path, name, `a unique name: ${file} has it at ${project}:${String(names.get(name))}`);
  }
  return faults;
}

/** Range of a stack's second region. */
const secondOf = (raw: Values): unknown => fields(fields(raw.standby).network).cidr;

const isRange = (value: unknown): value is string => cidr.safeParse(value).success;

/** Globally unique names, with their paths: hosts, and buckets that a stack file names. */
function namesOf(raw: Values, section: "hosts" | "buckets"): [path: string, name: string][] {
  return Object.entries(fields(raw.systems)).flatMap(([system, settings]) => {
    const { hosts, stores } = fields(settings);
    const entries =
      section === "hosts"
        ? Object.entries(fields(hosts)).map(([key, name]) => [`hosts.${key}`, name] as const)
        : Object.entries(fields(stores)).map(
            ([key, store]) => [`stores.${key}.name`, fields(store).name] as const,
          );
    return entries.flatMap(([path, name]): [string, string][] =>
      typeof name === "string" ? [[`systems.${system}.${path}`, name]] : [],
    );
  });
}
