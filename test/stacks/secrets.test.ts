import assert from "node:assert/strict";
import { holdsUnknown, isObject, markOf, type Wire } from "../../preview/wire";
import { firstRegionOf, objects, podOwners, recordingOf } from "../support/recordings";
import { stacks } from "../support/stacks";

/**
 * Inputs that hold a secret, by resource type: each must go to the engine wrapped, or unknown. (The SDK sends an
 * unknown secret as an unknown; once it is known, at `up`, it is wrapped.)
 */
const secretInputs: Record<string, readonly string[]> = {
  "aws:rds/instance:Instance": ["password"],
  "aws:secretsmanager/secretVersion:SecretVersion": ["secretString"],
  "aws:elasticache/user:User": ["passwords"],
  "aws:cloudfront/distribution:Distribution": ["origins"],
};

const holdsSecret = (value: Wire | undefined): boolean => {
  if (Array.isArray(value)) return value.some(holdsSecret);
  if (!isObject(value)) return false;
  return markOf(value) === "secret" || Object.values(value).some(holdsSecret);
};

for (const stack of stacks)
  describe(`${stack}: secrets`, () => {
    it("wraps each secret input", async () => {
      const { resources } = await recordingOf(stack);
      let checked = 0;
      for (const { type, name, inputs } of resources.values())
        for (const input of secretInputs[type] ?? [])
          if (inputs[input] !== undefined) {
            checked += 1;
            const safe = holdsUnknown(inputs[input] as Wire) || holdsSecret(inputs[input]);
            assert.ok(safe, `${name}.${input} is in clear`);
          }
      assert.ok(checked > 8, `only ${checked} secret inputs`);
    });

    it("puts no secret into a Kubernetes object", async () => {
      const recording = await recordingOf(stack);
      assert.equal(objects(recording, "Secret").size, 0);
      for (const { type, name, custom, inputs } of recording.resources.values())
        if (custom && type.startsWith("kubernetes:")) assert.ok(!holdsSecret(inputs as Wire), name);
    });

    it("outputs no secret from the stack or a component", async () => {
      const recording = await recordingOf(stack);
      assert.ok(!holdsSecret(recording.outputs as Wire));
      for (const { name, outputs } of recording.resources.values())
        if (outputs !== undefined) assert.ok(!holdsSecret(outputs as Wire), name);
    });

    it("keeps every secret variable of a pod in a synced Secret", async () => {
      const recording = await firstRegionOf(stack);
      for (const [name, { manifest }] of podOwners(recording)) {
        const text = JSON.stringify(manifest);
        assert.doesNotMatch(text, /postgresql:\/\/|rediss?:\/\/|(nats|tls):\/\//, name);
      }
    });
  });
