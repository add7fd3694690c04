import assert from "node:assert/strict";
import { firstRegionOf, objects, recordingOf } from "../support/recordings";
import { stacks } from "../support/stacks";

/** Characters that the AWS provider adds to a prefix. */
const ending = 26;

for (const stack of stacks)
  describe(`${stack}: names and tags`, () => {
    it("keep every role's name within IAM's 64 characters", async () => {
      const roles = (await recordingOf(stack)).ofType("aws:iam/role:Role");
      assert.ok(roles.length > 10);
      for (const { name, inputs } of roles) {
        assert.equal(typeof inputs.namePrefix, "string", name);
        assert.ok(String(inputs.namePrefix).length + ending <= 64, name);
      }
    });

    it("are on resources that EKS creates from Kubernetes objects, as on the provider's", async () => {
      const recording = await firstRegionOf(stack);
      const provider = recording.one("pulumi:providers:aws", "primary").inputs.defaultTags;
      const { tags } = (typeof provider === "string" ? JSON.parse(provider) : provider) as {
        tags: Record<string, string>;
      };
      assert.deepEqual(Object.keys(tags).sort(), ["CostCenter", "Environment", "Owner", "Project"]);
      const specOf = (kind: string) => [...objects(recording, kind).values()][0]?.manifest.spec;
      assert.deepEqual(specOf("NodeClass")?.tags, tags);
      assert.deepEqual(
        specOf("IngressClassParams")?.tags,
        Object.entries(tags).map(([key, value]) => ({ key, value })),
      );
      for (const { name, inputs } of recording.ofType("kubernetes:storage.k8s.io/v1:StorageClass")) {
        const values = Object.values(inputs.parameters as Record<string, string>);
        for (const [key, value] of Object.entries(tags))
          assert.ok(values.includes(`${key}=${value}`), `${name}: ${key}`);
      }
    });
  });
