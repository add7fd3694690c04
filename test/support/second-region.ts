import type { Document } from "yaml";
import { compare, type Row } from "../../preview/difference/compare";
import { document } from "../../preview/report/json";
import type { Recording } from "../../preview/run-program";
import { drop, set } from "./edits";

/** An edit of a stack file. */
export type Edit = (file: Document) => void;

/** The second region serves. */
export const active: Edit = set("standby.active", "secondary");

/** The second region has only data. */
export const withoutPods: Edit = (file) => {
  drop("standby.systems.asset-management.workloads")(file);
  set("systems.asset-management.objectives.recovery.notCovered", ["wrong-files", "lost-region"])(file);
};

const verdicts = { policies: [], violations: [], pack: { name: "none", version: "0" } };

/** Changes from a deployment of one stack file to another. */
export async function change(before: Promise<Recording>, after: Promise<Recording>): Promise<Row[]> {
  const [old, now] = await Promise.all([before, after]);
  const plan = (recording: Recording) => document("prod", recording, verdicts);
  return compare(plan(old), plan(now)).rows;
}
