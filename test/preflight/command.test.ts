import assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { delimiter } from "node:path";
import { AwsError, world } from "../../preflight/world";
import { needsTools, root, Stubs } from "../ci/stubs";
import { stacks } from "../support/stacks";

describe("npm run preflight", function () {
  this.timeout(120_000);
  const path = process.env.PATH;
  let stubs: Stubs;
  before(function () {
    needsTools(this);
  });
  beforeEach(() => {
    stubs = new Stubs();
    process.env.PATH = [stubs.folder, path].join(delimiter);
  });
  afterEach(() => {
    process.env.PATH = path;
    stubs.remove();
  });

  const run = (...args: string[]) =>
    spawnSync(process.execPath, ["preflight/run.mjs", ...args], { cwd: root, encoding: "utf8" });

  it("says what stands in the way, and fails: here the account is another one", () => {
    stubs.command("aws", `echo '{"Account":"999999999999","Arn":"arn:aws:iam::999999999999:role/x"}'`);
    const { status, stdout } = run("dev");
    assert.equal(
      stdout,
      "stops   credentials: they are of account 999999999999.\n        sign in to 111111111111, which plinth:account names\n1 in the way of a first `up` of dev.\n",
    );
    assert.equal(status, 1);
    assert.deepEqual(stubs.calls, ["aws sts get-caller-identity --region ap-northeast-2 --output json"]);
  });

  it("says that the CLI doesn't answer, whatever the account", () => {
    stubs.command("aws", "echo 'Unable to locate credentials. You can configure them by ...' >&2; exit 253");
    const { status, stderr } = run("dev");
    assert.match(stderr, /^The AWS CLI doesn't answer: Unable to locate credentials/);
    assert.equal(status, 3);
  });

  it("names the stacks where none was named, or one that isn't there", () => {
    assert.match(
      run().stderr,
      new RegExp(`^Usage: npm run preflight -- <stack>[^]*Stacks: ${stacks.join(", ")}`),
    );
    const { status, stderr } = run("nope");
    assert.match(
      stderr,
      new RegExp(`Pulumi\\.nope\\.yaml doesn't exist: the stacks are ${stacks.join(", ")}`),
    );
    assert.equal(status, 2);
  });

  it("tells AWS' own error codes apart", async () => {
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
