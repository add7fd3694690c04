import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const root = join(__dirname, "..");

/** What a folder's files may import of the project: `systems` and `config` know nothing of components. */
const allowed: Record<string, readonly string[]> = {
  "index.ts": ["components", "config", "systems"],
  systems: ["systems"],
  config: ["config", "systems"],
  components: [
    "components",
    "config",
    "systems",
    "standards",
    "functions/pruning/expired",
    "functions/search-setup/apply",
    "functions/secret-ages/ages",
  ],
  policies: ["policies", "standards"],
  // Data of what the policy pack and the admission policies in the cluster both demand.
  standards: ["standards"],
  compose: ["compose", "components", "config", "preview", "systems"],
  // The names of logins and variables, and the verifier, are written once: the program hands them to the function.
  "functions/rotation": [
    "functions/rotation",
    "components/data/credentials-variables",
    "components/data/logins",
    "components/data/scram",
  ],
  "functions/pruning": ["functions/pruning"],
  "functions/secret-ages": ["functions/secret-ages"],
  "functions/copy-ages": ["functions/copy-ages"],
};

/** Inside `components`: a layer may import those to its left. What stands in no layer is for all. */
const layers = [
  "base",
  "observability",
  "network",
  "security",
  "data",
  "storage",
  "messaging",
  "workload",
  "jobs",
  "cluster",
  "edge",
  "system",
  "region",
  "standby",
];

const files = (folder: string): string[] =>
  readdirSync(join(root, folder), { withFileTypes: true }).flatMap((entry) => {
    const path = join(folder, entry.name);
    if (entry.isDirectory()) return entry.name === "bin" ? [] : files(path);
    return entry.name.endsWith(".ts") ? [path] : [];
  });

/** Paths of the modules that a file imports, types included, without `.ts`. */
function imports(file: string): string[] {
  const text = readFileSync(join(root, file), "utf8");
  const lines = text.matchAll(/(?:import|export)\s[^;]*?from\s+"(\.[^"]+)"/g);
  return [...lines].map(([, path = ""]) => relative(root, resolve(root, dirname(file), path)));
}

describe("imports", () => {
  for (const [folder, targets] of Object.entries(allowed))
    it(`of ${folder} flow one way`, () => {
      const sources = folder.endsWith(".ts") ? [folder] : files(folder);
      assert.ok(sources.length > 0);
      for (const file of sources)
        for (const target of imports(file))
          assert.ok(
            targets.some((allowed) => target === allowed || target.startsWith(allowed + sep)),
            `${file} imports ${target}`,
          );
    });

  it("inside components go from the system down", () => {
    for (const layer of layers)
      for (const file of files(join("components", layer)))
        for (const target of imports(file)) {
          const [, other = ""] = target.split(sep);
          const rank = layers.indexOf(other);
          if (rank >= 0) assert.ok(rank <= layers.indexOf(layer), `${file} imports ${target}`);
        }
  });

  it("form no cycle", () => {
    const sources = new Map(
      ["components", "compose", "config", "foundation", "policies", "preflight", "preview", "systems"]
        .flatMap(files)
        .map((file) => [file.replace(/\.ts$/, ""), file]),
    );
    const done = new Set<string>();
    const follow = (module: string, path: readonly string[]): void => {
      const here = sources.has(module) ? module : join(module, "index");
      const file = sources.get(here);
      assert.ok(!path.includes(here), [...path.slice(path.indexOf(here)), here].join(" imports "));
      if (file === undefined || done.has(here)) return;
      for (const target of imports(file)) follow(target, [...path, here]);
      done.add(here);
    };
    for (const module of sources.keys()) follow(module, []);
  });

  it("lets only config read the stack's name and the engine's configuration", () => {
    for (const folder of ["components", "systems"])
      for (const file of files(folder))
        assert.doesNotMatch(
          readFileSync(join(root, file), "utf8"),
          /getStack\(|new pulumi\.Config|process\.env|stack\s*===/,
          file,
        );
  });
});
