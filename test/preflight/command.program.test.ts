import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { tmpdir } from "node:os";
import { delimiter, join } from "node:path";
import { main } from "../../preflight/main";
import { AwsError, world } from "../../preflight/world";
import { root, stubsFor } from "../ci/stubs";
import { printedBy } from "../support/in-process";
import { stacks } from "../support/stacks";

describe("npm run preflight", function () {
  const path = process.env.PATH;
  const stubs = stubsFor();
  beforeEach(() => {
    process.env.PATH = [stubs.folder, path].join(delimiter);
  });
  afterEach(() => {
    process.env.PATH = path;
  });

  const run = (...args: string[]) => printedBy(() => main(args, root));

  it("prints its findings and fails, here in the wrong account", () => {
    stubs.command("aws", `echo '{"Account":"999999999999","Arn":"arn:aws:iam::999999999999:role/x"}'`);
    // Runs as a user does; the other tests run in this process.
    const { status, stdout } = spawnSync(process.execPath, ["preflight/run.mjs", "dev"], {
      cwd: root,
      encoding: "utf8",
    });
    assert.equal(
      stdout,
      "stops   credentials: they belong to account 999999999999.\n        sign in to 111111111111, the account of plinth:account\nThe first `up` of dev would fail: 1 to fix.\n",
    );
    assert.equal(status, 1);
    assert.deepEqual(stubs.calls, ["aws sts get-caller-identity --region ap-northeast-2 --output json"]);
  });

  it("reports that the CLI failed", async () => {
    stubs.command("aws", "echo 'Unable to locate credentials. You can configure them by ...' >&2; exit 253");
    const { status, stderr } = await run("dev");
    assert.match(stderr, /^The AWS CLI failed: Unable to locate credentials/);
    assert.equal(status, 3);
  });

  it("says what is wrong with the command line, and lists the stacks", async () => {
    const allowed = `\nUsage: npm run preflight -- <stack>\n<stack> is one of ${stacks.join(", ")}.\n`;
    for (const [args, said] of [
      [[], "missing required argument 'stack'"],
      [["dev", "staging"], "too many arguments. Expected 1 argument but got 2."],
      [["--json", "dev"], "unknown option '--json'"],
    ] as const) {
      const { status, stdout, stderr } = await run(...args);
      assert.equal(stderr, said + allowed);
      assert.deepEqual([status, stdout], [2, ""]);
    }
    const { status, stderr } = await run("nope");
    assert.match(
      stderr,
      new RegExp(`Pulumi\\.nope\\.yaml doesn't exist\\. The stacks are ${stacks.join(", ")}\\.`),
    );
    assert.equal(status, 2);
  });

  it("prints its help, from any folder", () => {
    const { status, stdout } = spawnSync(process.execPath, [join(root, "preflight/run.mjs"), "-h"], {
      cwd: tmpdir(),
      encoding: "utf8",
    });
    assert.match(stdout, /^Usage: npm run preflight -- \[options\] <stack>/);
    assert.equal(status, 0);
  });

  it("reads AWS' error codes", async () => {
    const said =
      "An error occurred (NoSuchEntity) when calling the GetRole operation: The role with name x cannot be found.";
    stubs.command("aws", `echo "${said}" >&2; exit 254`);
    const { aws } = world("eu-west-1");
    await assert.rejects(aws("iam", "get-role", "--role-name", "x"), (error) => {
      assert.ok(error instanceof AwsError);
      assert.deepEqual(
        [error.code, error.message],
        ["NoSuchEntity", "The role with name x cannot be found."],
      );
      return true;
    });
    assert.deepEqual(stubs.calls, ["aws iam get-role --role-name x --region eu-west-1 --output json"]);
  });
});
