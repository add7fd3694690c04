import assert from "node:assert/strict";
import type { Registration } from "../../preview/monitor";
import { Asked } from "../engine/providers/fixture";
import { mappings } from "../engine/providers/models/calls";
import { unmappedProperties } from "../engine/providers/models/conform";
import { reveal, type Values } from "../engine/providers/wire";
import { foundationOf, foundations } from "../support/foundations";

for (const stack of foundations)
  describe(`the foundation of ${stack}, and AWS' own service models`, () => {
    const ofAws = async (): Promise<Registration[]> =>
      [...(await foundationOf(stack)).recording.resources.values()].filter(({ type }) =>
        type.startsWith("aws:"),
      );

    it("have every type and property", async () => {
      const found = await ofAws();
      const unknown = found.filter(({ type }) => mappings[type] === undefined).map(({ type }) => type);
      assert.deepEqual([...new Set(unknown)], []);
      const unmapped = found.flatMap(({ type, inputs }) =>
        unmappedProperties(type, reveal(inputs) as Values).map((path) => `${type} ${path}`),
      );
      assert.deepEqual([...new Set(unmapped)], []);
    });

    it("allow every value", async () => {
      const { settings } = await foundationOf(stack);
      const aws = new Asked("aws", {
        region: settings.account.region,
        allowedAccountIds: [settings.account.id],
      });
      try {
        const found = (await ofAws()).map(async ({ type, name, inputs }) =>
          (await aws.refusals(type, inputs as Values, name)).map((refusal) => `${name} ${refusal}`),
        );
        assert.deepEqual((await Promise.all(found)).flat(), []);
      } finally {
        aws.end();
      }
    });
  });
