import { environment } from "../../components/environment";
import { dataSlotCount, loadSettings, type Settings, type SystemSettings } from "../../config";
import { catalog } from "../../systems";
import type { Catalog, Store, SystemSpec, WorkloadSpec } from "../../systems/spec";

/** The environment of the current stack with a number of copies of each system. */
export function program(copies: number): unknown {
  const settings = loadSettings(catalog);
  const systems: Record<string, SystemSpec> = {};
  const amounts: Record<string, SystemSettings> = {};
  for (const [name, spec] of Object.entries<SystemSpec>(catalog)) {
    const own = settings.systems[name];
    if (own === undefined) continue;
    for (let index = 0; index < copies; index++) {
      const copied = index === 0 ? spec : copyOf(spec, index);
      systems[copied.name] = copied;
      amounts[copied.name] = index === 0 ? own : withOwnNames(own, index);
    }
  }
  // There are fewer slots than copies, so some copies share subnets; this doesn't affect the preview.
  const dataSlots = {
    ...settings.network.dataSlots,
    ...Object.fromEntries(Object.keys(systems).map((name, index) => [name, index % dataSlotCount])),
  };
  return environment(
    { ...settings, network: { ...settings.network, dataSlots }, systems: amounts as Settings["systems"] },
    systems satisfies Catalog,
  );
}

const mapped = <T>(record: Readonly<Record<string, T>>, change: (value: T) => T): Record<string, T> =>
  Object.fromEntries(Object.entries(record).map(([key, value]) => [key, change(value)]));

/** A copy of a system with another name and its own namespaces. */
function copyOf(spec: SystemSpec, index: number): SystemSpec {
  const renamed = (name: string) => `${name}-${index}`;
  const moved = <T extends Store | WorkloadSpec>(part: T): T =>
    "namespace" in part ? { ...part, namespace: renamed(part.namespace) } : part;
  return {
    ...spec,
    name: renamed(spec.name),
    namespaces: spec.namespaces.map(renamed),
    stores: mapped(spec.stores, moved),
    workloads: mapped(spec.workloads, moved),
  };
}

/** A copy of a system's settings with unique hosts. */
const withOwnNames = (settings: SystemSettings, index: number): SystemSettings => ({
  ...settings,
  hosts: mapped(settings.hosts, (host) => `copy-${index}.${host}`),
  ...(settings.syslog && {
    syslog: { ...settings.syslog, host: `copy-${index}.${settings.syslog.host}` },
  }),
});
