import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { referenceRows } from "../../config/reference/reference";
import type { Json } from "../../config/reference/stack-schema";
import { referenceFiles, writeReference } from "../../config/reference/write-reference";
import { stackFiles } from "../../config";

const root = join(__dirname, "..", "..");

/** Paths of the keys below a schema that have no description. */
function undescribed(path: string, schema: Json): string[] {
  const properties = Object.entries(schema.properties ?? {}).flatMap(([key, value]) => [
    ...(value.description === undefined ? [`${path}.${key}`] : []),
    ...undescribed(`${path}.${key}`, value),
  ]);
  const options = [...(schema.anyOf ?? []), ...(schema.oneOf ?? [])];
  const more = typeof schema.additionalProperties === "object" ? [schema.additionalProperties] : [];
  const inner = [...options, ...more, ...(schema.items === undefined ? [] : [schema.items])];
  return [...properties, ...inner.flatMap((each) => undescribed(path, each))];
}

describe("config: reference", () => {
  it("is current: npm run docs:configuration writes it", async () => {
    if (process.env.UPDATE_DOCS === "1") await writeReference(root);
    for (const [file, text] of Object.entries(await referenceFiles())) {
      assert.ok(existsSync(join(root, file)), `${file} is missing: run npm run docs:configuration`);
      assert.equal(readFileSync(join(root, file), "utf8"), text, `${file} is outdated`);
    }
  });

  it("describes every key, with its value and default", () => {
    const rows = referenceRows();
    assert.ok(rows.length > 200, String(rows.length));
    const bare = rows.filter(({ type, default: otherwise, description }) =>
      [type, otherwise, description].includes(""),
    );
    assert.deepEqual(
      bare.map(({ path }) => path),
      [],
    );
  });

  it("describes every key to editors, from each stack file", () => {
    const schema = JSON.parse(readFileSync(join(root, "schemas/stack.schema.json"), "utf8")) as Json;
    assert.deepEqual(undescribed("config", schema.properties?.config ?? {}), []);
    for (const text of Object.values(stackFiles(root)))
      assert.match(text, /^# yaml-language-server: \$schema=schemas\/stack\.schema\.json$/m);
  });
});
