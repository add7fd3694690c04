import assert from "node:assert/strict";
import type { Document } from "yaml";
import { faultsOf } from "../support/edits";
import { recordingWith, settingsOf } from "../support/frozen";
import { inputsOf } from "../support/inputs";
import { objects } from "../support/objects";

const named =
  (key: string, value: unknown = "x") =>
  (file: Document) =>
    file.setIn(["config", "plinth:tags", key], value);

describe("config: further tags", () => {
  const refused: Readonly<Record<string, { readonly key: string; readonly says: RegExp }>> = {
    "AWS' own prefix": { key: "aws:owner", says: /without a prefix that AWS or Kubernetes keeps/ },
    "AWS' own prefix in capitals": { key: "AWS:owner", says: /without a prefix/ },
    "EKS' own prefix": { key: "eks:cluster-name", says: /without a prefix/ },
    "too long a key": { key: "k".repeat(129), says: /a key of 1 to 128/ },
    "an equals sign": { key: "a=b", says: /a key of 1 to 128/ },
    "a character that no tag has": { key: "a,b", says: /a key of 1 to 128/ },
    "an empty key": { key: "", says: /a key of 1 to 128/ },
    "a tag of the program's": { key: "Environment", says: /the program sets this tag itself/ },
    "a tag of the program's in small letters": { key: "project", says: /the program sets this tag itself/ },
    "a key that is another in small letters": { key: "costcenter", says: /IAM ignores the case of tag keys/ },
  };
  for (const [what, { key, says }] of Object.entries(refused))
    it(`refuses ${what}`, async () => {
      const { faults } = await faultsOf("prod", named(key));
      assert.ok(faults.length > 0);
      for (const { path, expected } of faults) {
        assert.match(path, /^plinth:tags\./);
        assert.match(expected, says);
      }
    });

  it("refuses values that IAM doesn't accept", async () => {
    for (const value of ["", "a,b", "v".repeat(257), 1, true, null, ["x"]]) {
      const [fault] = (await faultsOf("prod", named("Team", value))).faults;
      assert.equal(fault?.path, "plinth:tags.Team", String(value));
    }
  });

  it("accepts as many as fit next to the program's and EKS' own", async () => {
    const some = (count: number) => (file: Document) => {
      for (let index = 0; index < count; index++) named(`Tag${index}`)(file);
    };
    assert.equal(Object.keys((await settingsOf("prod", some(38))).tags).length, 40);
    const [fault] = (await faultsOf("prod", some(39))).faults;
    assert.deepEqual([fault?.path, /at most 40 tags/.test(fault?.expected ?? "")], ["plinth:tags", true]);
  });

  it("sets them on all resources: through the provider, and through the cluster's objects", async () => {
    const recording = await recordingWith("dev", named("cost:team", "Payments + Co"));
    const wanted = "Payments + Co";
    for (const { inputs } of recording.ofType("pulumi:providers:aws"))
      assert.equal(
        (JSON.parse(String(inputs.defaultTags)) as { tags: Record<string, string> }).tags["cost:team"],
        wanted,
      );
    const [nodes] = [...objects(recording, "NodeClass").values()];
    const { tags } = inputsOf<{ spec: { tags: Record<string, string> } }>(
      nodes?.resource ?? assert.fail(),
    ).spec;
    assert.equal(tags["cost:team"], wanted);
    const classes = [...objects(recording, "StorageClass").values()];
    assert.ok(classes.some(({ manifest }) => JSON.stringify(manifest).includes(`cost:team=${wanted}`)));
    assert.ok(
      [...objects(recording, "IngressClassParams").values()].some(({ manifest }) =>
        JSON.stringify(manifest).includes(`"key":"cost:team","value":"${wanted}"`),
      ),
    );
  });
});
