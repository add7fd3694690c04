import assert from "node:assert/strict";
import { existsSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";

const root = join(__dirname, "..", "..");
const read = (file: string) => readFileSync(join(root, file), "utf8");

interface Manifest {
  readonly dependencies?: Record<string, string>;
  readonly devDependencies?: Record<string, string>;
}

const packages = ["package.json", "policies/package.json"].flatMap((file) => {
  const { dependencies, devDependencies } = JSON.parse(read(file)) as Manifest;
  return Object.entries({ ...dependencies, ...devDependencies });
});

describe("docs/decisions.md", () => {
  const text = read("docs/decisions.md");
  const table = [...text.matchAll(/^\| `([^`]+)`\s*\| (.*?)\s*\|$/gm)];

  it("has a reason for every dependency, and no other rows", () => {
    const names = table.map(([, name]) => name).sort();
    assert.deepEqual(names, [...new Set(packages.map(([name]) => name))].sort());
    for (const [, name, why = ""] of table) assert.ok(why.length > 3, name);
  });

  it("lists packages whose versions are exact", () => {
    for (const [name, version] of packages) assert.match(version, /^(npm:\w+@)?\d+\.\d+\.\d+$/, name);
  });
});

describe("documents", () => {
  const pages = [
    "README.md",
    "docs/compose.md",
    "docs/coverage.md",
    "docs/decisions.md",
    "docs/image-contract.md",
    "docs/operators.md",
    "docs/planned-replacement.md",
  ];

  for (const page of pages)
    it(`${page} names and links only files that exist`, () => {
      const text = read(page);
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) =>
        join(dirname(page), to),
      );
      const named = [
        ...text.matchAll(
          /`((?:components|config|docs|policies|preview|systems|test|\.ci|\.github)\/[^`*<… ]+)`/g,
        ),
      ];
      for (const file of [...links, ...named.map(([, to = ""]) => to)])
        assert.ok(existsSync(join(root, file)), `${page}: ${file}`);
    });

  it("README.md runs only scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const used = [...read("README.md").matchAll(/npm run (?:--silent )?([\w:-]+)/g)].map(
      ([, script = ""]) => script,
    );
    assert.ok(used.length > 5);
    for (const script of used) assert.ok(script in scripts, script);
  });
});
