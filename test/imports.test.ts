import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { dirname, join, relative, resolve, sep } from "node:path";

const root = join(__dirname, "..");

/** Allowed imports by folder: `systems` and `config` don't import components. */
const allowed: Record<string, readonly string[]> = {
  "index.ts": ["components", "config", "systems"],
  systems: ["systems"],
  // The policy pack asks for higher quotas with the same command.
  config: ["config", "systems", "standards/quotas", "tools/format"],
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
  // Requirements that the policy pack and the cluster's admission policies share, as data.
  standards: ["standards"],
  compose: ["compose", "components", "config", "preview", "systems"],
  // The program shares the names of logins and variables, and the verifier, with the function.
  "functions/rotation": [
    "functions/rotation",
    "components/data/credentials/variables",
    "components/data/credentials/logins",
    "components/data/credentials/scram",
  ],
  "functions/pruning": ["functions/pruning"],
  "functions/secret-ages": ["functions/secret-ages"],
  "functions/copy-ages": ["functions/copy-ages"],
};

/** Within `components`, a layer can import those to its left. Files outside the layers can import all. */
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
    it(`of ${folder} have one direction`, () => {
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
      ["components", "compose", "config", "foundation", "policies", "preflight", "preview", "systems", "test"]
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
