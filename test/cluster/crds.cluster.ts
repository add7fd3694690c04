import assert from "node:assert/strict";

import { firstLost } from "./apply";
import { ApiError } from "./client";
import { definitionsFor, install, readDefinitions } from "./crds";
import { AUTO_MODE } from "./fixtures/auto-mode";
import { CUSTOM, type CustomSample } from "./fixtures/custom";
import { set } from "./fixtures/shop";
import { theAssets, theCluster } from "./harness";
import type { KubeObject } from "./types";

/** The server's refusal of an object; undefined if it would accept it. */
async function refusal(object: KubeObject): Promise<string | undefined> {
  try {
    await theCluster().apply(object, { manager: "trial", dryRun: true });
    return undefined;
  } catch (error) {
    if (error instanceof ApiError) return error.message;
    throw error;
  }
}

function describeSample({ good, faults }: CustomSample): void {
  describe(`${good.apiVersion} ${good.kind}`, () => {
    it("accepts a valid one, and stores all of it", async () => {
      assert.equal(await refusal(good), undefined);
      const { body } = await theCluster().apply(good, { manager: "trial", dryRun: true });
      assert.equal(firstLost(good, body), undefined);
    });

    for (const { path, value, words } of faults) {
      it(`refuses ${path}: ${JSON.stringify(value) ?? "missing"}`, async () => {
        const bad = structuredClone(good);
        set(bad, path, value);
        assert.match((await refusal(bad)) ?? "nothing: it was taken", words);
      });
    }
  });
}

describe("the definitions of custom resources", () => {
  before(async function () {
    const objects = [...CUSTOM, ...AUTO_MODE].map(({ good }) => good);
    const missing = objects.filter(({ apiVersion, kind }) => !theCluster().serves(apiVersion, kind));
    await install(theCluster(), definitionsFor(missing, readDefinitions(theAssets().crds)));
  });

  it("refuse a kind without a definition", async () => {
    const words = await refusal({ apiVersion: "example.com/v1", kind: "Unheard", metadata: { name: "of" } });
    assert.equal(words, 'no matches for kind "Unheard" in version "example.com/v1"');
  });

  [...CUSTOM, ...AUTO_MODE].forEach(describeSample);
});
