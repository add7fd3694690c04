import assert from "node:assert/strict";
import { existsSync, readdirSync, readFileSync } from "node:fs";
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

  it("lists each of its sections in the table of contents", () => {
    const sections = [...text.matchAll(/^## (.+)$/gm)].map(([, title]) => title);
    const listed = [...text.matchAll(/^- \[(.+)\]\(#[\w-]+\)$/gm)].map(([, title]) => title);
    assert.ok(sections.length > 10);
    assert.deepEqual(listed, sections);
  });

  it("lists packages whose versions are exact", () => {
    for (const [name, version] of packages) assert.match(version, /^(npm:\w+@)?\d+\.\d+\.\d+$/, name);
  });
});

describe("documents", () => {
  const inFolder = (folder: string) =>
    readdirSync(join(root, folder)).flatMap((file) => (file.endsWith(".md") ? [join(folder, file)] : []));
  const pages = ["README.md", ...inFolder("docs"), ...inFolder("docs/runbooks")];
  const folders = readdirSync(root, { withFileTypes: true })
    .filter((entry) => entry.isDirectory() && !["node_modules", "local", "coverage"].includes(entry.name))
    .map(({ name }) => name.replace(".", "\\."));

  for (const page of pages)
    it(`${page} names and links only files that exist`, () => {
      const text = read(page);
      const links = [...text.matchAll(/\]\(([^)#:]+)(?:#[^)]*)?\)/g)].map(([, to = ""]) =>
        join(dirname(page), to),
      );
      const named = [...text.matchAll(new RegExp(`\`((?:${folders.join("|")})/[\\w./-]*)\``, "g"))];
      for (const file of [...links, ...named.map(([, to = ""]) => to)])
        assert.ok(existsSync(join(root, file)), `${page}: ${file}`);
    });

  it("README.md runs only scripts that exist", () => {
    const { scripts } = JSON.parse(read("package.json")) as { scripts: Record<string, string> };
    const used = [...read("README.md").matchAll(/npm run (?:--silent )?([\w:][\w:-]*)/g)].map(
      ([, script = ""]) => script,
    );
    assert.ok(used.length > 5);
    for (const script of used) assert.ok(script in scripts, script);
  });
});
