import assert from "node:assert/strict";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, symlinkSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";

import { SPEED_UPS } from "../../preview/cli";
import { preview, previewOnce, type Outcome } from "../support/preview-command";

const root = join(__dirname, "..", "..");
const app = join(__dirname, "fixtures", "app");
const stacksOf = (folder: string) =>
  readdirSync(folder).flatMap((file) => /^Pulumi\.([^.]+)\.yaml$/.exec(file)?.[1] ?? []);

/** The unchanged SDK, and the pack in its own process, as in the engine. */
const plain = ["--pack-process", "--without", ...SPEED_UPS];

const previews: readonly (readonly [name: string, folder: string, stack: string])[] = [
  ...stacksOf(root).map((stack) => [stack, root, stack] as const),
  ...stacksOf(join(root, "foundation")).map((stack) => {
    const name = `foundation/${stack}`;
    return [name, root, name] as const;
  }),
  ...stacksOf(app).map((stack) => [`fixture ${stack}`, app, stack] as const),
];

describe("the preview's speed-ups", () => {
  for (const [name, folder, stack] of previews)
    it(`change neither the plan nor the verdicts: ${name}`, async () => {
      const [fast, slow] = await Promise.all([previewOnce(folder, stack), preview(folder, stack, plain)]);
      assert.deepEqual(fast, slow);
    });

  for (const step of SPEED_UPS)
    it(`can be switched off one by one: ${step}`, async () => {
      const [fast, without] = await Promise.all([
        previewOnce(app, "ok"),
        preview(app, "ok", ["--without", step]),
      ]);
      assert.deepEqual(without, fast);
    });

  describe("caches", () => {
    /** A copy of the preview, whose caches can be damaged. */
    let copy: string;
    const caches = () => join(copy, "node_modules", ".cache", "plinth");
    before(() => {
      copy = mkdtempSync(join(tmpdir(), "plinth-cache-"));
      for (const part of [
        "preview",
        "tools",
        "config",
        "components",
        "standards",
        "systems",
        "package.json",
        "package-lock.json",
        "tsconfig.json",
      ])
        cpSync(join(root, part), join(copy, part), { recursive: true });
      cpSync(app, join(copy, "app"), { recursive: true });
      // Packages as links, so that the copy has its own cache.
      const packages = join(root, "node_modules");
      mkdirSync(join(copy, "node_modules"));
      for (const name of readdirSync(packages))
        if (!name.startsWith(".")) symlinkSync(join(packages, name), join(copy, "node_modules", name));
    });
    after(() => rmSync(copy, { recursive: true, force: true }));

    const run = () => preview(join(copy, "app"), "ok", [], copy);
    let good: Outcome;

    it("are filled by the first preview, and give the second the same plan", async () => {
      good = await run();
      assert.equal(good.code, 0, good.stderr);
      assert.deepEqual(await run(), good);
      assert.ok(readdirSync(caches()).some((file) => file.startsWith("bundle-")));
    });

    it("can be damaged", async () => {
      for (const damage of ["", "{", "nonsense".repeat(1000)]) {
        for (const file of readdirSync(caches(), { withFileTypes: true }))
          if (file.isFile()) writeFileSync(join(caches(), file.name), damage);
        assert.deepEqual(await run(), good);
      }
    });

    it("can be deleted, and filled by several previews at once", async () => {
      rmSync(caches(), { recursive: true });
      const all = await Promise.all([run(), run(), run()]);
      for (const one of all) assert.deepEqual(one, good);
      assert.ok(
        readdirSync(caches()).every((file) => !/\.\d+$/.test(file)),
        "a draft was left behind",
      );
    });

    it("aren't used after their sources change", async () => {
      writeFileSync(join(copy, "app", "index.ts"), "throw new Error('changed');\n");
      const after = await run();
      assert.equal(after.code, 3);
      assert.match(after.stderr, /changed/);
    });
  });
});
