import assert from "node:assert/strict";
import fc from "fast-check";
import { amount } from "../../config";
import { cidr, networkFaults, overlap } from "../../config/cidr";
import { domain, image } from "../../config/values";

const accepts = (schema: { safeParse(value: unknown): { success: boolean } }, value: unknown) =>
  schema.safeParse(value).success;

describe("config: values", () => {
  it("accepts an image with a tag or a digest, from any registry", () => {
    const digest = `sha256:${"0f".repeat(32)}`;
    for (const good of [
      "ams-api:1.0.0",
      "tapwork/api:v1.0.0",
      "docker.io/axllent/mailpit:v1.27.0",
      "registry.example.com:5000/team/app:2026-01",
      `opmas/core@${digest}`,
      `opmas/core:1.0.0@${digest}`,
    ])
      assert.ok(accepts(image, good), good);
    for (const bad of [
      "ams-api",
      "ams-api:",
      "ams-api:latest",
      "registry.example.com:5000/app",
      "app@sha256:12",
      "App:1",
      "",
    ])
      assert.ok(!accepts(image, bad), bad);
  });

  it("accepts a host name in lower case, with a domain", () => {
    for (const good of ["ams.suresoft.com", "a.b.example.org", "xn--bcher-kva.example"])
      assert.ok(accepts(domain, good), good);
    for (const bad of [
      "localhost",
      "Ams.example.com",
      "ams.example.com.",
      "-a.example.com",
      "https://a.example.com",
    ])
      assert.ok(!accepts(domain, bad), bad);
  });

  it("reads Kubernetes quantities in cores and bytes", () => {
    assert.equal(amount("250m"), 0.25);
    assert.equal(amount("2"), 2);
    assert.equal(amount("512Mi"), 512 * 1024 * 1024);
    assert.equal(amount("1Gi"), 1024 * 1024 * 1024);
    assert.ok(Number.isNaN(amount("256MB")));
  });
});

/** Any IPv4 range in its canonical form. */
const range = fc
  .tuple(fc.nat({ max: 2 ** 32 - 1 }), fc.integer({ min: 8, max: 28 }))
  .map(([address, bits]) => {
    const base = Math.floor(address / 2 ** (32 - bits)) * 2 ** (32 - bits);
    const octets = [24, 16, 8, 0].map((shift) => Math.floor(base / 2 ** shift) % 256);
    return { text: `${octets.join(".")}/${bits}`, first: base, last: base + 2 ** (32 - bits) - 1 };
  });

describe("config: ranges", () => {
  it("accepts canonical ranges only", () => {
    fc.assert(
      fc.property(range, ({ text }) => {
        assert.ok(accepts(cidr, text));
        assert.ok(!accepts(cidr, ` ${text}`));
        assert.ok(!accepts(cidr, `0${text}`));
      }),
    );
  });

  it("detects ranges that share an address", () => {
    fc.assert(
      fc.property(range, range, (one, other) => {
        assert.equal(overlap(one.text, other.text), one.first <= other.last && other.first <= one.last);
      }),
    );
  });

  it("accepts a plain network", () => {
    const network = {
      cidr: "10.0.0.0/16",
      serviceCidr: "172.20.0.0/16",
      reservedCidrs: [],
      zones: ["a", "b"],
      dataSlots: {},
    };
    assert.deepEqual(networkFaults(network), []);
  });
});
