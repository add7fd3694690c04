import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { charts } from "../../standards/charts";
import { stacks, stackText } from "../support/stacks";
import { root } from "./stubs";

interface Manager {
  readonly matchStrings: readonly string[];
  readonly depNameTemplate: keyof typeof charts;
  readonly registryUrlTemplate: string;
}
const { customManagers } = JSON.parse(readFileSync(join(root, "renovate.json"), "utf8")) as {
  customManagers: readonly Manager[];
};

describe("updates of pinned versions", () => {
  it("renovate.json matches every chart of every stack file, with its repository", () => {
    for (const stack of stacks) {
      const found = customManagers.flatMap(({ matchStrings }) =>
        matchStrings.flatMap((match) =>
          [...stackText(stack).matchAll(new RegExp(match, "g"))].map(({ groups }) => groups?.currentValue),
        ),
      );
      const written = [...stackText(stack).matchAll(/chart: "([^"]+)"/g)].map(([, version]) => version);
      assert.deepEqual(found.sort(), written.sort(), stack);
    }
    for (const { depNameTemplate, registryUrlTemplate } of customManagers)
      assert.equal(registryUrlTemplate, charts[depNameTemplate].repo, depNameTemplate);
    assert.deepEqual(
      customManagers.map(({ depNameTemplate }) => depNameTemplate as string).sort(),
      Object.keys(charts).sort(),
    );
  });

  it("dependabot.yml names folders that have something to update", () => {
    const { updates } = parse(readFileSync(join(root, ".github/dependabot.yml"), "utf8")) as {
      updates: readonly {
        "package-ecosystem": string;
        directory?: string;
        directories?: readonly string[];
      }[];
    };
    const manifest: Record<string, RegExp> = {
      npm: /^package\.json$/,
      "github-actions": /^(action\.yml|\.github)$/,
      gomod: /^go\.mod$/,
      docker: /^Dockerfile$/,
    };
    for (const { "package-ecosystem": ecosystem, directory, directories = [directory ?? ""] } of updates)
      for (const each of directories) {
        const folder = join(root, each.replace(/\/\*$/, ""));
        assert.ok(existsSync(folder), each);
        const inside = each.endsWith("/*")
          ? readdirSync(folder, { withFileTypes: true })
              .filter((entry) => entry.isDirectory())
              .flatMap(({ name }) => readdirSync(join(folder, name)))
          : readdirSync(folder);
        assert.ok(
          inside.some((file) => manifest[ecosystem]?.test(file)),
          `${ecosystem} in ${each}`,
        );
      }
  });
});
