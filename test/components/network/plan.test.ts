import assert from "node:assert/strict";
import * as fc from "fast-check";
import { long2ip, Netmask } from "netmask";
import { dataSubnet, planSubnets } from "../../../components/network/plan";
import { dataSlotCount, overlap } from "../../../config/cidr";

/** A VPC of an allowed size, aligned to its prefix. */
const vpc = fc
  .tuple(fc.integer({ min: 16, max: 20 }), fc.nat(0xffffffff))
  .map(([bits, address]) => `${long2ip(((address >>> (32 - bits)) << (32 - bits)) >>> 0)}/${bits}`);
const zones = (most: number) => fc.integer({ min: 1, max: most }).map((count) => letters.slice(0, count));
const letters = ["a", "b", "c", "d"];

const rangesOf = (cidr: string, names: readonly string[]) =>
  planSubnets(cidr, names).flatMap((zone) => [zone.public, zone.private, zone.isolated]);

describe("planSubnets", () => {
  it("cuts a /16 as documented", () => {
    assert.deepEqual(planSubnets("10.30.0.0/16", ["a", "b"]), [
      { zone: "a", private: "10.30.0.0/19", isolated: "10.30.128.0/20", public: "10.30.192.0/20" },
      { zone: "b", private: "10.30.32.0/19", isolated: "10.30.144.0/20", public: "10.30.208.0/20" },
    ]);
  });

  it("stays inside the VPC", () => {
    fc.assert(
      fc.property(vpc, zones(4), (cidr, names) => {
        for (const range of rangesOf(cidr, names)) {
          assert.ok(new Netmask(cidr).contains(range), `${range} in ${cidr}`);
          // Written with its first address, as AWS requires.
          assert.equal(new Netmask(range).toString(), range);
        }
      }),
    );
  });

  it("assigns no address twice", () => {
    fc.assert(
      fc.property(vpc, zones(4), (cidr, names) => {
        const ranges = rangesOf(cidr, names);
        ranges.forEach((one, index) =>
          ranges.slice(index + 1).forEach((other) => assert.ok(!overlap(one, other), `${one} and ${other}`)),
        );
      }),
    );
  });

  it("uses the whole VPC with four zones, half of it for pods", () => {
    fc.assert(
      fc.property(vpc, (cidr) => {
        const size = (ranges: string[]) => ranges.reduce((sum, range) => sum + new Netmask(range).size, 0);
        assert.equal(size(rangesOf(cidr, letters)), new Netmask(cidr).size);
        const pods = planSubnets(cidr, letters).map((zone) => zone.private);
        assert.equal(size(pods), new Netmask(cidr).size / 2);
      }),
    );
  });

  it("renumbers nothing when a zone is added", () => {
    fc.assert(
      fc.property(vpc, zones(3), (cidr, names) => {
        const before = planSubnets(cidr, names);
        assert.deepEqual(planSubnets(cidr, [...names, "new"]).slice(0, names.length), before);
      }),
    );
  });

  it("refuses a zone without a slot", () => {
    assert.throws(
      () => planSubnets("10.0.0.0/16", [...letters, "e"]),
      /5 zones, but the subnet plan.*has room for 4/,
    );
  });
});

describe("dataSubnet", () => {
  const slots = [...Array(dataSlotCount).keys()];
  const dataRanges = (cidr: string, names: readonly string[], of: readonly number[] = slots) =>
    planSubnets(cidr, names).flatMap((zone) => of.map((slot) => dataSubnet(zone, slot)));

  it("cuts the isolated range of a /16's zone into eight", () => {
    const [zone] = planSubnets("10.30.0.0/16", ["a"]);
    assert.ok(zone);
    assert.deepEqual(
      [0, 1, 7].map((slot) => dataSubnet(zone, slot)),
      ["10.30.128.0/23", "10.30.130.0/23", "10.30.142.0/23"],
    );
  });

  it("fills the isolated range without an overlap, each part large enough for AWS and a proxy", () => {
    fc.assert(
      fc.property(vpc, zones(4), (cidr, names) => {
        const ranges = dataRanges(cidr, names);
        ranges.forEach((one, index) => {
          assert.equal(new Netmask(one).toString(), one);
          assert.ok(new Netmask(one).bitmask <= 27, `${one} has fewer than 27 free addresses`);
          for (const other of ranges.slice(index + 1)) assert.ok(!overlap(one, other), `${one} and ${other}`);
        });
        const isolated = planSubnets(cidr, names).map((zone) => new Netmask(zone.isolated));
        for (const range of ranges) assert.ok(isolated.some((zone) => zone.contains(range)));
        const size = (all: Netmask[]) => all.reduce((sum, each) => sum + each.size, 0);
        assert.equal(size(ranges.map((range) => new Netmask(range))), size(isolated));
      }),
    );
  });

  it("moves no system when another one, or a zone, is added", () => {
    fc.assert(
      fc.property(vpc, zones(3), fc.subarray(slots), (cidr, names, some) => {
        const all = new Set(dataRanges(cidr, [...names, "new"]));
        for (const range of dataRanges(cidr, names, some)) assert.ok(all.has(range));
      }),
    );
  });

  it("refuses a slot that doesn't exist", () => {
    const [zone] = planSubnets("10.30.0.0/16", ["a"]);
    assert.ok(zone);
    for (const slot of [-1, 8, 1.5, Number.NaN])
      assert.throws(() => dataSubnet(zone, slot), /allowed is 0 to 7/);
  });
});
