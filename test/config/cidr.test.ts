import assert from "node:assert/strict";
import { cidr, networkFaults } from "../../config/cidr";

const network = {
  cidr: "10.0.0.0/16",
  serviceCidr: "172.20.0.0/16",
  reservedCidrs: [] as string[],
  zones: ["a", "b", "c"],
  dataSlots: { ams: 0, opmas: 1 } as Record<string, number>,
};

const paths = (change: Partial<typeof network>) =>
  networkFaults({ ...network, ...change }).map(({ path }) => path.join("."));

describe("config: ranges", () => {
  for (const range of ["10.0.0.0/8", "10.1.2.3/32", "0.0.0.0/0", "255.255.255.255/32"])
    it(`takes ${range}`, () => assert.equal(cidr.safeParse(range).success, true));

  for (const range of [
    "10.0.0.0",
    "10.0.0.0/33",
    "10.0.0.0/161",
    "10.0.0.0/16 ",
    "10.0.0.256/32",
    "10.0.0.01/32",
    "10.0.1.0/16",
    "fd00::/8",
    "",
  ])
    it(`refuses "${range}"`, () => assert.equal(cidr.safeParse(range).success, false));

  const cases: [string, Partial<typeof network>, string[]][] = [
    ["a VPC of the largest size", {}, []],
    ["a VPC of the smallest size", { cidr: "10.0.0.0/20" }, []],
    ["a VPC that is too large", { cidr: "10.0.0.0/15" }, ["cidr"]],
    ["a VPC that is too small", { cidr: "10.0.0.0/21" }, ["cidr"]],
    ["the largest Service range", { serviceCidr: "172.16.0.0/12" }, []],
    ["the smallest Service range", { serviceCidr: "172.20.0.0/24" }, []],
    ["a Service range that is too large", { serviceCidr: "172.0.0.0/11" }, ["serviceCidr"]],
    ["a Service range that is too small", { serviceCidr: "172.20.0.0/25" }, ["serviceCidr"]],
    ["Services inside the VPC", { serviceCidr: "10.0.16.0/20" }, ["serviceCidr"]],
    [
      "a reserved network that overlaps both",
      { reservedCidrs: ["10.9.0.0/16", "0.0.0.0/0"] },
      ["reservedCidrs.1", "reservedCidrs.1"],
    ],
    ["two zones", { zones: ["a", "b"] }, []],
    ["four zones", { zones: ["a", "b", "c", "d"] }, []],
    ["one zone", { zones: ["a"] }, ["zones"]],
    ["five zones", { zones: ["a", "b", "c", "d", "e"] }, ["zones"]],
    ["a zone twice", { zones: ["a", "b", "a"] }, ["zones"]],
    ["a slot left out", { dataSlots: { ams: 0, opmas: 7 } }, []],
    ["a slot of two systems", { dataSlots: { ams: 3, opmas: 1, tapwork: 3 } }, ["dataSlots.tapwork"]],
    // It is another fault already, and the calculation would throw.
    ["a range that isn't one", { cidr: "ten", zones: ["a"] }, []],
    ["a reserved range that isn't one", { reservedCidrs: ["ten"], zones: ["a"] }, []],
  ];
  for (const [what, change, expected] of cases)
    it(`finds ${expected.length === 0 ? "nothing" : expected.join(", ")} wrong with ${what}`, () =>
      assert.deepEqual(paths(change), expected));
});
