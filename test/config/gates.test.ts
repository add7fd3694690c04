import assert from "node:assert/strict";
import { describeFault } from "../../config/reading/errors";
import { mkdirSync, mkdtempSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Document } from "yaml";
import { contextDigest } from "../../config/systems/build-context";
import { gates } from "../../config/systems/gates";
import type { CacheStore, SystemSpec } from "../../systems/spec";
import { drop, faultsOf, set } from "../support/edits";
import { catalog, settingsOf } from "../support/frozen";

const ams = "systems.ams";
const api = `${ams}.workloads.api`;
const app = "test/components/workload/fixtures/app";

const both =
  (...edits: ((file: Document) => void)[]) =>
  (file: Document) =>
    edits.forEach((edit) => edit(file));

const cases: readonly [what: string, edit: (file: Document) => void, path: string, says: RegExp][] = [
  [
    "a system without gates",
    drop(`${ams}.gates`),
    `${ams}.gates.backup`,
    /found nothing; allowed is one of true, false/,
  ],
  [
    "backups without retention",
    drop(`${ams}.gates.keepBackupsDays`),
    `${ams}.gates.keepBackupsDays`,
    /days, 1 to 365/,
  ],
  [
    "retention without backups",
    set(`${ams}.gates`, { backup: false, keepBackupsDays: 3 }),
    `${ams}.gates.keepBackupsDays`,
    /allowed is one of the keys/,
  ],
  [
    "test data next to other data, as in prod",
    set(`${ams}.gates.seed`, true),
    `${ams}.gates.seed`,
    /gates\.seed: found true; allowed is true only if plinth:testData is true/,
  ],
  [
    "a retry that fits no name",
    set(`${ams}.gates.retry`, "Once more"),
    `${ams}.gates.retry`,
    /letters and digits/,
  ],
  [
    "an invalid deadline",
    set(`${ams}.gates.deadlineSeconds`, 5),
    `${ams}.gates.deadlineSeconds`,
    /60 to 21600/,
  ],
  [
    "a rollback to another image than the one that would run",
    set(`${ams}.gates.rollbackTo`, "ams-api:0.9.0"),
    `${ams}.gates.rollbackTo`,
    /"ams-api:0\.9\.0".*"ams-api:[^"]+", the image of api, .*or no rollbackTo/,
  ],
  [
    "a rollback key that was left in the file with the next image",
    both(set(`${ams}.gates.rollbackTo`, "ams-api:1.0.0"), set(`${api}.image`, "ams-api:1.1.0")),
    `${ams}.gates.rollbackTo`,
    /"ams-api:1\.1\.0", the image of api/,
  ],
  [
    "a rollback to an image that this update builds",
    both(
      set(`${ams}.gates.rollbackTo`, "ams-api:1.0.0"),
      set(`${api}.image`, "ams-api:1.0.0"),
      set(`${ams}.workloads.worker.image`, "ams-api:1.0.0"),
      set(`${ams}.workloads.worker.build`, { context: app }),
    ),
    `${ams}.gates.rollbackTo`,
    /is built by this update/,
  ],
  [
    "a build context that doesn't exist",
    set(`${api}.build`, { context: "no/such/folder" }),
    `${api}.build.context`,
    /an existing folder/,
  ],
  [
    "a build context without a Dockerfile",
    set(`${api}.build`, { context: "test/components" }),
    `${api}.build.context`,
    /no test\/components\/Dockerfile/,
  ],
  [
    "a Dockerfile that doesn't exist",
    set(`${api}.build`, { context: app, dockerfile: `${app}/Other` }),
    `${api}.build.dockerfile`,
    /no test\/.*\/Other/,
  ],
  [
    "a context with an absolute path",
    set(`${api}.build`, { context: "/etc" }),
    `${api}.build.context`,
    /project's folder/,
  ],
  [
    "a secret mount, which isn't supported",
    set(`${api}.build`, { context: app, secrets: {} }),
    `${api}.build.secrets`,
    /allowed is one of the keys/,
  ],
  [
    "a build of an image with a digest",
    both(set(`${api}.image`, `ams-api@sha256:${"0".repeat(64)}`), set(`${api}.build`, { context: app })),
    `${api}.image`,
    /a name and a tag/,
  ],
  [
    "one image that is built in two ways",
    both(
      set(`${api}.build`, { context: app }),
      set(`${ams}.workloads.worker.build`, { context: app, target: "app" }),
    ),
    `${ams}.workloads.worker.build`,
    /the same build as api/,
  ],
  [
    "a load test without paths",
    set(`${ams}.loadTest`, { users: 1, minutes: 1, paths: [] }),
    `${ams}.loadTest.paths`,
    /at least 1/,
  ],
  [
    "a load test at no time",
    set(`${ams}.loadTest`, { schedule: "nightly", users: 1, minutes: 1, paths: ["/"] }),
    `${ams}.loadTest.schedule`,
    /minute, hour/,
  ],
  [
    "a load test with an impossible status",
    set(`${ams}.loadTest`, { users: 1, minutes: 1, paths: [{ path: "/", status: 500 }] }),
    `${ams}.loadTest.paths.0.status`,
    /200 to 499/,
  ],
  [
    "a smoke test of an unknown host",
    set(`${ams}.smoke`, { api: [{ path: "/" }] }),
    `${ams}.smoke.api`,
    /allowed is one of the keys/,
  ],
  [
    "a smoke test that expects a server error",
    set(`${ams}.smoke`, { app: [{ path: "/", status: 503 }] }),
    `${ams}.smoke.app.0.status`,
    /200 to 499/,
  ],
];

describe("release settings: bad input", () => {
  for (const [what, edit, path, says] of cases)
    it(what, async () => {
      const { faults } = await faultsOf("prod", edit);
      assert.deepEqual(
        faults.map((fault) => fault.path),
        [`plinth:${path}`],
      );
      assert.match(faults.map((fault) => describeFault("Pulumi.prod.yaml", fault)).join(), says);
    });

  it("refuses to omit a required workload, key by key", async () => {
    const { faults } = await faultsOf("prod", drop(`${ams}.workloads.web`));
    assert.deepEqual(
      faults.map(({ path, found }) => [path.replace(`plinth:${ams}.workloads.web.`, ""), found]),
      ["image", "minAvailable", "resources.requests", "resources.limits"].map((key) => [key, "nothing"]),
    );
  });

  const without = (env: object): SystemSpec => ({
    ...catalog.ams,
    workloads: { ...catalog.ams.workloads, api: { ...catalog.ams.workloads.api, env: env as never } },
  });

  it("refuses a migration by a workload without a database", () => {
    assert.throws(() => gates(without({})), /ams has a migration .* api gets no URL of a writable database/);
    const reads = { DATABASE_URL: { from: "postgres.readUrl", key: "x" } };
    assert.throws(
      () => gates(without(reads)),
      /gets no URL of a writable database/,
      "a replica can't be migrated",
    );
    assert.doesNotThrow(() => gates(catalog.ams));
  });

  it("doesn't compile with a migration setting of a system without one", () => {
    type Without = SystemSpec<{ readonly cache: CacheStore }, "api", "app">;
    // @ts-expect-error there is no database to migrate
    const migration: Without["migration"] = { workload: "api", migrate: ["x"], verify: ["x"], seed: ["x"] };
    assert.ok(migration);
  });

  it("lets a system without a migration omit its gates, without a backup", () => {
    const spec: SystemSpec = Object.assign({}, catalog.ams, { migration: undefined });
    assert.deepEqual(gates(spec).parse(undefined), { backup: false, seed: false, deadlineSeconds: 1800 });
    assert.equal(gates(spec).safeParse({ backup: true, keepBackupsDays: 3 }).success, false);
  });
});

describe("release settings", () => {
  it("have the Dockerfile and context of a build", async () => {
    const { systems } = await settingsOf("prod", set(`${api}.build`, { context: app }));
    const { build } = systems.ams?.workloads.api ?? assert.fail();
    assert.equal(build?.dockerfile, `${app}/Dockerfile`);
    assert.match(build?.digest ?? "", /^[0-9a-f]{64}$/);
  });

  it("identify a context by its files, without git's data and files that Docker ignores", () => {
    const folder = mkdtempSync(join(tmpdir(), "plinth-context-"));
    const outside = mkdtempSync(join(tmpdir(), "plinth-outside-"));
    const write = (name: string, text: string) => writeFileSync(join(folder, name), text);
    const digest = (more: unknown = null) => contextDigest(folder, join(folder, "Dockerfile"), more);
    try {
      for (const name of ["src", "node_modules", ".git"]) mkdirSync(join(folder, name));
      write("Dockerfile", "FROM scratch");
      write(".dockerignore", "# not ours\n/node_modules/\n*.log\n");
      write("src/a", "one");
      const first = digest();
      assert.equal(digest(), first);
      write(".git/HEAD", "x");
      write("node_modules/x", "x");
      assert.equal(digest(), first, "what isn't sent changes nothing");
      const others = [digest({ VERSION: "2" })];
      const change = (name: string, text: string) => {
        write(name, text);
        others.push(digest());
      };
      change("src/a", "two");
      change("src/b", "");
      change("x.log", "a pattern counts as not ignored");
      change("Dockerfile", "FROM scratch AS x");
      change(".dockerignore", "node_modules\n!node_modules/x\n");
      change("node_modules/x", "sent after all, maybe");
      assert.equal(new Set([first, ...others]).size, 8);
      const elsewhere = join(outside, "Dockerfile");
      writeFileSync(elsewhere, "FROM one");
      const one = contextDigest(folder, elsewhere, null);
      writeFileSync(elsewhere, "FROM two");
      assert.notEqual(contextDigest(folder, elsewhere, null), one, "a Dockerfile outside of the context");
    } finally {
      for (const each of [folder, outside]) rmSync(each, { recursive: true, force: true });
    }
  });
});
