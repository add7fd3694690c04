import assert from "node:assert/strict";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { packInProcess } from "../support/pack-in-process";
import { recordingOf } from "../support/recordings";
import { largest } from "../support/stacks";
import { casesOf, Judge, type Outcome } from "./judge";
import { acceptedKey, compare, type Accepted } from "./report";

/** Fraction of the mutations that this test judges; `npm run test:mutations` judges all. */
const share = 16;

describe("mutations of the largest stack, a sample (all: npm run test:mutations)", () => {
  const accepted = JSON.parse(readFileSync(join(__dirname, "accepted.json"), "utf8")) as Accepted[];
  const outcomes: Outcome[] = [];
  let alarms: readonly string[] = [];

  before(async () => {
    const resources = [...(await recordingOf(largest)).resources.values()];
    const judge = await Judge.of(await packInProcess(), largest, resources);
    alarms = judge.alarms;
    // Checks of the whole stack take a tenth of a second each, so only the command runs them.
    const cases = casesOf(resources, 1).filter(
      ({ mutation }, index) => mutation.kind !== "drop" && index % share === 0,
    );
    for (const one of cases) outcomes.push(await judge.judge(one));
  });

  it("raise no false alarms on the unchanged stack", () => assert.deepEqual(alarms, []));

  it("are caught by a mandatory rule, unless they are accepted", () => {
    assert.ok(outcomes.length > 60, `only ${outcomes.length} were judged`);
    assert.deepEqual(compare(outcomes, accepted).unreviewed.map(acceptedKey), []);
  });

  it("are accepted with a reason, each once", () => {
    const keys = accepted.map(acceptedKey);
    assert.deepEqual(keys, [...new Set(keys)]);
    for (const { reason } of accepted) assert.match(reason, /^[A-Z].{10,}\.$/);
  });
});
