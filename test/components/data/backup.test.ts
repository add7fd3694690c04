import assert from "node:assert/strict";
import { backupPrefix, gateBackup } from "../../../components/data/backup";
import { gateRevision, imageDigest, imagesRevision } from "../../../components/jobs/revision";
import { Component } from "../../../components/base/component";
import type { StoreOutputs } from "../../../components/base/store";
import { created } from "./fixture";

class Parent extends Component {
  readonly outputs: StoreOutputs = { plain: {}, ready: [], destinations: [], grants: [] };
}

const make = (revision: string) =>
  created((opts) => {
    const parent = new Parent("plinth:test:Parent", "parent", opts);
    const args = { system: "ams", instance: "plinth-test-ams", revision, waitsFor: [] };
    gateBackup(parent, "backup", args);
    return parent;
  });

describe("backup of a gate", () => {
  it("is named after its instance, the new image, and a random suffix", async () => {
    const inputs = await make("0123456789ab-again");
    // The mock generates no random values.
    assert.match(
      String(inputs.get("parent-backup")?.dbSnapshotIdentifier),
      /^plinth-test-ams-gate-0123456789ab-again-/,
    );
    assert.deepEqual(inputs.get("parent-backup-id")?.keepers, {
      instance: "plinth-test-ams",
      revision: "0123456789ab-again",
    });
  });

  it("has a name that RDS accepts, however long the system's is", () => {
    const longest = `${backupPrefix("a".repeat(63))}${"0".repeat(12)}-${"r".repeat(10)}-abcdef`;
    assert.ok(longest.length <= 255);
    assert.match(longest, /^[a-z](-?[a-z0-9])*$/);
  });
});

describe("revision", () => {
  const digest = "ab".repeat(32);
  it("is the start of an image's own digest, whatever its name", () => {
    assert.equal(imageDigest({ image: `r.example.com/a@sha256:${digest}` }), "abababababab");
    assert.equal(imageDigest({ image: `other/b@sha256:${digest}` }), "abababababab");
  });

  it("differs for another tag, and for other sources of the same tag", () => {
    const all = [
      { image: "a:1" },
      { image: "a:2" },
      { image: "a:1", source: "one" },
      { image: "a:1", source: "two" },
    ].map(imageDigest);
    assert.equal(new Set(all).size, 4);
    for (const each of all) assert.match(each, /^[0-9a-f]{12}$/);
  });

  it("contains the retry word", () => {
    assert.match(gateRevision({ image: "a:1" }, "again"), /^[0-9a-f]{12}-again$/);
    assert.match(gateRevision({ image: "a:1" }, undefined), /^[0-9a-f]{12}$/);
  });

  it("of several images changes with any of them, and doesn't depend on their order", () => {
    const [one, two, three] = [{ image: "a:1" }, { image: "b:1" }, { image: "b:2" }];
    assert.equal(imagesRevision([one, two], "x"), imagesRevision([two, one, one], "x"));
    assert.notEqual(imagesRevision([one, two], "x"), imagesRevision([one, three], "x"));
  });
});
