import * as assert from "node:assert/strict";
import { spawnSync } from "node:child_process";
import { cpSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import { dirname, join, relative } from "node:path";

import type { Plan } from "../../preview/report/json";

const app = join(__dirname, "fixtures", "app");
const entry = join(__dirname, "..", "..", "preview", "run.mjs");

interface Outcome {
  readonly status: number | null;
  readonly stdout: string;
  readonly stderr: string;
}

function start(cwd: string, environment: NodeJS.ProcessEnv, args: readonly string[]): Outcome {
  const env = { ...process.env, NODE_OPTIONS: "", NO_COLOR: "1", ...environment };
  const { status, stdout, stderr } = spawnSync(process.execPath, [entry, ...args], {
    cwd,
    env,
    encoding: "utf8",
  });
  return { status, stdout, stderr };
}

/** Runs the command as `npm run preview` does, on the fixture's project. */
const run = (...args: string[]): Outcome => start(app, {}, args);
const runIn = (folder: string, ...args: string[]): Outcome => start(folder, {}, args);
const runWith = (environment: NodeJS.ProcessEnv, ...args: string[]): Outcome => start(app, environment, args);

describe("npm run preview", function () {
  it("--json prints the plan and nothing else, and exits 0 with advice only", () => {
    const { status, stdout, stderr } = run("ok", "--json");
    const plan = JSON.parse(stdout) as Plan;
    assert.equal(status, 0, stderr);
    assert.equal(plan.stack, "ok");
    assert.deepEqual(plan.outputs, { bucket: "[unknown]", namespace: "apps", password: "[secret]" });
    const policy = plan.resources.find(({ name }) => name === "store-policy");
    assert.deepEqual(policy, {
      urn: "urn:pulumi:ok::fixture::fixture:data:Store$aws:s3/bucketPolicy:BucketPolicy::store-policy",
      type: "aws:s3/bucketPolicy:BucketPolicy",
      name: "store-policy",
      parent: "urn:pulumi:ok::fixture::fixture:data:Store::store",
      provider: "urn:pulumi:ok::fixture::pulumi:providers:aws::aws::[unknown]",
      custom: true,
      protect: false,
      dependencies: ["urn:pulumi:ok::fixture::fixture:data:Store$aws:s3/bucket:Bucket::store-bucket"],
      inputs: { bucket: "[unknown]", policy: "{}" },
      options: {
        propertyDependencies: {
          bucket: ["urn:pulumi:ok::fixture::fixture:data:Store$aws:s3/bucket:Bucket::store-bucket"],
        },
        version: policy?.options.version,
      },
    });
    assert.equal(plan.resources.find(({ name }) => name === "store")?.provider, null);
    const urns = plan.resources.map(({ urn }) => urn);
    assert.deepEqual(urns, [...urns].sort());
    assert.ok(!stdout.includes("hunter2"), "a secret is in clear");
    assert.deepEqual(
      plan.violations.map(({ policy, level, urn }) => [policy, level, urn.split("::").at(-1)]),
      [
        ["reads-an-unknown", "advisory", "store-policy"],
        ["obeys-its-schema", "advisory", "apps"],
      ],
    );
    const levels = Object.fromEntries(plan.policies.map(({ name, level }) => [name, level]));
    assert.deepEqual(levels, {
      "bucket-is-versioned": "mandatory",
      "counts-the-stack": "mandatory",
      "is-off": "disabled",
      "obeys-its-schema": "advisory",
      "reads-an-unknown": "mandatory",
    });
  });

  it("exits 1 for a mandatory violation, with the policy, the resource and what to do", () => {
    const { status, stdout } = run("violation");
    assert.equal(status, 1);
    assert.match(
      stdout,
      /^ {2}mandatory bucket-is-versioned\n {4}A bucket keeps versions\.\n {4}It has none\.\n {4}Resource: store-bucket\n/m,
    );
    assert.match(stdout, /4 policies, 1 passed, 2 with advice only, 1 violated/);
    assert.match(stdout, /└─ store {2}Bucket, BucketPolicy/);
    assert.ok(stdout.indexOf("mandatory ") < stdout.indexOf("advisory "), "advice comes first");
    assert.ok(!stdout.includes("urn:pulumi:"), "a URN is no name for people");
    assert.match(stdout, /pulumi up --stack violation --policy-pack policies/);
  });

  it("exits 2 for faulty configuration, with only the program's message", () => {
    const { status, stdout, stderr } = run("config");
    assert.deepEqual([status, stdout], [2, ""]);
    assert.equal(
      stderr.replace("a program may print what it likes\n", ""),
      "Pulumi.config.yaml has 1 fault: fault: found config\n",
    );
  });

  it("exits 2 for an invalid stack file, an unknown stack and an unknown option", () => {
    for (const [args, message] of [
      [
        ["broken"],
        /^Pulumi\.broken\.yaml has 1 fault; nothing was deployed\.\n {2}Pulumi\.broken\.yaml: the file: found a value that isn't a map/,
      ],
      [["nowhere"], /^Pulumi\.nowhere\.yaml doesn't exist\. The stacks are broken, bug, config, ok, /],
      [["Pulumi.ok.yaml"], /^There is no stack "Pulumi\.ok\.yaml"\. The stacks are .* Did you mean ok\?\n/],
      [["../ok"], /^There is no stack "\.\.\/ok"\. The stacks are /],
      [["elsewhere/"], /^There is no stack "elsewhere\/"\. The stacks are /],
      [["ok", "--jsn"], /^unknown option '--jsn'.*\nUsage: .*\n<stack> is one of broken, bug,/s],
      [[], /^missing required argument 'stack'\nUsage: /],
    ] as const) {
      const { status, stdout, stderr } = run(...args);
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, message);
      assert.ok(!/^ +at /m.test(stderr), "a stack trace");
    }
  });

  it("exits 3 for a fault in the program, with a stack trace only with --debug", () => {
    const short = run("bug");
    assert.equal(short.status, 3);
    assert.match(short.stderr, /The program failed: not a function\nAdd --debug to see where\.\n$/);
    const long = run("bug", "--debug");
    assert.equal(long.status, 3);
    assert.match(long.stderr, /TypeError: not a function\n +at .*index\.ts:\d+/);
  });

  it("refuses an --out that can't be written before it does anything", () => {
    for (const [folder, why] of [
      ["/proc/plinth/plan", /ENOENT/],
      ["/dev/null/plan", /ENOTDIR/],
      [join(app, "index.ts"), /ENOTDIR|EEXIST/],
    ] as const) {
      const { status, stdout, stderr } = run("bug", "--out", folder);
      assert.deepEqual([status, stdout], [2, ""], stderr);
      assert.match(stderr, /^--out .* can't be written: .* Set another folder\.\n$/s);
      assert.match(stderr, why);
    }
  });

  it("refuses an --out with other files in it", () => {
    const folder = mkdtempSync(join(tmpdir(), "plinth-out-"));
    mkdirSync(join(folder, "manifests"));
    writeFileSync(join(folder, "manifests", "mine.yaml"), "mine");
    const { status, stderr } = run("ok", "--out", folder);
    assert.equal(status, 2);
    assert.match(stderr, /contains files that no preview wrote; nothing was written/);
    assert.deepEqual(readdirSync(folder), ["manifests"]);
    rmSync(folder, { recursive: true });
  });

  it("finds the project from a folder within it, and --out from where it was called", () => {
    const folder = mkdtempSync(join(tmpdir(), "plinth-from-"));
    const { status, stderr } = runIn(
      join(app, "policies"),
      "ok",
      "--out",
      join(relative(join(app, "policies"), folder), "plan"),
    );
    assert.equal(status, 0, stderr);
    assert.ok(readdirSync(join(folder, "plan")).includes("preview.json"));
    rmSync(folder, { recursive: true });
  });

  it("exits 3 and says what to run if packages are missing", () => {
    const folder = mkdtempSync(join(tmpdir(), "plinth-bare-"));
    for (const part of ["preview", "tools", "package.json"])
      cpSync(join(dirname(dirname(entry)), part), join(folder, part), { recursive: true });
    const { status, stdout, stderr } = spawnSync(
      process.execPath,
      [join(folder, "preview", "run.mjs"), "ok"],
      {
        cwd: folder,
        encoding: "utf8",
      },
    );
    assert.deepEqual([status, stdout], [3, ""]);
    assert.match(stderr, /^The package esbuild is missing: run `npm ci` in .*, then try again\.\n$/);
    rmSync(folder, { recursive: true });
  });

  it("uses colour with FORCE_COLOR", () => {
    assert.ok(!run("ok").stdout.includes("\u001b["));
    assert.ok(runWith({ FORCE_COLOR: "1" }, "ok").stdout.includes("\u001b["));
  });

  it("--version prints the version", () => {
    const { status, stdout } = run("--version");
    assert.equal(status, 0);
    assert.match(stdout, /^\d+\.\d+\.\d+\n$/);
  });

  it("exits 3 for a URN that is registered twice", () => {
    const { status, stderr } = run("twice");
    assert.equal(status, 3);
    assert.match(stderr, /::store-bucket is registered twice/);
  });

  it("--help explains options and exit codes", () => {
    const { status, stdout } = run("--help");
    assert.equal(status, 0);
    assert.equal(run("-h").stdout, stdout);
    for (const word of ["<stack>", "--json", "--out", "--debug", "Exit codes:", "It isn't the engine"]) {
      assert.ok(stdout.includes(word), word);
    }
  });
});
