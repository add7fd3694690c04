import assert from "node:assert/strict";
import { spawn } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SPEED_UPS } from "../../preview/cli";

const root = join(__dirname, "..", "..");
const app = join(__dirname, "fixtures", "app");
const stacksOf = (folder: string) =>
  readdirSync(folder).flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? []);

interface Outcome {
  readonly code: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

/** What `npm run preview` prints, with the preview's own code from `code`. */
async function preview(
  folder: string,
  stack: string,
  args: readonly string[],
  code = root,
): Promise<Outcome> {
  const child = spawn(process.execPath, [join(code, "preview", "run.mjs"), stack, "--json", ...args], {
    cwd: folder,
    env: { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1" },
  });
  let [stdout, stderr] = ["", ""];
  child.stdout.on("data", (chunk: Buffer) => (stdout += chunk.toString()));
  child.stderr.on("data", (chunk: Buffer) => (stderr += chunk.toString()));
  const exit = await new Promise<number | null>((resolve) => child.once("close", resolve));
  return { code: exit, stdout, stderr };
}

/** The SDK as it is, and the pack in a process of its own, as the engine runs it. */
const plain = ["--pack-process", "--without", ...SPEED_UPS];

describe("the preview's speed-ups", () => {
  for (const folder of [root, app])
    for (const stack of stacksOf(folder))
      it(`change neither the plan nor the verdicts: ${folder === app ? "fixture " : ""}${stack}`, async () => {
        const [fast, slow] = await Promise.all([preview(folder, stack, []), preview(folder, stack, plain)]);
        assert.deepEqual(fast, slow);
      });

  for (const step of SPEED_UPS)
    it(`can be left out one by one: ${step}`, async () => {
      const [fast, without] = await Promise.all([
        preview(app, "ok", []),
        preview(app, "ok", ["--without", step]),
      ]);
      assert.deepEqual(without, fast);
    });

  describe("caches", () => {
    /** A copy of the preview, so that its caches may be spoilt. */
    let copy: string;
    const caches = () => join(copy, "node_modules", ".cache", "plinth");
    before(() => {
      copy = mkdtempSync(join(tmpdir(), "plinth-cache-"));
      for (const part of [
        "preview",
        "tools",
        "config",
        "components",
        "systems",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
      ])
        cpSync(join(root, part), join(copy, part), { recursive: true });
      cpSync(app, join(copy, "app"), { recursive: true });
      // Packages as links, so that the copy has a cache of its own beside them.
      const packages = join(root, "node_modules");
      mkdirSync(join(copy, "node_modules"));
      for (const name of readdirSync(packages))
        if (!name.startsWith(".")) symlinkSync(join(packages, name), join(copy, "node_modules", name));
    });
    after(() => rmSync(copy, { recursive: true, force: true }));

    const run = () => preview(join(copy, "app"), "ok", [], copy);

    it("are filled by the first preview, and give the second the same plan", async () => {
      const [first, second] = [await run(), await run()];
      assert.equal(first.code, 0, first.stderr);
      assert.deepEqual(second, first);
      assert.ok(readdirSync(caches()).some((file) => file.startsWith("bundle-")));
    });

    it("may be damaged", async () => {
      const good = await run();
      for (const damage of ["", "{", "nonsense".repeat(1000)]) {
        for (const file of readdirSync(caches(), { withFileTypes: true }))
          if (file.isFile()) writeFileSync(join(caches(), file.name), damage);
        assert.deepEqual(await run(), good);
      }
    });

    it("may be deleted, and filled by several previews at once", async () => {
      const good = await run();
      rmSync(caches(), { recursive: true });
      const all = await Promise.all([run(), run(), run()]);
      for (const one of all) assert.deepEqual(one, good);
      assert.ok(
        readdirSync(caches()).every((file) => !/\.\d+$/.test(file)),
        "a draft was left behind",
      );
    });

    it("don't outlive the sources that they were made of", async () => {
      const before = await run();
      writeFileSync(join(copy, "app", "index.ts"), "throw new Error('changed');\n");
      const after = await run();
      assert.equal(before.code, 0);
      assert.equal(after.code, 3);
      assert.match(after.stderr, /changed/);
    });
  });
});
