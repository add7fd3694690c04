import assert from "node:assert/strict";
import { readdirSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { parse } from "yaml";
import { root } from "./stubs";
import { deploySeconds } from "../../foundation/pipelines";

interface Step {
  readonly name?: string;
  readonly uses?: string;
  readonly run?: string;
  readonly with?: Readonly<Record<string, unknown>>;
}
interface Job {
  readonly if?: string;
  readonly uses?: string;
  readonly environment?: string;
  readonly permissions?: Readonly<Record<string, string>>;
  readonly steps?: readonly Step[];
  readonly "timeout-minutes"?: number;
}
interface Workflow {
  readonly on: Readonly<Record<string, unknown>>;
  readonly permissions: Readonly<Record<string, string>>;
  readonly jobs: Readonly<Record<string, Job>>;
}

const folder = join(root, ".github", "workflows");
const read = <T>(...path: string[]) => parse(readFileSync(join(...path), "utf8")) as T;
const workflows = new Map(readdirSync(folder).map((file) => [file, read<Workflow>(folder, file)]));

/** A job's steps, with those of our actions inlined. */
const stepsOf = ({ steps = [] }: Job): Step[] =>
  steps.flatMap((step) =>
    step.uses?.startsWith("./.github/actions/") === true
      ? [step, ...read<{ runs: { steps: Step[] } }>(root, step.uses, "action.yml").runs.steps]
      : [step],
  );

const jobs = [...workflows].flatMap(([file, workflow]) =>
  Object.entries(workflow.jobs).map(([key, job]) => ({ where: `${file} ${key}`, workflow, job })),
);
/** Jobs that assume a role. A job that calls another workflow only passes on its permissions. */
const credentialed = jobs.filter(
  ({ job }) => job.permissions?.["id-token"] === "write" && job.uses === undefined,
);
const job = (where: string): Job => jobs.find((each) => each.where === where)?.job ?? assert.fail(where);

describe("workflows", () => {
  it("may only read the repository, unless a job has more permissions", () => {
    for (const [file, { permissions }] of workflows)
      assert.deepEqual(permissions, { contents: "read" }, file);
    assert.deepEqual(credentialed.map(({ where }) => where).sort(), [
      "credentials.yml ages",
      "deploy-stack.yml up",
      "drift.yml look",
      "image.yml push",
      "policies.yml deployed",
      "preview.yml cloud",
      "watch.yml look",
    ]);
    const writes = jobs.flatMap(({ where, job: { permissions = {} } }) =>
      Object.entries(permissions).flatMap(([what, right]) => (right === "write" ? [`${where} ${what}`] : [])),
    );
    assert.deepEqual(writes.filter((each) => !each.endsWith(" id-token")).sort(), [
      "comment.yml comment pull-requests",
      "credentials.yml raise contents",
      "credentials.yml raise pull-requests",
      "drift.yml issue issues",
      "preview.yml cloud pull-requests",
      "watch.yml issue issues",
    ]);
  });

  it("pin every action by commit", () => {
    for (const { where, job: each } of jobs)
      for (const { uses = "./" } of [...stepsOf(each), each])
        assert.match(uses, /^\.\/|^[\w./-]+@[0-9a-f]{40}$/, where);
  });

  it("run no install scripts in jobs that can get AWS credentials, and leave no token in the checkout", () => {
    for (const { where, job: each } of credentialed) {
      const steps = stepsOf(each);
      const installs = steps.flatMap(({ run = "" }) => run.match(/npm (ci|i|install)\b.*/g) ?? []);
      // The image is pushed as another job has built it.
      assert.equal(installs.length > 0, where !== "image.yml push", where);
      for (const install of installs) assert.match(install, /^npm ci --ignore-scripts\b/, where);
      for (const step of steps)
        if (step.uses?.startsWith("actions/checkout@") === true)
          assert.equal(step.with?.["persist-credentials"], false, where);
    }
  });

  it("run unreviewed code only with the role of an environment that has reviewers", () => {
    for (const [file, { on }] of workflows) assert.ok(!("pull_request_target" in on), file);
    for (const { where, workflow, job: each } of credentialed) {
      if ("pull_request" in workflow.on && !/github\.ref == 'refs\/heads\/main'/.test(each.if ?? "")) {
        assert.equal(each.environment, "${{ matrix.stack }}-preview", where);
        assert.match(each.if ?? "", /head\.repo\.full_name == github\.repository/, where);
      } else if (each.environment === undefined)
        assert.match(each.if ?? "", /github\.ref == 'refs\/heads\/main'/, where);
    }
  });

  it("write to GitHub only with the default branch's code, and never run a fork's", () => {
    const { steps = [], if: condition } = job("comment.yml comment");
    assert.match(condition ?? "", /workflow_run\.event == 'pull_request'/);
    const checkouts = steps.filter(({ uses }) => uses?.startsWith("actions/checkout@"));
    assert.deepEqual(
      checkouts.map((step) => step.with?.ref),
      [undefined],
    );
    for (const { run = "" } of steps) assert.doesNotMatch(run, /\bnpm\b|\bnode\b/);
  });

  it("interpolate nothing into scripts, where it could run as code", () => {
    for (const { where, job: each } of jobs)
      for (const { run = "" } of stepsOf(each)) assert.doesNotMatch(run, /\$\{\{/, where);
  });

  it("deploy: up, rollouts, smoke test, load test, in a session that outlives the job", () => {
    const up = job("deploy-stack.yml up");
    assert.equal(up.environment, "${{ inputs.stack }}");
    const scripts = stepsOf(up).flatMap(({ run = "" }) => run.match(/\.ci\/[\w-]+/g) ?? []);
    assert.deepEqual(scripts, [
      ...[".ci/alerts", ".ci/deployed", ".ci/kubeconfig", ".ci/verify-images", ".ci/notify"],
      ...[".ci/up", ".ci/kubeconfig", ".ci/rollouts", ".ci/smoke", ".ci/prune-config", ".ci/load-test"],
      ...[".ci/watch", ".ci/rollback", ".ci/difference", ".ci/notify"],
    ]);
    const prepare = up.steps?.find(({ uses }) => uses === "./.github/actions/prepare");
    const seconds = Number(prepare?.with?.duration);
    assert.ok(seconds > (up["timeout-minutes"] ?? Infinity) * 60, `${seconds} s`);
    const configure = stepsOf(up).find(({ uses }) =>
      uses?.startsWith("aws-actions/configure-aws-credentials@"),
    );
    assert.equal(configure?.with?.["role-duration-seconds"], "${{ inputs.duration }}");
    assert.equal(seconds, deploySeconds, "the role allows exactly as much");
  });
});
