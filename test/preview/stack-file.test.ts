import * as assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";

import { parse } from "yaml";

import { ConfigError } from "../../config/reading/errors";
import { readStackFile } from "../../preview/stack-file";

interface Expected {
  name: string;
  config?: Record<string, string>;
  secrets?: string[];
  error?: string;
}

const read = (file: string) => readFileSync(join(__dirname, file), "utf8");
const cases = parse(read("stack-file.corpus.yaml")) as { name: string; text: string }[];
const expected = JSON.parse(read("stack-file.corpus.json")) as Expected[];

/** What the CLI accepts and this reader refuses on purpose, since readers may disagree on it. */
const refusedHere = new Map([
  ["big integers", "JavaScript's numbers don't hold them"],
  ["big floats", "the same"],
  ["times with an offset", "the CLI's text for it depends on its machine's time zone"],
  ["key that is null", "it becomes the key <nil>"],
  ["null config key", "the CLI drops the whole configuration in silence"],
  ["integer tag", "tags are left out"],
  ["float tag", "tags"],
  ["boolean tag", "tags"],
  ["null tag", "tags"],
  ["timestamp tag", "tags"],
  ["binary tag", "tags"],
  ["binary tag within", "tags"],
  ["set tag", "tags"],
  ["map and sequence tags", "tags"],
  ["own tag", "tags"],
  ["own tag on a map", "tags"],
  ["unspecific tag", "tags"],
  ["two documents", "the CLI ignores the second"],
  ["second document that is broken", "the same"],
  ["YAML directive 1.1", "no directive does anything"],
  ["unknown key at the top", "the CLI ignores it: most often a typing error"],
]);

function outcome(text: string): { config?: object; secrets?: string[]; error?: ConfigError } {
  try {
    const { config, secretKeys } = readStackFile(text, { file: "Pulumi.dev.yaml", project: "plinth" });
    return { config, secrets: secretKeys.sort() };
  } catch (error) {
    assert.ok(error instanceof ConfigError, String(error));
    return { error };
  }
}

/** Whether the rest is read as the CLI reads it, after removing lines on which readers disagree. */
function assertReadApartFrom(error: ConfigError, text: string, cli: Record<string, string>): void {
  for (const { found } of error.faults) assert.match(found, / without quotes, a /);
  const refused = new Set(error.faults.map(({ line }) => line));
  const rest = text.split("\n").filter((_, index) => !refused.has(index + 1));
  const { config = {}, error: again } = outcome(rest.join("\n"));
  // An anchor that was in a removed line.
  for (const { found } of again?.faults ?? []) assert.match(found, /^the alias/);
  const others = Object.entries(config).filter(([key, value]) => cli[key] !== value);
  // An object or a list has lost a member, or all of them.
  for (const [key, value] of others) assert.match(value, /^[{[]|^$/, key);
}

describe("a stack file is read as the CLI reads it", () => {
  for (const [index, { name, text }] of cases.entries()) {
    it(name, () => {
      const cli = expected[index];
      assert.equal(cli?.name, name, "the two files of the corpus have the same order");
      const source = text.replaceAll("⇥", "\t");
      const { config, secrets, error } = outcome(source);
      if (cli.error !== undefined || refusedHere.has(name))
        return assert.ok(error, "should have been refused");
      const clear = Object.fromEntries(
        Object.entries(cli.config ?? {}).map(([key, value]) => [
          key,
          value.replaceAll("plain:v1:abc", "[secret]"),
        ]),
      );
      if (error !== undefined) return assertReadApartFrom(error, source, clear);
      assert.deepEqual({ config, secrets }, { config: clear, secrets: cli.secrets ?? [] });
    });
  }

  it("refuses only what the list of exceptions names", () => {
    const accepted = new Set(expected.filter(({ error }) => error === undefined).map(({ name }) => name));
    assert.deepEqual(
      [...refusedHere.keys()].filter((name) => !accepted.has(name)),
      [],
    );
  });
});

describe("a stack file that is refused", () => {
  it("says what is wrong with the syntax, at the line where it is", () => {
    const found = (text: string) => outcome(text).error?.faults.map(({ found: what, line }) => [what, line]);
    const bracket = [["a missing quote, bracket or colon", 3]];
    assert.deepEqual(found("config:\n  a: [1, 2\n  b: 3\n"), bracket);
    const space = [["a character that looks like a space in the indentation", 3]];
    assert.deepEqual(found("config:\n  a: 1\n\u00a0 b: 2\n"), space);
    assert.deepEqual(found("config:\n  a: 1\nconfgi: {}\n"), [["a key", 3]]);
  });

  it("names every fault with its line", () => {
    const text = "config:\n  a: !own 1\n  b: 2026-01-02T03:04:05+09:00\n  c: .nan\n";
    const { error } = outcome(text);
    assert.deepEqual(
      error?.faults.map(({ path, line }) => [path, line]),
      [
        ["a", 2],
        ["b", 3],
        ["c", 4],
      ],
    );
    assert.match(error?.message ?? "", /Pulumi\.dev\.yaml has 3 faults/);
  });

  it("lists the allowed top-level keys", () => {
    assert.match(
      outcome("konfig: {}\n").error?.message ?? "",
      /konfig: found a key; .*config, encryptionsalt.*did you mean config/,
    );
  });

  it("refuses one key under two names", () => {
    assert.match(outcome("config:\n  a: 1\n  plinth:a: 2\n").error?.message ?? "", /the same key twice/);
  });
});
