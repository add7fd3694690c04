import type { Catalog, Store } from "../../systems/spec";
import { dataSlotCount } from "../cidr";
import type { Fault } from "../reading/errors";
import { show } from "../reading/explain";
import { outsideNetworkFaults } from "../systems/outside-network";
import type { Given } from "../reading/given";
import { keyRemedy } from "../reading/spelling";

/** Kinds of stores that have addresses in the VPC. */
const inSubnets: ReadonlySet<Store["kind"]> = new Set(["postgres", "cache", "files"]);

/** Name under which the platform's own stores have a slot: the domain in which logs are searched. */
export const platformSlot = "platform";

/** Conflicts between network settings. */
export const networkCrossFaults = (project: string, catalog: Catalog, file: Given): Fault[] => [
  ...slotFaults(project, catalog, file),
  ...natFaults(project, file),
  ...outsideNetworkFaults(project, file),
];

/** A NAT instance has no failover, and a restart for a patch cuts every connection through it. */
function natFaults(project: string, { network: { nat }, protect, standby, systems }: Given): Fault[] {
  if (nat !== "instance") return [];
  const open = Object.entries(systems).flatMap(([system, { networks }]) =>
    Object.entries(networks).flatMap(([name, { internet }]) =>
      internet === true ? [`${project}:systems.${system}.networks.${name}.internet`] : [],
    ),
  );
  const reasons = [
    ...(protect === true ? [`while ${project}:protect is true, since a NAT instance has no failover`] : []),
    ...(standby === undefined ? [] : [`with ${project}:standby, since a failover needs egress at once`]),
    ...open.map(
      (path) =>
        `with ${path}, since the security group of a NAT instance names the networks that it forwards to`,
    ),
  ];
  return reasons.length === 0
    ? []
    : [
        {
          path: `${project}:network.nat`,
          found: show(nat),
          expected: `gateway or gateway-per-zone ${reasons.join(", and ")}`,
          remedy: "choose one of them",
        },
      ];
}

/** Every system with data stores in the VPC needs a slot, and every slot an existing system. */
function slotFaults(project: string, catalog: Catalog, { logs, network, systems }: Given): Fault[] {
  const slots = network.dataSlots;
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
    ...Object.keys(systems).filter((system) =>
      Object.values(catalog[system]?.stores ?? {}).some(({ kind }) => inSubnets.has(kind)),
    ),
    ...(logs.store === "opensearch" ? [platformSlot] : []),
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
