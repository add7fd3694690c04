import assert from "node:assert/strict";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { RunError } from "@pulumi/pulumi";
import { loadNamedStack } from "../../preview/project";

describe("unusable files of a project", () => {
  let folder = "";
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plinth-project-"));
    write("Pulumi.yaml", "name: shop\nruntime: nodejs\n");
    write("Pulumi.dev.yaml", "config:\n  pulumi:tags: {}\n  shop:size: 1\n");
    mkdirSync(join(folder, "base"));
    write("base/Pulumi.yaml", "name: shop-base\n");
    write("base/Pulumi.dev.yaml", "config:\n  shop-base:size: 1\n");
  });
  afterEach(() => rmSync(folder, { recursive: true }));
  const write = (file: string, text: string) => writeFileSync(join(folder, file), text);
  const asFolder = (file: string) => {
    rmSync(join(folder, file));
    mkdirSync(join(folder, file));
  };
  const refuses = (name: string, says: RegExp) =>
    assert.throws(
      () => loadNamedStack(folder, name),
      (error) => RunError.isInstance(error) && says.test((error as Error).message),
    );

  it("don't affect usable ones", () => {
    assert.deepEqual(
      ["dev", "base/dev"].map((name) => loadNamedStack(folder, name).project),
      ["shop", "shop-base"],
    );
  });

  for (const [name, says] of [
    ["base/prod", /^base\/Pulumi\.prod\.yaml doesn't exist\. The stacks are dev, base\/dev\./],
    ["base/", /^There is no stack "base\/"\. The stacks are dev, base\/dev\. Did you mean base\/dev\?$/],
    ["base/Pulumi.dev.yaml", /^There is no stack "base\/Pulumi\.dev\.yaml"\..* Did you mean base\/dev\?$/],
    ["../dev", /^There is no stack "\.\.\/dev"/],
    ["", /^There is no stack ""/],
    ["devv", /^Pulumi\.devv\.yaml doesn't exist\..* Did you mean dev\?/],
  ] as const)
    it(`are named if ${JSON.stringify(name)} is requested`, () => refuses(name, says));

  it("can be folders", () => {
    asFolder("Pulumi.dev.yaml");
    refuses("dev", /^Pulumi\.dev\.yaml can't be read: EISDIR/);
    asFolder("Pulumi.yaml");
    refuses("dev", /^Pulumi\.yaml can't be read: EISDIR/);
  });

  it("are named from the root, in whichever folder they are", () => {
    write("base/Pulumi.dev.yaml", "config:\n  other:size: 1\n");
    refuses(
      "base/dev",
      /^base\/Pulumi\.yaml names .* every key of base\/Pulumi\.dev\.yaml starts with other:\. Set `name: other` in base\/Pulumi\.yaml/,
    );
    write("base/Pulumi.dev.yaml", "config:\n  shop-base:size: 1\n  shop-base:size: 2\n");
    refuses("base/dev", /^base\/Pulumi\.dev\.yaml has 1 fault; [^]*\n {2}base\/Pulumi\.dev\.yaml:3: /);
    asFolder("base/Pulumi.dev.yaml");
    refuses("base/dev", /^base\/Pulumi\.dev\.yaml can't be read: EISDIR/);
    asFolder("base/Pulumi.yaml");
    refuses("base/dev", /^base\/Pulumi\.yaml can't be read: EISDIR/);
  });

  for (const [text, says] of [
    ["name: [\n", /^Pulumi\.yaml isn't valid YAML: /],
    ["runtime: nodejs\n", /^Pulumi\.yaml has no project name/],
    ["name:\n", /^Pulumi\.yaml has the project name null/],
    ["name: 5\n", /^Pulumi\.yaml has the project name 5: .*in quotes if it looks like a number/],
    ["name: my shop\n", /^Pulumi\.yaml has the project name "my shop": use 1 to 100 letters/],
    ["name: other\n", /names the project "other", but every key of Pulumi\.dev\.yaml starts with shop:\./],
  ] as const)
    it(`have a project file that says ${JSON.stringify(text)}`, () => {
      write("Pulumi.yaml", text);
      refuses("dev", says);
    });
});
