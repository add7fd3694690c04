import type { Catalog, Store } from "../../systems/spec";
import { dataSlotCount } from "../cidr";
import type { Fault } from "../errors";
import { show } from "../explain";
import { outsideNetworkFaults } from "../outside-network";
import { fields, type Values } from "../raw";
import { keyRemedy } from "../spelling";

/** Kinds of stores that have addresses in the VPC. */
const inSubnets: ReadonlySet<Store["kind"]> = new Set(["postgres", "cache", "files"]);

/** Name under which the platform's own stores have a slot: the domain in which logs are searched. */
export const platformSlot = "platform";

/** Conflicts between network settings. Works on the raw values, like `cross.ts`. */
export const networkCrossFaults = (project: string, catalog: Catalog, raw: Values): Fault[] => [
  ...slotFaults(project, catalog, raw),
  ...outsideNetworkFaults(project, raw),
];

/** Every system with data stores in the VPC needs a slot, and every slot an existing system. */
function slotFaults(project: string, catalog: Catalog, raw: Values): Fault[] {
  const slots = fields(fields(raw.network).dataSlots);
  const path = (system: string) => `${project}:network.dataSlots.${system}`;
  const owners = [...Object.keys(catalog), platformSlot];
  const unknown = Object.keys(slots)
    .filter((system) => !owners.includes(system))
    .map((system) => ({
      path: path(system),
      found: show(slots[system]),
      expected: `one of the systems ${Object.keys(catalog).join(", ")}, or ${platformSlot}`,
      remedy: keyRemedy(system, owners),
    }));
  const taken = new Set(Object.values(slots));
  const free = [...Array(dataSlotCount).keys()].filter((slot) => !taken.has(slot));
  const missing = [
    ...Object.keys(fields(raw.systems)).filter((system) =>
      Object.values(catalog[system]?.stores ?? {}).some(({ kind }) => inSubnets.has(kind)),
    ),
    ...(fields(raw.logs).store === "opensearch" ? [platformSlot] : []),
  ]
    .filter((system) => slots[system] === undefined)
    .map((system, index) => ({
      path: path(system),
      found: "nothing",
      expected:
        free[index] === undefined
          ? `a number that no other system has; all ${dataSlotCount} are taken`
          : `a number that no other system has, such as ${free[index]}`,
      remedy: "add it",
    }));
  return [...unknown, ...missing];
}
