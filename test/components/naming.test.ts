import assert from "node:assert/strict";
import fc from "fast-check";
import { exactName, physicalName, rolePrefix } from "../../components/base/naming";
import { catalog } from "../support/frozen";

const part = fc.stringMatching(/^[a-z][a-z0-9-]{0,40}[a-z0-9]$/);

describe("naming", () => {
  it("joins the parts of a name that fits", () => {
    assert.equal(physicalName("bucket", "plinth-dev", "ams", "objects"), "plinth-dev-ams-objects");
  });

  it("never exceeds a type's limit, and never ends in a dash", () => {
    fc.assert(
      fc.property(fc.array(part, { minLength: 1, maxLength: 6 }), (parts) => {
        const name = physicalName("loadBalancer", ...parts);
        assert.ok(name.length <= 32 && !name.endsWith("-"), name);
      }),
    );
  });

  it("distinguishes two long names with the same prefix", () => {
    const long = "a".repeat(40);
    assert.notEqual(physicalName("loadBalancer", long, "one"), physicalName("loadBalancer", long, "two"));
  });

  it("leaves the AWS provider its 26 characters of a role's 64, however long the role's own name is", () => {
    fc.assert(
      fc.property(part, fc.nat(3), (name, times) => {
        const prefix = rolePrefix(Array.from({ length: times + 1 }, () => name).join("-"));
        assert.ok(prefix.length <= 38 && /[a-z0-9]-$/.test(prefix), prefix);
      }),
    );
  });

  it("refuses an exact name that is too long, with both lengths", () => {
    assert.equal(exactName("bucket", "tapwork-backups"), "tapwork-backups");
    assert.throws(() => exactName("loadBalancer", "x".repeat(33)), /has 33 characters.*at most 32/);
  });

  it("cuts no name of any system, with the longest prefix allowed", () => {
    const prefix = "p".repeat(20);
    for (const { name, stores } of Object.values(catalog)) {
      assert.equal(physicalName("databaseInstance", prefix, name, "application", "5").length <= 63, true);
      for (const store of Object.keys(stores)) {
        const bucket = [prefix, name, store, "123456789012"].join("-");
        assert.equal(physicalName("bucket", bucket), bucket, `${bucket} is cut`);
      }
    }
  });
});
