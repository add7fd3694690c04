import assert from "node:assert/strict";
import type { Document } from "yaml";
import type { Registration } from "../../../../preview/monitor";
import type { Recording } from "../../../../preview/run-program";
import { set } from "../../../support/edits";
import { recordingOf, recordingWith } from "../../../support/recordings";
import { largest, stacks } from "../../../support/stacks";
import { Asked } from "../fixture";
import { reveal, type Values } from "../wire";
import { mappings } from "./calls";
import { unmappedProperties } from "./conform";

const ofAws = ({ resources }: Recording) =>
  [...resources.values()].filter(({ type }) => type.startsWith("aws:"));

const inputsOf = ({ inputs }: Registration) => reveal(inputs) as Values;

/** Inputs of the stack's AWS provider, which are sent as JSON. */
function providerOf(recording: Recording): Values {
  const plain = inputsOf(recording.one("pulumi:providers:aws", "primary"));
  const decode = (value: unknown) =>
    (/^[[{]/.test(String(value)) ? JSON.parse(String(value)) : value) as unknown;
  return Object.fromEntries(Object.entries(plain).map(([key, value]) => [key, decode(value)]));
}

/** Failures of the in-memory provider's checks, with generated names and default tags. */
async function refusalsOf(recording: Recording): Promise<string[]> {
  const aws = new Asked("aws", providerOf(recording));
  try {
    const found = ofAws(recording).map(async ({ type, name, inputs }) =>
      (await aws.refusals(type, inputs as Values, name)).map((refusal) => `${name} ${refusal}`),
    );
    return (await Promise.all(found)).flat();
  } finally {
    aws.end();
  }
}

for (const stack of stacks)
  describe(`${stack}: AWS' own service models`, () => {
    it("cover every registered type", async () => {
      const unknown = ofAws(await recordingOf(stack)).filter(({ type }) => mappings[type] === undefined);
      const types = [...new Set(unknown.map(({ type }) => type))];
      assert.deepEqual(types, [], "add them to test/engine/providers/models/calls, and run derive.ts");
    });

    it("cover every property, or the table has the reason", async () => {
      const unmapped = ofAws(await recordingOf(stack)).flatMap((resource) =>
        unmappedProperties(resource.type, inputsOf(resource)).map((path) => `${resource.type} ${path}`),
      );
      assert.deepEqual([...new Set(unmapped)], []);
    });

    it("allow every value", async () => {
      assert.deepEqual(await refusalsOf(await recordingOf(stack)), []);
    });

    it("allow the total size of a role's inline policies", async () => {
      const sizes = new Map<string, number>();
      for (const { type, inputs, dependencies } of ofAws(await recordingOf(stack))) {
        if (type !== "aws:iam/rolePolicy:RolePolicy") continue;
        const [role = ""] = dependencies.filter((urn) => urn.includes("$aws:iam/role:Role::"));
        sizes.set(role, (sizes.get(role) ?? 0) + JSON.stringify(reveal(inputs.policy)).length);
      }
      for (const [role, size] of sizes) assert.ok(size <= 10_240, `${role}: ${size} characters`);
    });
  });

describe("AWS' own service models, and the longest prefix that config allows", () => {
  it("allow every value", async () => {
    const longest = "p2345678901234567890";
    const named = (prefix: string) => (file: Document) => {
      file.setIn(["config", "plinth:prefix"], prefix);
      // Entries of Secrets Manager begin with it.
      file.setIn(["config", "plinth:signOn", "client"], `${prefix}/sign-on`);
    };
    const recording = await recordingWith(largest, named(longest));
    assert.deepEqual(await refusalsOf(recording), []);
    const longer = recordingWith(largest, named(`${longest}1`));
    await assert.rejects(longer, /plinth:prefix: .*3 to 20 characters/);
  });
});

describe("AWS' own service models, and an active second region", () => {
  it("allow and cover every value of promoted and restored databases", async () => {
    const recording = await recordingWith("prod", set("standby.active", "secondary"));
    assert.deepEqual(await refusalsOf(recording), []);
    const unmapped = ofAws(recording).flatMap((resource) =>
      unmappedProperties(resource.type, inputsOf(resource)).map((path) => `${resource.type} ${path}`),
    );
    assert.deepEqual([...new Set(unmapped)], []);
  });
});
