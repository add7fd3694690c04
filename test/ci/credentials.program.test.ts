import assert from "node:assert/strict";
import { execFileSync } from "node:child_process";
import { cpSync, mkdtempSync, readFileSync, rmSync, symlinkSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { parse } from "yaml";
import type { SecretAges } from "../../functions/secret-ages/ages";
import { formatted } from "../../tools/format";
import { root, stubsFor } from "./stubs";

const report: SecretAges = {
  late: 1,
  ages: [
    { entry: "plinth-prod/ams/postgres", days: 30, age: 40, state: "late" },
    {
      entry: "plinth-prod/ams/cache",
      days: 90,
      age: 95,
      state: "due",
      setting: "plinth:systems.ams.stores.cache.credentialsVersion",
    },
    {
      entry: "plinth-prod/ams/jwt",
      days: 90,
      age: 91,
      state: "due",
      setting: "plinth:systems.ams.stores.jwt.credentialsVersion",
    },
    {
      entry: "plinth-prod/opmas/nats",
      days: 90,
      age: 5,
      state: "current",
      setting: "plinth:systems.opmas.stores.nats.credentialsVersion",
    },
  ],
};

describe(".ci/secret-ages", () => {
  const stubs = stubsFor("jq");
  beforeEach(() => {
    stubs.command("aws", 'for last; do :; done; cat "$HERE/report" > "$last"; cat "$HERE/failed"');
    stubs.write("report", JSON.stringify(report));
    stubs.write("failed", "None");
  });

  it("asks the stack's own function, and prints a table or its answer", async () => {
    const { code, out } = await stubs.run("secret-ages", ["prod"]);
    assert.equal(code, 0);
    assert.equal(out.split("\n")[0], "plinth-prod/ams/postgres\t40 days\tdue at 30\tlate");
    assert.match(stubs.calls[0] ?? "", /--region ap-northeast-2 --function-name plinth-prod-secret-ages /);
    const json = await stubs.run("secret-ages", ["prod", "--json"]);
    assert.deepEqual(JSON.parse(json.out), report);
  });

  it("fails with the function's message", async () => {
    stubs.write("failed", "Unhandled");
    stubs.write("report", '{"errorMessage": "plinth-prod/ams/cache: it has no value"}');
    const { code, out, err } = await stubs.run("secret-ages", ["prod"]);
    assert.deepEqual([code, out], [1, ""]);
    assert.match(err, /can't be read: plinth-prod\/ams\/cache: it has no value/);
  });
});

describe("tools/raise-credentials.mjs", () => {
  let folder: string;
  const file = () => join(folder, "Pulumi.prod.yaml");
  const raise = (input: SecretAges): string =>
    execFileSync(process.execPath, [join(root, "tools", "raise-credentials.mjs"), "prod"], {
      cwd: folder,
      input: JSON.stringify(input),
      encoding: "utf8",
    });
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "plinth-raise-"));
    cpSync(join(root, "test/fixtures/project/Pulumi.prod.yaml"), file());
    symlinkSync(join(root, "node_modules"), join(folder, "node_modules"));
  });
  afterEach(() => rmSync(folder, { recursive: true }));

  it("raises each due version by one, even if the file has none, and changes nothing else", async () => {
    const before = readFileSync(file(), "utf8");
    const out = raise(report);
    assert.match(out, /^### prod\n\n- `plinth-prod\/ams\/postgres` is 40 days old: see docs/);
    assert.match(out, /`plinth:systems\.ams\.stores\.jwt\.credentialsVersion` 1 → 2/);
    assert.doesNotMatch(out, /nats/);
    const wanted = parse(before) as {
      config: { "plinth:systems": { ams: { stores: Record<string, object> } } };
    };
    const { stores } = wanted.config["plinth:systems"].ams;
    for (const store of ["cache", "jwt"]) stores[store] = { ...stores[store], credentialsVersion: 2 };
    const after = readFileSync(file(), "utf8");
    assert.deepEqual(parse(after), wanted);
    assert.equal(after, await formatted("Pulumi.prod.yaml", after));
    const kept = before.split("\n").filter((line) => !after.split("\n").includes(line));
    assert.deepEqual(kept, []);
    assert.match(raise(report), /`plinth:systems\.ams\.stores\.jwt\.credentialsVersion` 2 → 3/);
  });

  it("does nothing if nothing is due", () => {
    const before = readFileSync(file(), "utf8");
    assert.equal(raise({ late: 0, ages: report.ages.slice(-1) }), "");
    assert.equal(readFileSync(file(), "utf8"), before);
  });
});

describe(".ci/credentials-pull-request", () => {
  const stubs = stubsFor();
  beforeEach(() => {
    stubs.command("git", 'case "$*" in "diff --quiet "*) [ ! -e "$HERE/changed" ] ;; esac');
    stubs.command("gh", 'case "$*" in "pr list "*) cat "$HERE/open" ;; esac');
    stubs.write("open", "");
  });
  const env = { GITHUB_REPOSITORY: "team/plinth", GH_TOKEN: "token" };
  const asked = () => stubs.calls.filter((call) => call.startsWith("gh ")).map((call) => call.slice(0, 12));

  it("opens one pull request, updates it, and does neither without a change", async () => {
    const run = () => stubs.run("credentials-pull-request", [], { input: "- `cache` 1 → 2", env });
    assert.equal((await run()).code, 0);
    assert.deepEqual(asked(), []);
    stubs.write("changed", "");
    assert.equal((await run()).code, 0);
    assert.deepEqual(asked(), ["gh pr list -", "gh pr create"]);
    stubs.write("open", "7");
    assert.equal((await run()).code, 0);
    assert.deepEqual(asked().slice(2), ["gh pr list -", "gh pr edit 7"]);
    assert.ok(stubs.calls.every((call) => !call.includes("token=") && !/password=token/.test(call)));
  });
});
