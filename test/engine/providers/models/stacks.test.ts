import assert from "node:assert/strict";
import { resolve } from "node:path";
import type { Registration } from "../../../../preview/monitor";
import { recordingOf } from "../../../support/recordings";
import { stacks } from "../../../support/stacks";
import { autoname } from "../check";
import { awsRules } from "../rules/aws";
import { reveal, type Values } from "../wire";
import { mappings } from "./calls";
import { refusedByModels, unmappedProperties } from "./conform";

/** What the provider is to make: a resource's inputs without marks, with the name that the provider makes up. */
function inputsOf({ type, name, inputs }: Registration): Values {
  const plain = reveal(inputs) as Values;
  const rule = awsRules[type]?.name;
  return rule === undefined ? plain : autoname(plain, {}, rule, name);
}

for (const stack of stacks)
  describe(`${stack}: what AWS' service models say`, () => {
    const registered = async () =>
      [...(await recordingOf(stack)).resources.values()].filter(({ type }) => type.startsWith("aws:"));

    it("know every type that is registered", async () => {
      const unknown = (await registered()).filter(({ type }) => mappings[type] === undefined);
      assert.deepEqual(
        [...new Set(unknown.map(({ type }) => type))],
        [],
        `add them to ${resolve(__dirname, "calls")}, and run derive.ts`,
      );
    });

    it("carry every property, or the table says why not", async () => {
      const unmapped = (await registered()).flatMap((resource) =>
        unmappedProperties(resource.type, inputsOf(resource)).map((path) => `${resource.type} ${path}`),
      );
      assert.deepEqual([...new Set(unmapped)], []);
    });

    it("allow every value", async () => {
      const refused = (await registered()).flatMap((resource) =>
        refusedByModels(resource.type, inputsOf(resource)).map(
          ({ property, reason }) => `${resource.name} ${property}: ${reason}`,
        ),
      );
      assert.deepEqual(refused, []);
    });
  });
