import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { DifferenceDocument } from "../../../preview/difference/document";
import { Copy } from "../../changes/copy";
import { needs } from "../../support/needs";

/** The command on a separate repository, after a component of the program has moved. */
describe("npm run preview -- <stack> --against <revision>", () => {
  let copy: Copy;
  let cache: string;

  const run = (...args: string[]) => {
    const env = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", XDG_CACHE_HOME: cache };
    const options = { cwd: copy.folder, env, encoding: "utf8", maxBuffer: 2 ** 28 } as const;
    return spawnSync(process.execPath, ["preview/run.mjs", ...args], options);
  };
  const git = (...args: string[]) => spawnSync("git", args, { cwd: copy.folder, encoding: "utf8" });

  before(function () {
    needs(this, spawnSync("git", ["--version"]).error === undefined ? undefined : "git");
    copy = Copy.make();
    cache = mkdtempSync(join(tmpdir(), "plinth-cache-"));
    // The copy is already a repository with one commit.
    assert.equal(git("branch", "--force", "before", "HEAD").status, 0);
    const file = "components/region/base.ts";
    copy.replace(file, "import { copiesTo,", 'import * as pulumi from "@pulumi/pulumi";\nimport { copiesTo,');
    copy.replace(
      file,
      "    parent.inside,\n  );\n  const network",
      '    { parent: new pulumi.ComponentResource("plinth:security:Vault", parent.child("vault"), {}, parent.inside) },\n  );\n  const network',
    );
  });
  after(() => {
    copy?.remove();
    if (cache !== undefined) rmSync(cache, { recursive: true });
  });

  it("shows a moved component as a probable rename with the alias that keeps it, and exits 4", () => {
    const { status, stdout, stderr } = run("dev", "--against", "before", "--json", "--out", "plan");
    assert.equal(status, 4, stderr);
    const found = JSON.parse(stdout) as DifferenceDocument;
    const rename = found.renames.find(({ type }) => type === "plinth:security:Keys");
    assert.deepEqual(rename?.alias, { parent: "urn:pulumi:dev::plinth::plinth:region:Region::primary" });
    assert.ok((rename?.keepsStateful ?? 0) >= 2, "no key is kept");
    assert.ok(found.lost.some((urn) => urn.includes("aws:kms/key:Key")));
    assert.ok(readdirSync(join(copy.folder, "plan")).includes("difference.md"));
  });

  it("keeps the revision's files, and says what to run if it needs other packages", () => {
    const [kept] = readdirSync(join(cache, "plinth", "revisions"));
    assert.match(kept ?? "", /^[0-9a-f]{40}$/);
    copy.write("package-lock.json", "{}\n");
    rmSync(join(cache, "plinth"), { recursive: true });
    const { status, stdout, stderr } = run("dev", "--against", "before");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.match(stderr, /^before has other packages .*\n {2}\(cd .*[0-9a-f]{40} && npm ci /);
  });
});
