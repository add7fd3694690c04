import assert from "node:assert/strict";
import * as fc from "fast-check";
import { long2ip, Netmask } from "netmask";
import { planSubnets } from "../../../components/network/plan";
import { overlap } from "../../../config/cidr";

/** A VPC of a size that config allows, on its own boundary. */
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
          // Written with its first address, as AWS wants it.
          assert.equal(new Netmask(range).toString(), range);
        }
      }),
    );
  });

  it("gives no address twice", () => {
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

  it("refuses a zone that it has no slot for", () => {
    assert.throws(
      () => planSubnets("10.0.0.0/16", [...letters, "e"]),
      /5 zones, but the subnet plan.*holds 4/,
    );
  });
});
