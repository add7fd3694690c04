import assert from "node:assert/strict";
import { stubsFor } from "./stubs";
import { stacks } from "../support/stacks";

/** The scripts of pull requests and of the drift check. */
describe("scripts of pull requests", () => {
  const stubs = stubsFor("jq");
  const env = { GITHUB_REPOSITORY: "acme/plinth" };

  const github = (comment: string) =>
    stubs.command(
      "gh",
      `case "$*" in
        *--paginate*) echo "${comment}" ;;
        *--method*) cat > "$HERE/body" ;;
      esac`,
    );

  it("comment: creates a comment, or updates its own", async () => {
    github("");
    assert.equal((await stubs.run("comment", ["12"], { input: "### dev", env })).code, 0);
    assert.match(stubs.calls.at(-1) ?? "", /--method POST repos\/acme\/plinth\/issues\/12\/comments/);
    github("77");
    assert.equal((await stubs.run("comment", ["12"], { input: "### dev", env })).code, 0);
    assert.match(stubs.calls.at(-1) ?? "", /--method PATCH repos\/acme\/plinth\/issues\/comments\/77/);
    assert.deepEqual(JSON.parse(stubs.read("body")), { body: "<!-- plinth preview -->\n### dev" });
  });

  it("comment: mentions nobody that a fork's text names, and fits the limit", async () => {
    github("");
    await stubs.run("comment", ["12"], { input: `@admin ${"x".repeat(70_000)}`, env });
    const { body } = JSON.parse(stubs.read("body")) as { body: string };
    assert.ok(!body.includes("@admin"));
    assert.ok(body.length < 65_536, `${body.length} characters`);
    assert.match(body, /The rest is in the artifacts\.$/);
  });

  const preview = (code: number, said = "") =>
    stubs.command(
      "npm",
      `case "$1" in run) echo "${said}" >&2; [ -e "$HERE/installed" ] || exit ${code} ;; ci) touch "$HERE/installed" ;; esac`,
    );

  it("difference: fails for a stateful change without the label", async () => {
    preview(4);
    const args = ["prod", "main"];
    assert.equal((await stubs.run("difference", args)).code, 4);
    assert.equal((await stubs.run("difference", args, { env: { STATEFUL_ACCEPTED: "true" } })).code, 0);
    preview(1);
    assert.equal((await stubs.run("difference", args, { env: { STATEFUL_ACCEPTED: "true" } })).code, 1);
  });

  it("difference: installs the revision's packages, once", async () => {
    preview(2, "  (cd /cache/abc && npm ci --ignore-scripts)");
    assert.equal((await stubs.run("difference", ["prod", "main"])).code, 0);
    assert.deepEqual(
      stubs.calls.map((call) => call.split(" ").slice(0, 4).join(" ")),
      ["npm run --silent preview", "npm ci --prefix /cache/abc", "npm run --silent preview"],
    );
  });

  it("stacks: lists the stacks that have a file", async () => {
    assert.equal((await stubs.run("stacks", [])).out, `all=${JSON.stringify(stacks)}\n`);
  });

  const drifted = {
    steps: [
      { op: "same", urn: "urn:pulumi:prod::plinth::a:b:C::same" },
      {
        op: "update",
        urn: "urn:pulumi:prod::plinth::a:b:C::bucket",
        detailedDiff: { tags: { kind: "update" } },
      },
    ],
  };

  it("drift: names what differs, without a value", async () => {
    stubs.write("plan", JSON.stringify(drifted));
    stubs.command("pulumi", 'cat "$HERE/plan"');
    assert.equal((await stubs.run("drift", ["prod"])).out, "### prod\n\n- update `bucket`: `tags`\n\n");
    stubs.write("plan", JSON.stringify({ steps: [drifted.steps[0]] }));
    assert.equal((await stubs.run("drift", ["prod"])).out, "");
    stubs.command(
      "pulumi",
      'echo \'{"diagnostics":[{"severity":"error","message":"no access"}]}\'; exit 255',
    );
    const { code, err } = await stubs.run("drift", ["prod"]);
    assert.deepEqual([code, err], [255, "no access\n"]);
  });

  it("issue: opens one issue per title, updates it, closes it", async () => {
    const call = async (open: readonly object[], input: string) => {
      stubs.write("open", JSON.stringify(open));
      stubs.command("gh", `[ "$2" = list ] && cat "$HERE/open" || true`);
      assert.equal((await stubs.run("issue", ['a "title"', "over"], { input, env })).code, 0);
      return stubs.calls.at(-1) ?? "";
    };
    const ours = { number: 5, title: 'a "title"' };
    const other = { number: 4, title: 'a "title" and more' };
    assert.match(await call([other], "### prod"), /^gh issue create .*--title a "title" --body ### prod/);
    assert.match(await call([other, ours], "### prod"), /^gh issue edit 5 /);
    assert.match(await call([ours], "\n"), /^gh issue close 5 .*--comment over$/);
    assert.match(await call([other], "\n"), /^gh issue list /);
  });
});
